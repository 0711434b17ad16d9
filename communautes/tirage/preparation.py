"""The heavy moment, before the announcement: a thousand lots, fair and published, out of a pool and its parameters."""

from dataclasses import dataclass

import numpy as np

from communautes.tirage import chances
from communautes.tirage.fichiers import Lots
from communautes.tirage.impossibles import QuotasImpossibles, relacher, un_panel
from communautes.tirage.moities import Avancer, Decoupe
from communautes.tirage.parametres import Parametres
from communautes.tirage.probabilites import Probabilites
from communautes.tirage.probleme import Probleme, poser
from communautes.tirage.quotas import verifier
from communautes.tirage.solveur import Entiers
from communautes.tirage.vivier import Vivier


@dataclass(frozen=True)
class Preparation:
    """`optimum`: the best smallest chance of any lottery, lots or not, among those who can be drawn. `approches`: lots that no exact cut gave."""

    lots: Lots
    probabilites: Probabilites
    optimum: float
    approches: int


def _rien(_faits: int, _total: int) -> None:
    pass


def preparer(vivier: Vivier, parametres: Parametres, *, avancer: Avancer = _rien) -> Preparation:
    """The lots. The same pool, parameters and versions give the same ones on one machine.

    `avancer(lots made, lots in all)` is called after each lot; what it raises (TirageInterrompu) goes through.
    Raises TirageInvalide when quotas do not add up or the pool cannot meet them, QuotasImpossibles when it cannot meet them together.
    """
    verifier(parametres.quotas, parametres.places, vivier, classes_vides=parametres.classes_vides)
    probleme = poser(vivier, parametres.quotas, parametres.places)
    if un_panel(probleme) is None:
        raise QuotasImpossibles(relacher(probleme, parametres.quotas), parametres.places)
    hasard = np.random.default_rng(parametres.graine)
    justes = chances.chercher(probleme, parametres.lots, hasard)
    assert justes is not None  # a panel is an average of itself
    decoupe = Decoupe(probleme, hasard, parametres.lots, avancer)
    if justes.totaux is None:
        decoupe.approcher(justes.cible, parametres.lots)
    else:
        decoupe.couper(justes.totaux, parametres.lots)
    lots = _nommer_les_personnes(vivier, probleme, decoupe.panels, hasard)
    return Preparation(lots, Probabilites.des_lots(vivier, lots), justes.optimum, decoupe.approches)


def _nommer_les_personnes(
    vivier: Vivier, probleme: Probleme, panels: list[Entiers], hasard: np.random.Generator
) -> Lots:
    """People for the seats of each kind: equals sit in turn, in an order drawn, so that their counts differ by one at most."""
    lots: list[list[str]] = [[] for _ in panels]
    ordre = hasard.permutation(len(panels))
    for rang, profil in enumerate(probleme.profils):
        codes = vivier.profils[profil]
        tour = hasard.permutation(len(codes))
        prochain = 0
        for place in ordre:
            for _siege in range(int(panels[place][rang])):
                lots[place].append(codes[tour[prochain]])
                prochain = (prochain + 1) % len(codes)
    melange = hasard.permutation(len(panels))  # the number of a lot says nothing of what is in it
    return tuple(tuple(sorted(lots[place])) for place in melange)
