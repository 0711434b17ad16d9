"""What awaits an official answer, whatever it is. The app that owns a kind of thing registers how it is found."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import QuerySet


@dataclass(frozen=True)
class Attente:
    #: a_repondre(personne) -> what she may answer, in any order; without what she has proposed herself.
    a_repondre: Callable[..., QuerySet]
    #: chargees() -> all of that kind, with what its rights, its projet and its words ask.
    chargees: Callable[[], QuerySet]


_attentes: list[Attente] = []


def attendre_avec(attente: Attente) -> None:
    """Called by an app's `ready()`."""
    if attente not in _attentes:
        _attentes.append(attente)


def a_repondre(personne) -> list[QuerySet]:
    return [attente.a_repondre(personne) for attente in _attentes]


def cibles_chargees(nom="cible") -> GenericPrefetch:
    """For `prefetch_related`: the targets of many rows, in a constant number of queries."""
    return GenericPrefetch(nom, [attente.chargees() for attente in _attentes])
