"""Most votes first: projects by decreasing votes, each one is funded if it still fits; one that does not is skipped.

The rule of most French participatory budgets; « greedy » in the literature: Talmon, Faliszewski, « A Framework for
Approval-Based Budgeting Methods », AAAI 2019. Exact: votes and cents are integers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from votes.regles.budget import (
    Concours,
    ParametresBudget,
    Quotas,
    ce_qui_departage,
    lire_limites,
    ouvrir,
    verifier_categories,
)
from votes.regles.depouillement import Depouillement, Interrompu
from votes.regles.election import Election
from votes.regles.enveloppes import compter_par_enveloppe
from votes.regles.parametre import champ

NOM = "plus-votes"


@dataclass(frozen=True)
class Parametres(ParametresBudget):
    """The common parameters. Equal votes: the lower cost first, then the lot.

    `minimums` first: going down the order, a project is taken while a category of its own is under its minimum; then
    the others, in the same order.
    """

    minimums: tuple[str, ...] = champ((), "Nombre de projets à retenir d'abord dans une catégorie : « catégorie=1 ».")

    def __post_init__(self):
        super().__post_init__()
        lire_limites(self.minimums)


def compter(
    election: Election,
    parametres: Parametres,
    *,
    avancement: Callable[[int, int], None] | None = None,
    interrompre: Callable[[], bool] | None = None,
) -> Depouillement:
    """Count `election`, envelope by envelope if it has some. Raises RegleInvalide, Interrompu.

    Each round (`tours`): `option`, `voix`, `cout`, `restait` (cents before it), `retenue`, and where it is not, `raison`:
    « budget », « categorie » (with its name), « arret » after a stop.
    """
    verifier_categories(election, parametres.maximums, parametres.minimums)
    if election.enveloppes:
        return compter_par_enveloppe(NOM, election, parametres, compter, avancement=avancement, interrompre=interrompre)
    return depouiller(NOM, ouvrir(election, parametres), parametres, saut=True, interrompre=interrompre)


def depouiller(
    nom: str,
    concours: Concours,
    parametres: Parametres,
    *,
    saut: bool,
    interrompre: Callable[[], bool] | None = None,
) -> Depouillement:
    """Go down the order of the votes; `saut` False stops at the first project that does not fit."""
    if interrompre and interrompre():
        raise Interrompu
    ordre = en_ordre(concours, concours.admises)
    quotas = Quotas(concours.election, parametres.maximums, parametres.minimums)
    retenues, tours = prendre(concours, ordre, quotas, concours.budget, saut=saut)
    return Depouillement(
        regle=nom,
        retenues=concours.cles(retenues),
        totaux=concours.totaux(),
        classement=_rangs(concours, ordre),
        cout=sum(concours.couts[place] for place in retenues),
        tours=tours,
        egalites=_egalites(concours, ordre),
        mesures={"ecartees_par_le_seuil": _sous_le_seuil(concours), "budget": concours.budget},
    )


def en_ordre(concours: Concours, places: list[int]) -> list[int]:
    """By decreasing votes; equal votes: lower cost, then the lot."""
    return sorted(places, key=lambda place: (-concours.voix[place], concours.couts[place], concours.sort[place]))


def prendre(
    concours: Concours, ordre: list[int], quotas: Quotas, budget: int, *, saut: bool
) -> tuple[list[int], list[dict[str, Any]]]:
    """Fund down `ordre` with `budget` cents: (places funded, rounds)."""
    reste, retenues, tours = budget, [], []
    examines: set[int] = set()
    arretee = False
    for reserve in (True, False) if quotas.minimums else (False,):
        for place in ordre:
            if place in examines or (reserve and not quotas.manque(place)):
                continue
            tour: dict[str, Any] = {
                "option": concours.cles([place])[0],
                "voix": concours.voix[place],
                "cout": concours.couts[place],
                "restait": reste,
            }
            refus = _refus(concours, quotas, place, reste, arretee=arretee)
            if refus and reserve:
                continue  # said once, on the second way down
            examines.add(place)
            tours.append({**tour, "retenue": not refus, **refus, **({"minimum": True} if reserve else {})})
            if refus:
                arretee = arretee or (not saut and refus["raison"] == "budget")
                continue
            quotas.prendre(place)
            retenues.append(place)
            reste -= concours.couts[place]
    return retenues, tours


def _refus(concours: Concours, quotas: Quotas, place: int, reste: int, *, arretee: bool) -> Mapping[str, Any]:
    """Why this project cannot be funded now; empty when it can."""
    if arretee:
        return {"raison": "arret"}
    if categorie := quotas.categorie_pleine(place):
        return {"raison": "categorie", "categorie": categorie}
    return {"raison": "budget"} if concours.couts[place] > reste else {}


def _rangs(concours: Concours, ordre: list[int]) -> tuple[tuple[str, ...], ...]:
    """The order of the votes; projects with as many votes share a rank."""
    rangs: list[list[int]] = []
    for place in ordre:
        if rangs and concours.voix[rangs[-1][0]] == concours.voix[place]:
            rangs[-1].append(place)
        else:
            rangs.append([place])
    return tuple(concours.cles(rang) for rang in rangs)


def _egalites(concours: Concours, ordre: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "options": list(concours.cles([devant, derriere])),
            "valeur": concours.voix[devant],
            "decidee_par": ce_qui_departage(concours, devant, derriere, voix=False),
        }
        for devant, derriere in pairwise(ordre)
        if concours.voix[devant] == concours.voix[derriere]
    ]


def _sous_le_seuil(concours: Concours) -> list[str]:
    admises = set(concours.admises)
    return list(concours.cles([place for place in range(len(concours.couts)) if place not in admises]))
