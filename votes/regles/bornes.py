"""Ballots that do not keep to the published bounds: set aside and counted as spoilt, or refused with the whole file."""

from collections.abc import Callable
from dataclasses import replace

from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election

HORS_BORNES = ("nul", "refus")
AIDE_HORS_BORNES = "Un bulletin qui ne respecte pas ces bornes est nul ; ou bien son refus arrête le dépouillement."


def ecarter(election: Election, faute: Callable[[Bulletin], str], hors_bornes: str) -> tuple[Election, int]:
    """The election without its spoilt ballots, and how many they were.

    `faute` says in French what is wrong with a ballot, nothing when it is good; it is not asked of blank ballots.
    Raises RegleInvalide at the first spoilt ballot under `hors_bornes="refus"`.
    """
    bons, nuls = [], 0
    for bulletin in election.bulletins:
        raison = faute(bulletin) if bulletin.notes else ""
        if raison and hors_bornes == "refus":
            raise RegleInvalide(raison)
        if raison:
            nuls += bulletin.poids
        else:
            bons.append(bulletin)
    return (replace(election, bulletins=tuple(bons)) if nuls else election), nuls


def comptes(election: Election, nuls: int) -> dict[str, int]:
    """Ballots of an election without its spoilt ones: {"votantes", "exprimes", "blancs", "nuls"}."""
    return {
        "votantes": election.votantes + nuls,
        "exprimes": election.votantes - election.blancs,
        "blancs": election.blancs,
        "nuls": nuls,
    }
