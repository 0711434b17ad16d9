"""Addresses made of titles: free, and still free when two people write the same title at the same moment."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

ESSAIS = 5  # as many people with one title at the very same moment
SUFFIXE = 6  # characters left for « -12345 »
Fait = TypeVar("Fait")


def slug_libre(modele: type[models.Model], titre: str) -> str:
    """An address that nothing of this kind has now; somebody may take it before it is saved."""
    longueur = modele._meta.get_field("slug").max_length or 50  # type: ignore[union-attr]
    base = slugify(titre)[: longueur - SUFFIXE].strip("-") or str(modele._meta.model_name)
    pris = set(modele._base_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for rang in count(1) if (slug := base if rang == 1 else f"{base}-{rang}") not in pris)


def avec_adresse_libre(modele: type[models.Model], titre: str, enregistrer: Callable[[str], Fait]) -> Fait:
    """What `enregistrer(slug)` returns, in a transaction of its own; asked again with another address if that one has
    just been taken. Any other IntegrityError goes through."""
    for essai in count(1):
        slug = slug_libre(modele, titre)
        try:
            with transaction.atomic():
                return enregistrer(slug)
        except IntegrityError:
            if essai == ESSAIS or not modele._base_manager.filter(slug=slug).exists():
                raise
    raise AssertionError
