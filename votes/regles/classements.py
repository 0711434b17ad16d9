"""What rankings become before they are counted: alike ones together, and the published treatment of odd ones.

The vocabulary (overvote, skipped rank, exhausted ballot) is that of the rules of instant run-off as they are written in
the United States; see the options of RCTab, the Universal RCV Tabulator, which names the same ones.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election

Notes = tuple[tuple[int, int], ...]  # a ballot's own: (place, rank)
Classes = tuple[tuple[int, ...], ...]  # places of options, the best first; those of one inner tuple share a rank

NON_CLASSES = ("dernier", "ignores")
RANG_SAUTE = ("resserrer", "arret", "arret-apres-deux")
AIDE_RANG_SAUTE = (
    "Un bulletin qui saute un rang (1er, puis 3e). resserrer : les suivants avancent d'un rang ; arret : il ne compte que "
    "jusque-là, la suite est comme non classée ; arret-apres-deux : il s'arrête seulement si deux rangs de suite sont sautés."
)
SURNOMBRES = ("nul", "arret")


def regrouper(election: Election, *, surnombre: str, rang_saute: str) -> tuple[Counter[Classes], int]:
    """Ballots by what they say, under `()` those that say nothing (any more), and how many were set aside as spoilt.

    `surnombre`, for a ballot that gives one rank to several options: "nul" sets it aside, "arret" drops that rank and
    what follows; any other value leaves the shared rank to the rule. `rang_saute`: one of RANG_SAUTE.
    """
    groupes: Counter[Classes] = Counter()
    nuls = 0
    seules = [(place,) for place in range(len(election.options))]
    for notes, poids in _semblables(election.bulletins).items():
        classes = _ordre_net(notes, seules)
        if classes is None:
            classes = _classes(notes, rang_saute)
            partage = next((rang for rang, classe in enumerate(classes) if len(classe) > 1), None)
            if partage is not None and surnombre == "nul":
                nuls += poids
                continue
            if partage is not None and surnombre == "arret":
                classes = classes[:partage]
        groupes[classes] += poids
    return groupes, nuls


def _semblables(bulletins: Iterable[Bulletin]) -> dict[Notes, int]:
    semblables: dict[Notes, int] = {}
    for bulletin in bulletins:
        semblables[bulletin.notes] = semblables.get(bulletin.notes, 0) + bulletin.poids
    return semblables


def _ordre_net(notes: Notes, seules: list[tuple[int]]) -> Classes | None:
    """Places by rank when the ballot gives ranks 1, 2, 3… to one option each, which nearly all do; None otherwise."""
    if not notes:
        return ()
    places, rangs = zip(*notes, strict=True)
    par_rang = dict(zip(rangs, places, strict=True))
    if len(par_rang) < len(rangs) or min(rangs) != 1 or max(rangs) != len(rangs):
        return None
    return tuple([seules[par_rang[rang]] for rang in range(1, len(rangs) + 1)])


def _classes(notes: Notes, rang_saute: str) -> Classes:
    """Places by rank, the best first, up to the gap at which the rule stops. Raises RegleInvalide for a rank below 1."""
    permis = {"resserrer": None, "arret": 0, "arret-apres-deux": 1}[rang_saute]
    classes: list[tuple[int, ...]] = []
    precedent = 0
    for rang, groupe in groupby(sorted(notes, key=itemgetter(1)), key=itemgetter(1)):
        if rang < 1:
            raise RegleInvalide(f"Un bulletin donne le rang {rang} à une option : le premier rang est 1.")
        if permis is not None and rang - precedent - 1 > permis:
            break
        classes.append(tuple(sorted(place for place, _ in groupe)))
        precedent = rang
    return tuple(classes)
