"""Addresses of pages: those made of titles, free even when two people write the same one at once; those that leave the site;
those that show nothing.
"""

import inspect
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import Resolver404, resolve
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


def absolue(chemin: str) -> str:
    """With the name of the site: always that of the setting, never the one that a request claims."""
    return f"{settings.ADRESSE.rstrip('/')}{chemin}"


def montre_une_page(chemin: str) -> bool:
    """Does this address answer GET? What `require_POST` and the like accept is written in their closure alone."""
    try:
        vue: Any = resolve(chemin).func
    except Resolver404:
        return False
    while inspect.isfunction(vue):
        if permises := inspect.getclosurevars(vue).nonlocals.get("request_method_list"):
            return "GET" in permises
        vue = getattr(vue, "__wrapped__", None)
    return True


def page_au_dessus(chemin: str) -> str:
    """The page that has the button of this address: « /idees/2/ » of « /idees/2/soutien/ ». Empty when there is none."""
    while (chemin := chemin.rstrip("/").rpartition("/")[0] + "/") != "/":
        if montre_une_page(chemin):
            return chemin
    return ""
