"""Who is left without any funded project: ballots none of whose choices was kept, by territory.

The measure « exclusion ratio » of the literature: P. Faliszewski et al., « Participatory Budgeting: Data, Tools and Analysis »,
IJCAI 2023.
"""

from collections.abc import Iterable
from typing import Any

from votes.regles.election import Election


def sans_projet(election: Election, retenues: Iterable[str]) -> dict[str, Any]:
    """{"votantes", "blancs", "sans_projet", "part"} of all, and the same by territory of the ballots under "par_territoire".

    `votantes` leaves out blank ballots, which chose nothing and cannot lose; `part` is a share, 0 to 1, None without any
    ballot. Two ballots of one person are two ballots.
    """
    gagnantes = set(retenues)
    places = {place for place, option in enumerate(election.options) if option.cle in gagnantes}
    comptes: dict[str, dict[str, int]] = {}
    for bulletin in election.bulletins:
        compte = comptes.setdefault(bulletin.territoire, {"votantes": 0, "blancs": 0, "sans_projet": 0})
        if not bulletin.notes:
            compte["blancs"] += bulletin.poids
            continue
        compte["votantes"] += bulletin.poids
        if not any(place in places for place, _ in bulletin.notes):
            compte["sans_projet"] += bulletin.poids
    ensemble = {nom: sum(compte[nom] for compte in comptes.values()) for nom in ("votantes", "blancs", "sans_projet")}
    return {
        **_avec_part(ensemble),
        "par_territoire": {nom: _avec_part(comptes[nom]) for nom in sorted(comptes)},
    }


def _avec_part(compte: dict[str, int]) -> dict[str, Any]:
    return {**compte, "part": compte["sans_projet"] / compte["votantes"] if compte["votantes"] else None}
