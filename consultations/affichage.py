"""Questions and answers as a page shows them: fields with what is typed in them, answers in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.questionnaire import AUTRE, Choix, Genre, Question
from consultations.valeurs import Brut, Valeur, champs_de, en_chiffres, lire
from socle.templatetags.composants import ecrit_ici

#: A smile says little to those who do not see it: each has its words.
SENTIMENTS = {
    1: ("emoji-frown-fill", gettext_lazy("Très mécontent·e")),
    2: ("emoji-frown", gettext_lazy("Plutôt mécontent·e")),
    3: ("emoji-neutral", gettext_lazy("Entre les deux")),
    4: ("emoji-smile", gettext_lazy("Plutôt content·e")),
    5: ("emoji-smile-fill", gettext_lazy("Très content·e")),
}


@dataclass(frozen=True)
class Option:
    """A button to tick. `nom` and `valeur` are those of its field."""

    nom: str
    valeur: str
    libelle: str
    coche: bool
    icone: str = ""

    @property
    def ident(self) -> str:
        """Without the dots of the name: in the selector of a style sheet they would mean something else."""
        return f"id_{self.nom.replace('.', '-')}_{self.valeur}"


@dataclass(frozen=True)
class Ligne:
    """A row of a matrix, or a choice to rank."""

    libelle: str
    nom: str
    options: Sequence[Option] = ()
    valeur: str = ""

    @property
    def ident(self) -> str:
        return f"id_{self.nom.replace('.', '-')}"


@dataclass(frozen=True)
class Affichee:
    """An element of a page, with what is typed and what is wrong with it."""

    question: Question
    brut: Brut = field(default_factory=dict)
    tort: str = ""
    pieces: Sequence[Any] = ()
    #: Its number among the questions of the whole questionnaire; none for a text between two.
    numero: int | None = None

    @property
    def gabarit(self) -> str:
        return f"consultations/questions/{self.question.genre}.html"

    @property
    def nom(self) -> str:
        return self.question.cle

    @property
    def ident(self) -> str:
        return f"id_{self.question.cle}"

    @property
    def ancre(self) -> str:
        return f"question-{self.question.cle}"

    @property
    def est_un_groupe(self) -> bool:
        """Several fields under one legend, rather than one field and its label."""
        seuls = {Genre.NOMBRE, Genre.DATE, Genre.TEXTE_COURT, Genre.TEXTE_LONG}
        return not self.question.est_muette and self.question.genre not in seuls

    def _saisis(self, suffixe: str = "") -> Sequence[str]:
        return self.brut.get(f"{self.question.cle}{suffixe}", ())

    @property
    def texte(self) -> str:
        """Of a single field, as it was typed."""
        return next(iter(self._saisis()), "")

    @property
    def autre(self) -> str:
        return next(iter(self._saisis(".autre")), "")

    @property
    def latitude(self) -> str:
        return next(iter(self._saisis(".latitude")), "")

    @property
    def longitude(self) -> str:
        return next(iter(self._saisis(".longitude")), "")

    @property
    def mots(self) -> str:
        return next(iter(self._saisis(".mots")), "")

    @property
    def options(self) -> list[Option]:
        """Choices, or degrees of a scale."""
        coches, nom = set(self._saisis()), self.question.cle
        if self.question.genre == Genre.SENTIMENT:
            return [Option(nom, str(n), str(mots), str(n) in coches, icone) for n, (icone, mots) in SENTIMENTS.items()]
        if self.question.genre == Genre.ECHELLE:
            return [Option(nom, str(n), str(n), str(n) in coches) for n in self.question.degres]
        return self._a_cocher(self.question.choix, nom, coches)

    @property
    def option_autre(self) -> Option:
        return Option(self.question.cle, AUTRE, str(_("Autre")), AUTRE in self._saisis())

    @property
    def lignes(self) -> list[Ligne]:
        """Rows of a matrix."""
        faites = []
        for ligne in self.question.lignes:
            nom = f"{self.question.cle}.{ligne.cle}"
            coches = set(self.brut.get(nom, ()))
            faites.append(Ligne(ligne.libelle, nom, self._a_cocher(self.question.choix, nom, coches)))
        return faites

    @property
    def rangs(self) -> list[Ligne]:
        """Choices to rank, each with the places it may take."""
        places = [str(n) for n in range(1, len(self.question.choix) + 1)]
        faits = []
        for choix in self.question.choix:
            nom = f"{self.question.cle}.rang.{choix.cle}"
            saisi = next(iter(self.brut.get(nom, ())), "")
            faits.append(Ligne(choix.libelle, nom, [Option(nom, n, n, n == saisi) for n in places], saisi))
        return faits

    @staticmethod
    def _a_cocher(choix: Sequence[Choix], nom: str, coches: set[str]) -> list[Option]:
        return [Option(nom, c.cle, ecrit_ici(c.libelle), c.cle in coches) for c in choix]

    @property
    def consigne(self) -> str:
        """What a question expects, when its kind alone does not say it."""
        question = self.question
        if question.genre == Genre.MULTIPLE:
            return _consigne_de_choix(question)
        if question.genre == Genre.CLASSEMENT:
            return _("Donnez la place 1 à ce que vous préférez, puis 2, et ainsi de suite.")
        if question.genre == Genre.NOMBRE and (question.minimum is not None and question.maximum is not None):
            bas, haut = question.bornes
            return _("Entre %(bas)s et %(haut)s.") % {"bas": en_chiffres(bas), "haut": en_chiffres(haut)}
        return ""


def _consigne_de_choix(question: Question) -> str:
    bas, haut = question.nombre_de_choix
    tous = len(question.cles_de_choix)
    if bas == haut:
        return _("Cochez %(n)s choix.") % {"n": bas}
    if bas > 1 and haut < tous:
        return _("Cochez de %(bas)s à %(haut)s choix.") % {"bas": bas, "haut": haut}
    if haut < tous:
        return _("Cochez jusqu’à %(n)s choix.") % {"n": haut}
    return _("Cochez au moins %(n)s choix.") % {"n": bas} if bas > 1 else _("Plusieurs choix possibles.")


def tapee_en_mots(question: Question, brut: Brut) -> list[str]:
    """What was typed for a question, as lines to read; as it came when it cannot be read."""
    try:
        return en_mots(question, lire(question, brut))
    except ValidationError:
        return [texte for nom in champs_de(question) for texte in brut.get(nom, ()) if texte.strip()]


def afficher(elements: Sequence[Question], brut: Brut, torts: Mapping[str, str], pieces, numeros) -> list[Affichee]:
    """The elements of a page. `pieces` is {key of a question: files kept}, `numeros` {key: number}."""
    return [
        Affichee(
            element,
            brut,
            torts.get(element.cle, ""),
            pieces.get(element.cle, ()),
            numeros.get(element.cle),
        )
        for element in elements
    ]


def numeros_de(questionnaire) -> dict[str, int]:
    return {question.cle: n for n, question in enumerate(questionnaire.questions, start=1)}


def lignes_de(question: Question) -> list[tuple[str, str]]:
    """(what is counted, its words) of a question of choices or degrees, in its order."""
    if question.genre == Genre.SENTIMENT:
        return [(str(n), str(mots)) for n, (_icone, mots) in SENTIMENTS.items()]
    if question.genre == Genre.ECHELLE:
        return [(str(n), str(n)) for n in question.degres]
    return [(cle, question.libelle_de(cle)) for cle in question.cles_de_choix]


def en_mots(question: Question, valeur: Valeur | None) -> list[str]:
    """An answer as lines to read; none when there is no answer."""
    if valeur is None:
        return []
    if question.genre == Genre.MATRICE:
        return [
            f"{question.libelle_de(ligne)} : {question.libelle_de(colonne)}" for ligne, colonne in valeur.lignes.items()
        ]
    if question.genre == Genre.CLASSEMENT:
        return [f"{rang}. {question.libelle_de(cle)}" for rang, cle in enumerate(valeur.choix, start=1)]
    if valeur.choix:
        return [valeur.autre if cle == AUTRE else question.libelle_de(cle) for cle in valeur.choix]
    if question.genre == Genre.SENTIMENT and valeur.nombre is not None:
        return [str(SENTIMENTS[int(valeur.nombre)][1])]
    if valeur.nombre is not None:
        return [f"{en_chiffres(valeur.nombre)} {question.unite}".strip()]
    if valeur.date is not None:
        return [date_format(valeur.date, "j F Y")]
    if valeur.lieu is not None:
        commune = valeur.lieu.commune
        return [
            valeur.texte
            or (_("Un point à %(commune)s") % {"commune": commune.nom} if commune else _("Un point sur la carte"))
        ]
    if valeur.pieces:
        return [_("%(n)s fichier(s)") % {"n": valeur.pieces}]
    return valeur.texte.split("\n")
