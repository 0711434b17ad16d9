"""Fair chances: the smallest is as large as it can be, then the largest as small as it can be, then people as alike as possible.

A fair lottery over panels gives each kind of people an average number of seats; those averages meet the quotas (they are a linear
programme). Maximin: Flanigan, Gölz, Gupta, Hennig, Procaccia, « Fair algorithms for selecting citizens' assemblies », Nature 596 (2021).
Capping the largest chance too: Baharav and Flanigan, « Fair, manipulation-robust, and transparent sortition » (2024).
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from communautes.tirage.probleme import Probleme, en_flottants
from communautes.tirage.solveur import INFINI, Entiers, Modele, Vecteur

MIETTE = 1e-7  # what the solver calls zero
ELARGIS = 3  # how far from the fair totals whole numbers are looked for


@dataclass(frozen=True)
class Chances:
    """`optimum`: no lottery, of any length, gives everybody who can be drawn a better smallest chance. `cible`: how many seats each kind
    has over all the lots, fair but not whole; `totaux`: the same in whole numbers, None where no whole numbers meet the quotas.
    """

    optimum: float
    cible: Vecteur
    totaux: Entiers | None


def chercher(probleme: Probleme, lots: int, hasard: np.random.Generator) -> Chances | None:
    """Fair totals over that many lots. None where even averages cannot meet the quotas."""
    effectifs = en_flottants(probleme.effectifs)
    possibles = np.ones(len(effectifs))
    trouve = _plus_petite_chance(probleme, possibles)
    if trouve is None:
        return None
    if trouve < MIETTE:  # somebody can never be drawn: the fairness is among the others
        possibles = _possibles(probleme)
        trouve = _plus_petite_chance(probleme, possibles) or 0.0
    optimum = trouve
    bas = floor(optimum * lots + MIETTE) * effectifs * possibles
    haut = min(lots, ceil(_plus_grande_chance(probleme, bas / lots) * lots - MIETTE)) * effectifs * possibles
    haut = np.maximum(haut, bas)
    cible = _au_milieu(probleme, bas, haut, lots)
    return Chances(optimum, cible, _entiers(probleme, cible, bas, haut, lots, hasard))


def _avec_une_borne(probleme: Probleme, coefficients: Vecteur) -> tuple[list, int]:
    """Rows of the quotas, then one for each kind: its seats, minus its coefficient times one more variable."""
    n = len(probleme.effectifs)
    chacun = [(np.array([rang, n]), np.array([1.0, -coefficients[rang]])) for rang in range(n)]
    return [*probleme.lignes, *chacun], n


def _plus_petite_chance(probleme: Probleme, possibles: Vecteur) -> float | None:
    effectifs = en_flottants(probleme.effectifs)
    lignes, n = _avec_une_borne(probleme, effectifs * possibles)
    solution = Modele(
        cout=np.append(np.zeros(n), 1.0),
        bas=np.zeros(n + 1),
        haut=np.append(effectifs, 1.0),
        lignes=lignes,
        lignes_bas=np.append(en_flottants(probleme.minimums), np.zeros(n)),
        lignes_haut=np.append(en_flottants(probleme.maximums), np.full(n, INFINI)),
        maximiser=True,
    ).resoudre()
    return None if solution is None else float(max(solution[n], 0.0))


def _plus_grande_chance(probleme: Probleme, bas: Vecteur) -> float:
    """The smallest possible largest chance, when each kind has `bas` seats at least."""
    effectifs = en_flottants(probleme.effectifs)
    lignes, n = _avec_une_borne(probleme, effectifs)
    solution = Modele(
        cout=np.append(np.zeros(n), 1.0),
        bas=np.append(bas * (1 - MIETTE), 0.0),
        haut=np.append(effectifs, 1.0),
        lignes=lignes,
        lignes_bas=np.append(en_flottants(probleme.minimums), np.full(n, -INFINI)),
        lignes_haut=np.append(en_flottants(probleme.maximums), np.zeros(n)),
    ).resoudre()
    return 1.0 if solution is None else float(solution[n])


def _possibles(probleme: Probleme) -> Vecteur:
    """1 for each kind that some average over panels holds, 0 for the others: quotas leave them no seat."""
    n = len(probleme.effectifs)
    effectifs = en_flottants(probleme.effectifs)
    # A second variable for each kind, no more than its seats nor than a crumb: averaging one panel for each kind, all that can have it do.
    part = 0.1 / n
    solution = Modele(
        cout=np.append(np.zeros(n), np.ones(n)),
        bas=np.zeros(2 * n),
        haut=np.append(effectifs, np.full(n, part)),
        lignes=[*probleme.lignes, *((np.array([rang, n + rang]), np.array([1.0, -1.0])) for rang in range(n))],
        lignes_bas=np.append(en_flottants(probleme.minimums), np.zeros(n)),
        lignes_haut=np.append(en_flottants(probleme.maximums), np.full(n, INFINI)),
        maximiser=True,
    ).resoudre()
    return np.ones(n) if solution is None else (solution[n:] > part / 2).astype(np.float64)


def _au_milieu(probleme: Probleme, bas: Vecteur, haut: Vecteur, lots: int) -> Vecteur:
    """Totals far from every limit: an interior point, where people who differ by little have close chances.

    A vertex would give the smallest chance to some and the largest to others, as the solver pleases.
    """
    modele = Modele(
        cout=np.zeros(len(bas)),
        bas=bas / lots,
        haut=haut / lots,
        lignes=probleme.lignes,
        lignes_bas=en_flottants(probleme.minimums),
        lignes_haut=en_flottants(probleme.maximums),
        options={"solver": "ipm", "run_crossover": "off", "presolve": "off"},
    )
    try:
        solution = modele.resoudre()
    except RuntimeError:
        solution = None
    if solution is None:  # the limits leave one point only, that an interior method cannot approach
        modele.options = {}
        solution = modele.resoudre()
    moitie = (bas + haut) / 2 / lots
    return (moitie if solution is None else solution) * lots


def _entiers(
    probleme: Probleme, cible: Vecteur, bas: Vecteur, haut: Vecteur, lots: int, hasard: np.random.Generator
) -> Entiers | None:
    """Whole totals next to the fair ones, that meet the quotas taken that many times."""
    dessous = np.clip(np.floor(cible + MIETTE), bas, haut)
    dessus = np.clip(np.ceil(cible - MIETTE), bas, haut)
    cout = 1 - 2 * (cible - dessous) + hasard.uniform(-0.1, 0.1, len(cible))
    for elargi in range(ELARGIS):
        modele = Modele(
            cout=cout,
            bas=np.maximum(dessous - elargi, bas),
            haut=np.minimum(dessus + elargi, haut),
            lignes=probleme.lignes,
            lignes_bas=en_flottants(probleme.minimums * lots),
            lignes_haut=en_flottants(probleme.maximums * lots),
            entier=True,
            options={"mip_rel_gap": 0.5, "time_limit": 30.0},
        )
        try:
            solution = modele.resoudre(int(hasard.integers(2**31)))
        except RuntimeError:
            continue
        if solution is not None:
            return solution.astype(np.int64)
    return None
