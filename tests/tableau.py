"""The written table of a machine, tried whole: state × transition × role, refused cells included."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import transaction

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


def ce_qui_arrive(objet, nom, par, **arguments) -> str:
    """The issue, or what went wrong: where many cells are tried in one test, each failing one is named."""
    try:
        return issue(objet, nom, par, **arguments)
    except Exception as faute:
        return f"{type(faute).__name__} : {faute}"


@contextmanager
def a_l_essai():
    """What is written inside is taken back: the next case starts from the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fautes_parmi(cas: Iterable, essai: Callable) -> dict[str, str]:
    """The cases that fail, with what they say: each starts from the same world and the same empty cache, as a test would."""
    fautes = {}
    for un in cas:
        cache.clear()
        with a_l_essai():
            try:
                essai(un)
            except (Exception, pytest.fail.Exception) as faute:
                fautes[str(un)] = f"{type(faute).__name__} : {faute}"
    return fautes


def cases_fautives(objet, nom, attendus: Mapping[str, str], gens: Mapping, **arguments) -> list[tuple]:
    """The cells of one step from one state that do not end as written: (state, step, role, what happened, what should).

    Each role tries on the row as it is in the base, and what she does is taken back.
    """
    fautives = []
    for role, attendu in attendus.items():
        with a_l_essai():
            lu = type(objet)._base_manager.get(pk=objet.pk)
            etat, obtenu = lu.etat, ce_qui_arrive(lu, nom, gens[role], **arguments)
        if obtenu != attendu:
            fautives.append((etat, nom, role, obtenu, attendu))
    return fautives


def attendus(roles: Iterable[str], vise: str | None, permis: Collection[str]) -> dict[str, str]:
    """What each role gets: the state aimed at for those who may, 403 for the others, 409 where the step does not exist."""
    return {role: "409" if vise is None else vise if role in permis else "403" for role in roles}


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

__all__ = [
    "REFUS",
    "ROLES",
    "SYSTEME",
    "Copies",
    "a_l_essai",
    "attendus",
    "cases_fautives",
    "cellules",
    "fautes_parmi",
    "issue",
    "noms",
]
