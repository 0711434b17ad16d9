"""One question by territory or by class of age. Only once it is over: two readings of a growing table tell who came between."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, F

from consultations.affichage import lignes_de
from consultations.models import Consultation, Donnee
from consultations.petits_groupes import SEUIL, a_taire
from consultations.profils import AGE, LIEU, Profils
from consultations.questionnaire import Genre, Question
from consultations.resultats import Part, Posee, parts

CROISABLES = frozenset({Genre.UNIQUE, Genre.MULTIPLE, Genre.ECHELLE, Genre.SENTIMENT})


@dataclass(frozen=True)
class Groupe:
    """A column: people of one territory or of one age. `parts` is {key of a line: its part}."""

    cle: str
    libelle: str
    effectif: int
    parts: dict[str, Part]


@dataclass(frozen=True)
class Croisement:
    question: Question
    lignes: list[tuple[str, str]]  # (key, words)
    groupes: list[Groupe]
    tus: int  # groups that are withheld
    seuil: int = SEUIL

    @property
    def tableau(self) -> list[tuple[str, list[Part]]]:
        """(words of a line, its part in each group)."""
        return [(mots, [groupe.parts[cle] for groupe in self.groupes]) for cle, mots in self.lignes]


def croisables(posees: list[Posee]) -> list[Question]:
    """Those that can be crossed, as last asked: of one that changed, the answers to its last shape."""
    return list({q.cle: q for q, *_reste in reversed(posees) if q.genre in CROISABLES}.values())[::-1]


def croiser(consultation: Consultation, posees: list[Posee], cle: str, par: str) -> Croisement | None:
    """Shares of each answer in each group; None when there is nothing of that name. Four queries.

    `par` is AGE or LIEU (`consultations.profils`). A group that is withheld for the whole consultation is withheld here;
    one that is large enough may still be few to have answered this question, and is withheld too.
    """
    posee = next((p for p in posees if p[0].cle == cle and p[0].genre in CROISABLES), None)
    if posee is None or par not in {AGE, LIEU} or not consultation.profil:
        return None
    question, versions = posee.question, posee.cles
    profils = Profils.de(consultation)
    effectifs, comptes = _compter(consultation, question, versions, par, profils)
    tus = a_taire(effectifs, deja=profils.tus[par])
    lignes = lignes_de(question)
    groupes = [
        Groupe(
            groupe,
            libelle,
            effectifs[groupe],
            {
                part.cle: part
                for part in parts([(ligne, mots, comptes[groupe][ligne]) for ligne, mots in lignes], effectifs[groupe])
            },
        )
        for groupe, libelle in profils.noms(par)
        if groupe not in tus and effectifs[groupe]
    ]
    return Croisement(question, lignes, groupes, len(tus))


def _compter(consultation, question, versions, par, profils) -> tuple[Counter, dict[str, Counter]]:
    """({group: people who answered the question}, {group: {line: count}}). Whoever said nothing is a group too."""
    donnees = (
        Donnee.objects.comptees()
        .filter(question=question.cle, participation__consultation=consultation, participation__version__in=versions)
        .order_by()
    )
    donnees = donnees.annotate(declare=F(f"participation__{par}"))

    def groupe(declare) -> str:
        return profils.zones.de_cle(declare) if par == LIEU else declare

    effectifs: Counter = Counter()
    for declare, n in donnees.values_list("declare").annotate(n=Count("participation", distinct=True)):
        effectifs[groupe(declare)] += n
    comptes: dict[str, Counter] = defaultdict(Counter)
    for declare, choix, nombre, n in donnees.values_list("declare", "choix", "nombre").annotate(n=Count("pk")):
        comptes[groupe(declare)][choix or str(int(nombre))] += n
    return effectifs, comptes
