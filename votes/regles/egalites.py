"""Ties: what is equal for a rule is decided by a lot drawn and published before the count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Election

SORT = "sort"
AIDE_DU_SORT = (
    "Identifiants de toutes les options, dans l'ordre tiré au sort et publié avant le dépouillement : "
    "à égalité, la première nommée passe devant. Sans tirage : l'ordre de la liste des options."
)
AIDE_DES_PLACES = (
    "Combien d'options sont retenues, les premières du classement (0 : toutes, de la première à la dernière)."
)


def rangs_du_sort(election: Election, ordre: Sequence[str]) -> list[int]:
    """For each option, its rank in the lot, 0 for the first; the order of the options where no lot was drawn.

    Raises RegleInvalide when the lot names an option that does not exist, or leaves one out.
    """
    if not ordre:
        return list(range(len(election.options)))
    rangs = {cle: rang for rang, cle in enumerate(ordre)}
    connues = {option.cle for option in election.options}
    inconnues = [cle for cle in ordre if cle not in connues]
    if inconnues:
        raise RegleInvalide(f"L'ordre tiré au sort nomme une option qui n'existe pas : « {inconnues[0]} ».")
    oubliees = [option.cle for option in election.options if option.cle not in rangs]
    if oubliees:
        raise RegleInvalide(f"L'ordre tiré au sort oublie une option : « {oubliees[0]} ».")
    return [rangs[option.cle] for option in election.options]


@dataclass(frozen=True)
class Classement:
    """Places of options, best first: `groupes` those that the rule itself finds equal, `ordre` once the lot has decided.

    `egalites`, ready for `Depouillement`.
    """

    groupes: tuple[tuple[int, ...], ...]
    ordre: tuple[int, ...]
    egalites: tuple[Mapping[str, Any], ...]

    def cles(self, election: Election) -> tuple[tuple[str, ...], ...]:
        """`groupes`, by the keys of the options."""
        return tuple(tuple(election.options[place].cle for place in groupe) for groupe in self.groupes)

    def retenues(self, election: Election, places: int) -> tuple[str, ...]:
        """Keys of the first `places` options, of all of them where it is 0. Raises RegleInvalide when there are fewer."""
        if places > len(self.ordre):
            raise RegleInvalide(f"La règle retient {places} options, et il n'y en a que {len(self.ordre)}.")
        return tuple(election.options[place].cle for place in self.ordre[: places or None])


def classer_groupes(election: Election, groupes: Sequence[Sequence[int]], ordre_du_sort: Sequence[str]) -> Classement:
    """Order what the rule has grouped, best first: inside a group, by the lot. Raises RegleInvalide as the lot does."""
    rangs = rangs_du_sort(election, ordre_du_sort)
    tries = tuple(tuple(sorted(groupe, key=rangs.__getitem__)) for groupe in groupes)
    egalites = tuple(
        {"options": [election.options[place].cle for place in groupe], "decidee_par": SORT}
        for groupe in tries
        if len(groupe) > 1
    )
    return Classement(tries, tuple(place for groupe in tries for place in groupe), egalites)


def classer_valeurs(election: Election, valeurs: Sequence[Any], ordre_du_sort: Sequence[str]) -> Classement:
    """Order options by what each is worth, the greatest first; `valeurs` in the order of the options, any that compare."""
    places = sorted(range(len(valeurs)), key=valeurs.__getitem__, reverse=True)
    groupes = [list(groupe) for _, groupe in groupby(places, key=valeurs.__getitem__)]
    return classer_groupes(election, groupes, ordre_du_sort)
