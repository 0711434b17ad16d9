"""One election with envelopes is one small election per envelope, each with its own money and its own ballots.

The share of `Election.enveloppes` goes to the options of that territory; what is left of the budget goes to the other
options (envelope named ""). A ballot takes part in each envelope of which it names an option, so that one person may hand in one
ballot for all the city and one for a quartier, or a single one that names both. A blank ballot takes part in the
envelope of its territory, or in the common one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.election import Bulletin, Election

COMMUNE = ""


def partager(election: Election) -> dict[str, Election]:
    """{territory: its election}, the common envelope first, unless it has neither option nor money.

    Raises RegleInvalide when the envelopes exceed the budget or one is negative.
    """
    if election.budget is None:
        raise RegleInvalide("Des enveloppes sont prévues, mais l'élection n'a pas de budget.")
    for territoire, somme in election.enveloppes.items():
        if somme < 0:
            raise RegleInvalide(f"L'enveloppe de « {territoire} » est négative.")
    reste = election.budget - sum(election.enveloppes.values())
    if reste < 0:
        raise RegleInvalide("Les enveloppes des territoires dépassent ensemble le budget.")
    sommes = {COMMUNE: reste, **election.enveloppes}
    ou = [option.territoire if option.territoire in election.enveloppes else COMMUNE for option in election.options]
    if COMMUNE not in ou and not reste:
        del sommes[COMMUNE]
    places: dict[str, list[int]] = {nom: [] for nom in sommes}
    for place, nom in enumerate(ou):
        places[nom].append(place)
    bulletins = _bulletins(election, ou, sommes)
    return {
        nom: replace(
            election,
            options=tuple(election.options[place] for place in places[nom]),
            bulletins=tuple(bulletins[nom]),
            budget=somme,
            enveloppes={},
        )
        for nom, somme in sommes.items()
    }


def _bulletins(election: Election, ou: list[str], noms) -> dict[str, list[Bulletin]]:
    rangs, vus = [], dict.fromkeys(noms, 0)
    for nom in ou:
        rangs.append(vus[nom])
        vus[nom] += 1
    parts: dict[str, list[Bulletin]] = {nom: [] for nom in noms}
    for bulletin in election.bulletins:
        notes: dict[str, list[tuple[int, int]]] = {}
        for place, valeur in bulletin.notes:
            notes.setdefault(ou[place], []).append((rangs[place], valeur))
        if not notes:
            chez_soi = bulletin.territoire if bulletin.territoire in parts else COMMUNE
            if chez_soi in parts:
                parts[chez_soi].append(bulletin)
        for nom, celles in notes.items():
            parts[nom].append(replace(bulletin, notes=tuple(celles)))
    return parts


def compter_par_enveloppe(
    nom: str,
    election: Election,
    parametres: Any,
    compter: Callable[..., Depouillement],
    *,
    avancement: Callable[[int, int], None] | None = None,
    interrompre: Callable[[], bool] | None = None,
) -> Depouillement:
    """Count each envelope with `compter`, and join the outcomes.

    Each round and each tie says its `enveloppe`; `mesures["enveloppes"]` keeps by envelope `budget`, `cout`,
    `votantes`, `retenues`, `dotation` (text of a fraction of cents, or None) and the measures of its own count.
    """
    parts = partager(election)
    faits: dict[str, Depouillement] = {}
    for rang, (territoire, part) in enumerate(parts.items()):
        faits[territoire] = compter(part, parametres, interrompre=interrompre)
        if avancement:
            avancement(rang + 1, len(parts))
    totaux = {cle: total for fait in faits.values() for cle, total in fait.totaux.items()}
    return Depouillement(
        regle=nom,
        retenues=tuple(cle for fait in faits.values() for cle in fait.retenues),
        totaux={option.cle: totaux[option.cle] for option in election.options},
        cout=sum(fait.cout or 0 for fait in faits.values()),
        tours=[{"enveloppe": ou, **tour} for ou, fait in faits.items() for tour in fait.tours],
        egalites=[{"enveloppe": ou, **egalite} for ou, fait in faits.items() for egalite in fait.egalites],
        mesures={
            "enveloppes": {
                ou: {
                    "budget": parts[ou].budget,
                    "cout": fait.cout,
                    "votantes": parts[ou].votantes,
                    "retenues": list(fait.retenues),
                    "dotation": None if fait.dotation is None else str(fait.dotation),
                    "mesures": fait.mesures,
                }
                for ou, fait in faits.items()
            }
        },
    )


def depouillement_de(ensemble: Depouillement, enveloppe: str) -> Depouillement:
    """The count of one envelope out of a joined one: its winners, its rounds, its measures."""
    part = ensemble.mesures["enveloppes"][enveloppe]

    def celles(lignes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        siennes = [dict(ligne) for ligne in lignes if ligne["enveloppe"] == enveloppe]
        for ligne in siennes:
            del ligne["enveloppe"]
        return siennes

    return replace(
        ensemble,
        retenues=tuple(part["retenues"]),
        classement=(),
        cout=part["cout"],
        dotation=None if part["dotation"] is None else Fraction(part["dotation"]),
        tours=celles(ensemble.tours),
        egalites=celles(ensemble.egalites),
        mesures=part["mesures"],
    )
