"""Yes, no or blank, on one question: adopted when « yes » reaches the published majority and enough people came.

Source: the Venice Commission, Code of Good Practice on Referendums (CDL-AD(2007)008rev-cor, III.7). It advises against a
turn-out quorum: none is the default, and a city that wants one says so before the vote, as a parameter.
"""

from dataclasses import dataclass
from fractions import Fraction

from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "oui-non"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    oui: str = champ("oui", "Identifiant de la réponse « oui ».")
    non: str = champ("non", "Identifiant de la réponse « non ».")
    blanc: str = champ(
        "blanc", "Identifiant de la réponse « blanc », si elle est proposée ; un bulletin vide est blanc aussi."
    )
    majorite: Fraction = champ(  # noqa: RUF009 - champ() is a dataclass field, and a fraction does not change
        Fraction(1, 2), "Part des voix que le « oui » doit atteindre, par exemple 1/2 ou 2/3."
    )
    stricte: bool = champ(True, "Il faut dépasser cette part ; sinon, l'atteindre suffit.")
    base: str = champ(
        "exprimes",
        "exprimes : la part se calcule sur les « oui » et les « non » ; votantes : les bulletins blancs comptent aussi.",
        choix=("exprimes", "votantes"),
    )
    quorum: int = champ(0, "Nombre de votantes sans lequel le vote ne décide rien.", unite="votantes")
    blancs_au_quorum: bool = champ(True, "Les bulletins blancs comptent pour le quorum.")

    def __post_init__(self):
        verifier_choix(self)
        if self.majorite > 1 or (self.majorite == 1 and self.stricte):
            raise RegleInvalide("La majorité demandée ne peut jamais être atteinte.")
        if len({self.oui, self.non, self.blanc}) != 3:
            raise RegleInvalide("« oui », « non » et « blanc » portent le même identifiant.")


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `retenues`: the answer « yes » when it is adopted, « no » otherwise, none when the quorum is missed.

    `totaux`: ballots for each answer. `mesures`: votantes, exprimes, blancs (ballots), quorum_atteint, adopte, part (share
    of « yes », « 3/5 », None when nobody answered). A tie adopts nothing under a strict majority, and something under
    a majority that need only be reached. Raises RegleInvalide when the options are not yes, no and, if any, blank.
    """
    totaux = dict(election.par_cle(election.totaux()))
    if not {parametres.oui, parametres.non} <= totaux.keys() <= {parametres.oui, parametres.non, parametres.blanc}:
        raise RegleInvalide(
            f"Ce vote doit proposer « {parametres.oui} », « {parametres.non} » et, si on veut, « {parametres.blanc} » : "
            f"il propose {', '.join(f'« {cle} »' for cle in totaux) or 'rien'}."
        )
    oui, non = totaux[parametres.oui], totaux[parametres.non]
    exprimes, votantes = oui + non, election.votantes
    base = exprimes if parametres.base == "exprimes" else votantes
    part = Fraction(oui, base) if base else None
    adopte = part is not None and (
        part > parametres.majorite or (part == parametres.majorite and not parametres.stricte)
    )
    atteint = (votantes if parametres.blancs_au_quorum else exprimes) >= parametres.quorum
    decision = (parametres.oui if adopte else parametres.non,) if atteint else ()
    return Depouillement(
        regle=NOM,
        retenues=decision,
        totaux=totaux,
        mesures={
            "votantes": votantes,
            "exprimes": exprimes,
            "blancs": votantes - exprimes,
            "quorum_atteint": atteint,
            "adopte": adopte and atteint,
            "part": None if part is None else str(part),
        },
    )
