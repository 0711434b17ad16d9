"""Approval: each ballot takes as many options as the bounds allow, the most taken comes first.

Source: S. J. Brams and P. C. Fishburn, « Approval voting », American Political Science Review 72(3), 1978.
"""

from dataclasses import dataclass

from votes.regles.bornes import AIDE_HORS_BORNES, HORS_BORNES, comptes, ecarter
from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, classer_valeurs
from votes.regles.election import Bulletin, Election
from votes.regles.parametre import champ, verifier_choix

NOM = "approbation"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    minimum: int = champ(0, "Le moins d'options qu'un bulletin non blanc peut prendre.", unite="options")
    maximum: int = champ(0, "Le plus d'options qu'un bulletin peut prendre (0 : autant qu'on veut).", unite="options")
    hors_bornes: str = champ("nul", AIDE_HORS_BORNES, choix=HORS_BORNES)
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)
        if self.maximum and self.minimum > self.maximum:
            raise RegleInvalide(
                f"Un bulletin ne peut pas prendre au moins {self.minimum} et au plus {self.maximum} options."
            )

    def faute(self, bulletin: Bulletin) -> str:
        """What is wrong with this ballot; empty when it keeps to the bounds."""
        prises = len(bulletin.notes)
        if prises < self.minimum:
            return f"Un bulletin prend {prises} options, il en faut au moins {self.minimum}."
        if self.maximum and prises > self.maximum:
            return f"Un bulletin prend {prises} options, il en faut au plus {self.maximum}."
        return ""


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `totaux`: ballots that take each option; `mesures`: votantes, exprimes, blancs, nuls (ballots). Raises RegleInvalide."""
    bonnes, nuls = ecarter(election, parametres.faute, parametres.hors_bornes)
    totaux = bonnes.totaux()
    classement = classer_valeurs(bonnes, totaux, parametres.ordre_du_sort)
    return Depouillement(
        regle=NOM,
        retenues=classement.retenues(bonnes, parametres.places),
        totaux=dict(bonnes.par_cle(totaux)),
        classement=classement.cles(bonnes),
        egalites=classement.egalites,
        mesures=comptes(bonnes, nuls),
    )
