"""The results of a short survey as they fit into a frame: how many chose what. Everything else is on the page of results."""

from dataclasses import dataclass

from django.db.models import Count, Q

from consultations.affichage import lignes_de
from consultations.models import Consultation, Donnee
from consultations.questionnaire import Genre, Question
from consultations.resultats import questions_posees

#: Below, what one person answered could be read from the total.
PERSONNES_MIN = 10
COMPTEES = frozenset({Genre.UNIQUE, Genre.MULTIPLE, Genre.SENTIMENT, Genre.ECHELLE})


@dataclass(frozen=True)
class Barre:
    libelle: str
    nb: int
    total: int

    @property
    def pourcent(self) -> int:
        return round(100 * self.nb / self.total)


@dataclass(frozen=True)
class EnBref:
    question: Question
    personnes: int
    barres: list[Barre]


def en_bref(consultation: Consultation) -> list[EnBref]:
    """Of each question that is still asked and is counted by choices, in its last shape; three queries. Whether they may be
    seen is the caller's to ask."""
    posees = questions_posees(consultation)
    derniere = max((numero for posee in posees for numero in posee.numeros), default=0)
    comptees = [posee for posee in posees if posee.question.genre in COMPTEES and derniere in posee.numeros]
    questions, ici = [posee.question for posee in comptees], Q(pk__in=[])
    for posee in comptees:
        ici |= Q(question=posee.question.cle, participation__version__in=posee.cles)
    donnees = Donnee.objects.filter(ici, participation__in=consultation.participations.comptees())
    comptes: dict[tuple[str, str], int] = {}
    for cle, choix, nombre, nb in donnees.order_by().values_list("question", "choix", "nombre").annotate(Count("pk")):
        comptes[cle, choix or str(int(nombre))] = nb
    personnes = dict(donnees.order_by().values_list("question").annotate(Count("participation", distinct=True)))
    return [
        EnBref(
            q,
            personnes[q.cle],
            [Barre(mots, comptes.get((q.cle, cle), 0), personnes[q.cle]) for cle, mots in lignes_de(q)],
        )
        for q in questions
        if personnes.get(q.cle, 0) >= PERSONNES_MIN
    ]
