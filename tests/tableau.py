"""The written table of a machine, tried whole: state × transition × role, refused cells included."""

from collections.abc import Collection, Iterable
from copy import deepcopy

import pytest

from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir, transitions_de
from timeline.models import Entree


def issue(objet, nom, par, **arguments) -> str:
    """What happens: the state reached, "409", "403" or "400". A refusal leaves state and journal as they were."""
    etat, entrees = objet.etat, Entree.objects.count()
    try:
        franchir(getattr(objet, nom), par=par, **arguments)
    except (EtapeImpossible, EtapeInterdite, EtapeInvalide) as leve:
        refus = leve
    else:
        refus = None
    if refus is not None:
        assert str(refus), "a refusal says why"
        relu = type(objet)._base_manager.get(pk=objet.pk)
        assert (relu.etat, objet.etat, Entree.objects.count()) == (etat, etat, entrees)
        return str(refus.statut)
    relu = type(objet)._base_manager.get(pk=objet.pk)
    assert relu.etat == objet.etat
    return objet.etat


#: A refused step writes nothing: the machine and its predicates say no before the database is asked for anything.
REFUS = pytest.mark.une_fois("un pas refusé l'est en Python, avant toute écriture")


def cellules(etats: Iterable[str], transitions: Iterable[str], faites: Collection[tuple[str, str]]) -> list:
    """state × transition, whole on SQLite; on PostgreSQL those that somebody may take, which are written there too.

    `faites`: the cells that change something for at least one role.
    """
    return [
        pytest.param(etat, nom, marks=[] if (etat, nom) in faites else [REFUS]) for nom in transitions for etat in etats
    ]


def noms(modele) -> set[str]:
    return set(transitions_de(modele))


class Copies(dict):
    """What the cells of a table begin with, written once for all of them; each takes its own copy. The platform is one."""

    def __getitem__(self, cle):
        return deepcopy(super().__getitem__(cle), {id(SYSTEME): SYSTEME})


ROLES = ("visiteur", "citoyenne", "agent", "moderatrice", "elue", "administratrice")

__all__ = ["REFUS", "ROLES", "Copies", "SYSTEME", "cellules", "issue", "noms"]
