"""Prioritisation: which topics come first, and at what moment of the calendar.

Each ballot places the topics that it wants at a moment of a published calendar. The value of a topic on a ballot says
how early: with three moments, 3 is the first, 1 the last; a topic that is left out is not asked for.

1. Topics are taken in the order of the number of ballots that ask for them; between two equal ones, the one that is
   wanted earlier (the greater sum of values), then the published lot.
2. Each goes to the moment that its own supporters want: the median of their moments. When they are an even number,
   cut in two halves, `mediane` says which half is followed.
3. Where a moment has room for a few topics only, the next ones go to the first later moment that has room. A topic
   that finds none, or that fewer than `seuil` ballots ask for, stays out of the calendar.

Source: our own rule, made of two known ones: the order is approval (Brams and Fishburn 1978), the moment is the median,
which no supporter can move towards her wish by exaggerating (H. Moulin, « On strategy-proofness and single
peakedness », Public Choice 35, 1980).
"""

from dataclasses import dataclass
from typing import Any

from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.egalites import AIDE_DU_SORT, classer_valeurs
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "priorites"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    moments: tuple[str, ...] = champ(
        ("d'abord", "ensuite", "plus tard"), "Les moments du calendrier, du premier au dernier."
    )
    capacites: tuple[int, ...] = champ(
        (), "Combien de sujets chaque moment peut recevoir, dans le même ordre (vide : autant qu'on veut)."
    )
    mediane: str = champ(
        "tot",
        "Quand une moitié veut un sujet à un moment, et l'autre moitié plus tard. tot : le moment de la première ; "
        "tard : celui de la seconde.",
        choix=("tot", "tard"),
    )
    seuil: int = champ(
        1, "Le moins de bulletins qui doivent demander un sujet pour qu'il soit retenu.", unite="bulletins"
    )
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)
        if not self.moments:
            raise RegleInvalide("Le calendrier n'a aucun moment.")
        if self.capacites and len(self.capacites) != len(self.moments):
            raise RegleInvalide(
                f"Il y a {len(self.moments)} moments et {len(self.capacites)} capacités : il en faut une par moment."
            )
        if any(capacite < 0 for capacite in self.capacites):
            raise RegleInvalide("Un moment ne peut pas recevoir moins de zéro sujet.")


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `retenues`: topics by moment, then in the order in which they were taken.

    `totaux`: ballots that ask for each topic. `tours`: one for each topic taken or left out. `mesures`: calendrier
    ({moment: [keys]}), souhaits ({key: ballots for each moment, the first moment first}). Raises RegleInvalide when
    a ballot gives a value that is no moment.
    """
    souhaits = _souhaits(election, len(parametres.moments))
    soutiens = [sum(voulus) for voulus in souhaits]
    classement = classer_valeurs(
        election, list(zip(soutiens, election.totaux(), strict=True)), parametres.ordre_du_sort
    )
    calendrier: list[list[str]] = [[] for _ in parametres.moments]
    tours: list[dict[str, Any]] = []
    for place in classement.ordre:
        cle = election.options[place].cle
        voulu = _moment(souhaits[place], parametres.mediane)
        obtenu = None
        if voulu is not None and soutiens[place] >= parametres.seuil:
            obtenu = _premier_libre(calendrier, parametres.capacites, voulu)
        if obtenu is not None:
            calendrier[obtenu].append(cle)
        tours.append(
            {
                "option": cle,
                "soutiens": soutiens[place],
                "moment_voulu": None if voulu is None else parametres.moments[voulu],
                "moment": None if obtenu is None else parametres.moments[obtenu],
            }
        )
    return Depouillement(
        regle=NOM,
        retenues=tuple(cle for moment in calendrier for cle in moment),
        totaux=dict(election.par_cle(soutiens)),
        classement=classement.cles(election),
        tours=tours,
        egalites=classement.egalites,
        mesures={
            "calendrier": dict(zip(parametres.moments, calendrier, strict=True)),
            "souhaits": dict(election.par_cle(souhaits)),
        },
    )


def _souhaits(election: Election, moments: int) -> list[list[int]]:
    """For each option, ballots that want it at each moment, the first moment first."""
    souhaits = [[0] * moments for _ in election.options]
    for bulletin in election.bulletins:
        for place, valeur in bulletin.notes:
            if not 1 <= valeur <= moments:
                raise RegleInvalide(
                    f"Un bulletin donne {valeur} à « {election.options[place].cle} » : les moments vont de 1 (le dernier) "
                    f"à {moments} (le premier)."
                )
            souhaits[place][moments - valeur] += bulletin.poids
    return souhaits


def _moment(voulus: list[int], mediane: str) -> int | None:
    """The median of these wishes, None when there is none."""
    soutiens = sum(voulus)
    if not soutiens:
        return None
    rang = (soutiens - 1) // 2 if mediane == "tot" else soutiens // 2
    passes = 0
    for moment, nombre in enumerate(voulus):
        passes += nombre
        if passes > rang:
            return moment
    raise AssertionError("the median of n values is one of them")


def _premier_libre(calendrier: list[list[str]], capacites: tuple[int, ...], voulu: int) -> int | None:
    return next(
        (
            moment
            for moment in range(voulu, len(calendrier))
            if not capacites or len(calendrier[moment]) < capacites[moment]
        ),
        None,
    )
