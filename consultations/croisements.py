"""One question by territory or by class of age. Only once it is over: two readings of a growing table tell who came between."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, F, Value, When
from django.utils.translation import gettext as _

from consultations.affichage import lignes_de
from consultations.models import Consultation, Donnee, Tranche
from consultations.petits_groupes import SEUIL, a_taire
from consultations.questionnaire import Genre, Question
from consultations.resultats import Part, parts, questions_posees
from territoires.models import Territoire

#: The commune of an answer: a quartier is in its own.
COMMUNE = Case(
    When(participation__territoire__genre="quartier", then=F("participation__territoire__parent")),
    When(participation__territoire__isnull=False, then=F("participation__territoire")),
    default=Value(None),
)
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


def croisables(consultation: Consultation) -> list[Question]:
    return [question for question, *_reste in questions_posees(consultation) if question.genre in CROISABLES]


def croiser(consultation: Consultation, cle: str, par: str) -> Croisement | None:
    """Shares of each answer in each group; None when there is nothing of that name. Three queries.

    `par` is « tranche » or « territoire » (the commune: a quartier counts in its own).
    """
    posee = next((p for p in questions_posees(consultation) if p[0].cle == cle and p[0].genre in CROISABLES), None)
    if posee is None or par not in {"tranche", "territoire"} or not consultation.profil:
        return None
    question, _numeros, versions, _autrefois = posee
    effectifs, comptes = _compter(consultation, question, versions, par)
    noms = _noms(par, effectifs)
    tus = a_taire(effectifs)
    groupes = [
        Groupe(
            groupe,
            libelle,
            effectifs[groupe],
            {
                part.cle: part
                for part in parts(
                    [(ligne, mots, comptes[groupe][ligne]) for ligne, mots in lignes_de(question)], effectifs[groupe]
                )
            },
        )
        for groupe, libelle in noms
        if groupe not in tus and effectifs[groupe]
    ]
    return Croisement(question, lignes_de(question), groupes, len(tus))


def _compter(consultation, question, versions, par) -> tuple[Counter, dict[str, Counter]]:
    """({group: people who answered the question}, {group: {line: count}}). Whoever said nothing is a group too."""
    champ = {"tranche": F("participation__tranche"), "territoire": COMMUNE}[par]
    donnees = Donnee.objects.filter(
        question=question.cle,
        participation__consultation=consultation,
        participation__version__in=versions,
        participation__envoyee_le__isnull=False,
        participation__retiree_le__isnull=True,
    ).order_by()
    donnees = donnees.annotate(groupe=champ)
    effectifs: Counter = Counter()
    for groupe, n in donnees.values_list("groupe").annotate(n=Count("participation", distinct=True)):
        effectifs[str(groupe or "")] += n
    comptes: dict[str, Counter] = defaultdict(Counter)
    for groupe, choix, nombre, n in donnees.values_list("groupe", "choix", "nombre").annotate(n=Count("pk")):
        comptes[str(groupe or "")][choix or str(int(nombre))] += n
    return effectifs, comptes


def _noms(par, effectifs) -> list[tuple[str, str]]:
    non_dit = ("", str(_("N’ont pas dit")))
    if par == "tranche":
        return [*((code, str(nom)) for code, nom in Tranche.choices), non_dit]
    communes = Territoire.objects.filter(pk__in=[int(cle) for cle in effectifs if cle]).order_by("slug")
    return [*((str(pk), nom) for pk, nom in communes.values_list("pk", "nom")), non_dit]
