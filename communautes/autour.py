"""What the apps above bring to the pages of communities: panels of a draft, panels of a community, and what its opening begins."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Panneau:
    """`lire(chose, personne)` gives what `gabarit` needs, or None when there is nothing to show her."""

    gabarit: str
    lire: Callable[..., dict | None]


_de_l_ebauche: list[Panneau] = []
_de_la_communaute: list[Panneau] = []
_a_l_ouverture: list[Callable[..., None]] = []


def suivre_l_ebauche_avec(panneau: Panneau) -> None:
    """What becomes of a draft; called by an app's `ready()`."""
    _inscrire(_de_l_ebauche, panneau)


def entourer_avec(panneau: Panneau) -> None:
    """What every page of a community says above the rest; called by an app's `ready()`."""
    _inscrire(_de_la_communaute, panneau)


def ouvrir_avec(suite: Callable[..., None]) -> None:
    """`suite(communaute, par=…)` runs when a community opens, in the same transaction; called by an app's `ready()`."""
    _inscrire(_a_l_ouverture, suite)


def _inscrire(liste: list, chose) -> None:
    if chose not in liste:
        liste.append(chose)


def panneaux_de_l_ebauche(ebauche, personne) -> list[dict]:
    """{gabarit, and what it needs} of each that has something to show."""
    return _lire(_de_l_ebauche, ebauche, personne)


def panneaux_de(communaute, personne) -> list[dict]:
    return _lire(_de_la_communaute, communaute, personne)


def _lire(panneaux: list[Panneau], chose, personne) -> list[dict]:
    lus = [(panneau, panneau.lire(chose, personne)) for panneau in panneaux]
    return [{"gabarit": panneau.gabarit, **lu} for panneau, lu in lus if lu is not None]


def poursuivre_l_ouverture(communaute, *, par) -> None:
    for suite in _a_l_ouverture:
        suite(communaute, par=par)
