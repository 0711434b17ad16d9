"""Cumulative points: each ballot shares points among options, the one that gathers most comes first.

Source: A. T. Cole, « Legal and mathematical aspects of cumulative voting », South Carolina Law Quarterly 2, 1950, for
cumulative voting; the format « cumulative » of Pabulib for its use in participatory budgets.
"""

from dataclasses import dataclass

from votes.regles.bornes import AIDE_HORS_BORNES, HORS_BORNES, comptes, ecarter
from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, classer_valeurs
from votes.regles.election import Bulletin, Election
from votes.regles.parametre import champ, verifier_choix

NOM = "points"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    total: int = champ(0, "Le plus de points qu'un bulletin peut donner en tout (0 : sans limite).", unite="points")
    tout_donner: bool = champ(False, "Un bulletin non blanc doit donner tous ses points.")
    par_option: int = champ(0, "Le plus de points qu'il peut donner à une option (0 : sans limite).", unite="points")
    minimum: int = champ(0, "Le moins d'options qu'un bulletin non blanc peut prendre.", unite="options")
    maximum: int = champ(0, "Le plus d'options qu'un bulletin peut prendre (0 : autant qu'on veut).", unite="options")
    hors_bornes: str = champ("nul", AIDE_HORS_BORNES, choix=HORS_BORNES)
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)
        if self.tout_donner and not self.total:
            raise RegleInvalide("Pour donner tous ses points, il faut dire combien on en a.")
        if self.maximum and self.minimum > self.maximum:
            raise RegleInvalide(
                f"Un bulletin ne peut pas prendre au moins {self.minimum} et au plus {self.maximum} options."
            )
        if self.tout_donner and self.par_option and self.maximum and self.par_option * self.maximum < self.total:
            raise RegleInvalide(
                f"Avec {self.maximum} options au plus et {self.par_option} points au plus pour chacune, "
                f"personne ne peut donner {self.total} points."
            )

    def faute(self, bulletin: Bulletin) -> str:
        """What is wrong with this ballot; empty when it keeps to the bounds."""
        donnes, prises = sum(points for _, points in bulletin.notes), len(bulletin.notes)
        plus = max((points for _, points in bulletin.notes), default=0)
        if min((points for _, points in bulletin.notes), default=1) < 1:
            return "Un bulletin donne moins d'un point à une option."
        if self.total and donnes > self.total:
            return f"Un bulletin donne {donnes} points, il en a {self.total}."
        if self.tout_donner and donnes != self.total:
            return f"Un bulletin donne {donnes} points, il doit en donner {self.total}."
        if self.par_option and plus > self.par_option:
            return f"Un bulletin donne {plus} points à une option, il en faut au plus {self.par_option}."
        if prises < self.minimum or (self.maximum and prises > self.maximum):
            bornes = f"au moins {self.minimum}" if prises < self.minimum else f"au plus {self.maximum}"
            return f"Un bulletin prend {prises} options, il en faut {bornes}."
        return ""


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `totaux`: points of each option; `mesures`: votantes, exprimes, blancs, nuls (ballots). Raises RegleInvalide."""
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
