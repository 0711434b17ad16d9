"""A questionnaire as a document: pages, what stands on them, and the jumps between them. Pure: no table, no request.

A version of a consultation keeps it whole, as JSON. Answers name questions, choices and rows by their keys, which stay
the same from one version to the next.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from timeline.chaine import canonique

PAGES_MAX = 30
ELEMENTS_MAX = 40  # of one page
CHOIX_MAX = 60  # of one question, and rows of a matrix
SAUTS_MAX = 8  # of one page
QUESTIONS_D_UN_SONDAGE = 3
FIN = "fin"
AUTRE = "autre"


class QuestionnaireIllisible(ValueError):
    """The document is not one of ours."""


class Genre(TextChoices):
    UNIQUE = "unique", _("Un seul choix")
    MULTIPLE = "multiple", _("Plusieurs choix")
    ECHELLE = "echelle", _("Échelle")
    SENTIMENT = "sentiment", _("Ressenti, en cinq visages")
    MATRICE = "matrice", _("Tableau : une réponse par ligne")
    CLASSEMENT = "classement", _("Classement, du premier au dernier")
    NOMBRE = "nombre", _("Nombre")
    DATE = "date", _("Date")
    TEXTE_COURT = "texte_court", _("Texte court, sur une ligne")
    TEXTE_LONG = "texte_long", _("Texte long")
    LIEU = "lieu", _("Lieu sur la carte")
    FICHIER = "fichier", _("Photo ou document")
    SECTION = "section", _("Titre de partie")
    EXPLICATION = "explication", _("Texte entre les questions")


#: They stand between the questions and ask nothing.
MUETS = frozenset({Genre.SECTION, Genre.EXPLICATION})
A_CHOIX = frozenset({Genre.UNIQUE, Genre.MULTIPLE, Genre.MATRICE, Genre.CLASSEMENT})
CHIFFRES = frozenset({Genre.ECHELLE, Genre.SENTIMENT, Genre.NOMBRE})
TEXTES = frozenset({Genre.TEXTE_COURT, Genre.TEXTE_LONG})
#: Bounds that hold where the questionnaire sets none.
BORNES: dict[str, tuple[Decimal, Decimal]] = {
    Genre.ECHELLE: (Decimal(0), Decimal(10)),
    Genre.SENTIMENT: (Decimal(1), Decimal(5)),
    Genre.NOMBRE: (Decimal("-1e9"), Decimal("1e9")),
}
DEGRES_MAX = 11  # of a scale: one line of a phone
LONGUEURS = {Genre.TEXTE_COURT: 200, Genre.TEXTE_LONG: 4000}
DECIMALES_MAX = 3


class Condition(TextChoices):
    TOUJOURS = "toujours", _("dans tous les cas")
    CHOISI = "choisi", _("ce choix est coché")
    PAS_CHOISI = "pas_choisi", _("ce choix n’est pas coché")
    AU_MOINS = "au_moins", _("le nombre est d’au moins")
    AU_PLUS = "au_plus", _("le nombre est d’au plus")
    REPONDU = "repondu", _("la personne a répondu")
    SANS_REPONSE = "sans_reponse", _("la personne n’a pas répondu")


def conditions_de(genre: str) -> tuple[str, ...]:
    """What a jump may ask of a question of this kind."""
    if genre in MUETS:
        return ()
    communes = (Condition.REPONDU, Condition.SANS_REPONSE)
    if genre in {Genre.UNIQUE, Genre.MULTIPLE}:
        return (Condition.CHOISI, Condition.PAS_CHOISI, *communes)
    return (Condition.AU_MOINS, Condition.AU_PLUS, *communes) if genre in CHIFFRES else communes


def nouvelle_cle() -> str:
    """Drawn, never derived from a place in the order: what is moved or written again keeps its answers."""
    return secrets.token_hex(4)


@dataclass(frozen=True)
class Choix:
    """An answer to choose, or a row of a matrix."""

    cle: str
    libelle: str


@dataclass(frozen=True)
class Question:
    """Something on a page: a question, or a title or a text between two (`est_muette`).

    `minimum` and `maximum`: how many choices (several choices, ranking), or which numbers (scale, number), or how many
    characters (texts). `territoire`: slug of the one that a place must be in.
    """

    cle: str
    genre: str
    intitule: str
    aide: str = ""
    obligatoire: bool = False
    choix: tuple[Choix, ...] = ()
    lignes: tuple[Choix, ...] = ()
    avec_autre: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimales: int = 0
    unite: str = ""
    debut: str = ""  # words at the low end of a scale
    fin: str = ""
    territoire: str = ""

    @property
    def est_muette(self) -> bool:
        return self.genre in MUETS

    @property
    def bornes(self) -> tuple[Decimal, Decimal]:
        """Lowest and highest number that it takes; of a kind that counts something else, meaningless."""
        bas, haut = BORNES.get(self.genre, BORNES[Genre.NOMBRE])
        return (bas if self.minimum is None else self.minimum, haut if self.maximum is None else self.maximum)

    @property
    def degres(self) -> list[int]:
        """The numbers of a scale."""
        bas, haut = self.bornes
        return list(range(int(bas), int(haut) + 1))

    @property
    def longueur_max(self) -> int:
        return int(self.maximum or LONGUEURS[Genre(self.genre)])

    @property
    def nombre_de_choix(self) -> tuple[int, int]:
        """How many choices an answer holds, least and most, when there is one."""
        offerts = len(self.choix) + self.avec_autre
        bas = max(1, int(self.minimum or 1))
        return bas, min(int(self.maximum or offerts), offerts)

    @property
    def cles_de_choix(self) -> tuple[str, ...]:
        cles = tuple(choix.cle for choix in self.choix)
        return (*cles, AUTRE) if self.avec_autre else cles

    def libelle_de(self, cle: str) -> str:
        if cle == AUTRE:
            return str(_("Autre"))
        return next((c.libelle for c in (*self.choix, *self.lignes) if c.cle == cle), cle)


@dataclass(frozen=True)
class Saut:
    """Where a page leads when something was answered on it. The first one that is true decides.

    `valeur`: key of a choice, or a number as text. `vers`: key of a page, or FIN.
    """

    condition: str
    vers: str
    question: str = ""
    valeur: str = ""


@dataclass(frozen=True)
class Page:
    cle: str
    titre: str = ""
    elements: tuple[Question, ...] = ()
    sauts: tuple[Saut, ...] = ()

    @property
    def questions(self) -> list[Question]:
        return [element for element in self.elements if not element.est_muette]


@dataclass(frozen=True)
class Questionnaire:
    pages: tuple[Page, ...] = ()

    @property
    def questions(self) -> list[Question]:
        return [question for page in self.pages for question in page.questions]

    def page(self, cle: str) -> Page | None:
        return next((page for page in self.pages if page.cle == cle), None)

    def element(self, cle: str) -> Question | None:
        return next((element for page in self.pages for element in page.elements if element.cle == cle), None)

    def page_de(self, cle: str) -> Page | None:
        """The page on which this element stands."""
        return next((page for page in self.pages if any(element.cle == cle for element in page.elements)), None)

    def rang(self, page: Page) -> int:
        """From one on."""
        return self.pages.index(page) + 1

    def remplacer(self, page: Page) -> "Questionnaire":
        """The same with this page in the place of the one that has its key."""
        return replace(self, pages=tuple(page if p.cle == page.cle else p for p in self.pages))

    def sauts_sur(self, question: str) -> Iterator[tuple[Page, Saut]]:
        """Jumps that ask about this question."""
        return ((page, saut) for page in self.pages for saut in page.sauts if saut.question == question)

    def sauts_vers(self, page: str) -> Iterator[tuple[Page, Saut]]:
        return ((depuis, saut) for depuis in self.pages for saut in depuis.sauts if saut.vers == page)

    # --- As JSON -----------------------------------------------------------------------------------------------------

    def en_json(self) -> dict[str, Any]:
        """Plain values, numbers as text so that they stay exact."""
        return _simple(asdict(self))

    @classmethod
    def de_json(cls, document: object) -> "Questionnaire":
        """Raises QuestionnaireIllisible."""
        try:
            return _lire(cls, document)
        except (TypeError, KeyError, ValueError, AttributeError, ArithmeticError) as erreur:
            raise QuestionnaireIllisible(str(erreur)) from erreur

    @property
    def empreinte(self) -> str:
        """SHA-256 of the document, hexadecimal."""
        return hashlib.sha256(canonique(self.en_json())).hexdigest()


def _simple(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return {nom: _simple(v) for nom, v in valeur.items() if isinstance(v, Decimal) or v}
    if isinstance(valeur, list | tuple):
        return [_simple(v) for v in valeur]
    return str(valeur) if isinstance(valeur, Decimal) else valeur


_PARTIES = {"pages": Page, "elements": Question, "sauts": Saut, "choix": Choix, "lignes": Choix}


def _lire(classe: Any, document: Any) -> Any:
    """An instance of `classe` from a dict; an unknown name or a value of another type is refused."""
    connus = {champ.name: champ for champ in fields(classe)}
    if not isinstance(document, dict) or set(document) - set(connus):
        raise QuestionnaireIllisible(f"{classe.__name__} : {document!r:.80}")
    valeurs: dict[str, Any] = {}
    for nom, valeur in document.items():
        if nom in _PARTIES:
            valeurs[nom] = tuple(_lire(_PARTIES[nom], partie) for partie in valeur)
        elif nom in {"minimum", "maximum"}:
            valeurs[nom] = Decimal(valeur)
        elif isinstance(valeur, type(connus[nom].default) if connus[nom].default is not _SANS_DEFAUT else str):
            valeurs[nom] = valeur
        else:
            raise QuestionnaireIllisible(f"{nom} : {valeur!r:.80}")
    return classe(**valeurs)


_SANS_DEFAUT = fields(Choix)[0].default
