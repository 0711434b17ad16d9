"""A pool and its quotas as arrays: one column for each kind of people (profil), one row for each quota, the last one for the seats."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from communautes.tirage.quotas import Quotas, chacun
from communautes.tirage.solveur import Entiers, Vecteur
from communautes.tirage.vivier import Profil, Vivier


@dataclass(frozen=True)
class Probleme:
    """`effectifs`: people of each kind. `membres`: for each row, 1 where the kind counts for it. A panel is a vector of
    people by kind, `minimums` ≤ `membres` @ panel ≤ `maximums`, panel ≤ `effectifs`."""

    profils: tuple[Profil, ...]
    effectifs: Entiers
    membres: Entiers
    minimums: Entiers
    maximums: Entiers
    places: int

    @cached_property
    def lignes(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return lignes_de(self.membres)

    def tient(self, panel: Entiers) -> bool:
        """Does this panel meet everything?"""
        sommes = self.membres @ panel
        assez = bool((sommes >= self.minimums).all() and (sommes <= self.maximums).all())
        return assez and bool((panel >= 0).all() and (panel <= self.effectifs).all())


def lignes_de(membres: Entiers) -> list[tuple[np.ndarray, np.ndarray]]:
    """A matrix of 0 and 1 as the solver takes it."""
    colonnes = [np.flatnonzero(ligne) for ligne in membres]
    return [(lesquelles, np.ones(len(lesquelles))) for lesquelles in colonnes]


def poser(vivier: Vivier, quotas: Quotas, places: int) -> Probleme:
    """`vivier` and `quotas` were checked (`quotas.verifier`)."""
    profils = tuple(vivier.profils)
    rangs = {critere: rang for rang, critere in enumerate(vivier.criteres)}
    membres = [
        [int(profil[rangs[critere]] == valeur) for profil in profils] for critere, valeur, _ in chacun(quotas)
    ]
    membres.append([1] * len(profils))
    bornes = [(quota.minimum, quota.maximum) for _, _, quota in chacun(quotas)] + [(places, places)]
    return Probleme(
        profils,
        np.array([len(vivier.profils[profil]) for profil in profils], dtype=np.int64),
        np.array(membres, dtype=np.int64),
        np.array([minimum for minimum, _ in bornes], dtype=np.int64),
        np.array([maximum for _, maximum in bornes], dtype=np.int64),
        places,
    )


def en_flottants(entiers: Entiers) -> Vecteur:
    return entiers.astype(np.float64)
