"""Single choice: each ballot names one option, the most named comes first.

Source: the plurality count; « majorité absolue des suffrages exprimés » and « majorité relative » as in article L. 126 of
the French Code électoral, blank ballots apart from the others as in its article L. 65.
"""

from dataclasses import dataclass

from votes.regles.depouillement import Depouillement
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, classer_valeurs
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "choix-unique"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    majorite: str = champ(
        "relative",
        "relative : l'option la plus choisie l'emporte ; absolue : il lui faut plus de la moitié, sinon rien n'est retenu.",
        choix=("relative", "absolue"),
    )
    blancs: str = champ(
        "exclus",
        "Les bulletins blancs, pour la majorité absolue. exclus : la moitié des suffrages exprimés ; comptes : la moitié "
        "des votantes.",
        choix=("exclus", "comptes"),
    )
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `totaux`: ballots for each option; `mesures`: votantes, exprimes, blancs (ballots), majorite (ballots needed).

    Raises RegleInvalide.
    """
    totaux = election.totaux()
    exprimes = election.votantes - election.blancs
    base = exprimes if parametres.blancs == "exclus" else election.votantes
    classement = classer_valeurs(election, totaux, parametres.ordre_du_sort)
    retenues = classement.retenues(election, parametres.places)
    if parametres.majorite == "absolue" and (not totaux or 2 * max(totaux) <= base):
        retenues = ()
    return Depouillement(
        regle=NOM,
        retenues=retenues,
        totaux=dict(election.par_cle(totaux)),
        classement=classement.cles(election),
        egalites=classement.egalites,
        mesures={
            "votantes": election.votantes,
            "exprimes": exprimes,
            "blancs": election.blancs,
            "majorite": base // 2 + 1,
        },
    )
