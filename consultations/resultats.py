"""What the answers to a consultation say, question by question: exact counts over the rows, in a constant number of queries.

Questions of two versions add up when key, kind, choices and rows are the same; otherwise they stand apart, each with the
versions that asked it. A share is the count over the people who answered that question, or that row of a matrix; shares of a
single choice add up to a hundred, apart from their rounding to one decimal, and those of several choices need not.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Count, Exists, F, OuterRef, Value
from django.db.models.functions import MD5, Cast, Concat, TruncMonth
from django.utils.translation import gettext as _

from consultations.affichage import lignes_de
from consultations.models import Consultation, Donnee, Ecrit
from consultations.petits_groupes import SEUIL
from consultations.questionnaire import TEXTES, Genre, Question
from territoires.models import Territoire

#: Decimals of a degree: about a hundred metres, so that a point says where, and not at whose door.
DECIMALES_DU_LIEU = 3
POINTS_MONTRES = 2000


@dataclass(frozen=True)
class Part:
    """A line of a picture and of its table: so many people, and their share in percent of those who answered."""

    libelle: str
    nombre: int
    part: float
    cle: str = ""

    @property
    def intensite(self) -> int:
        """From none to strong, 0 to 4: the tint of a cell. Its number is written in it."""
        return min(4, -(-int(self.part) // 25))


@dataclass(frozen=True)
class Resume:
    """Of numbers: least, first quartile, median, third quartile, greatest, mean.

    Quartiles are of the nearest-rank kind: each is a number that somebody answered (Hyndman and Fan 1996, definition 1).
    """

    minimum: Decimal
    q1: Decimal
    mediane: Decimal
    q3: Decimal
    maximum: Decimal
    moyenne: float


@dataclass
class Resultat:
    """Of one question, over the versions that asked it in the same way."""

    question: Question
    numero: int
    versions: list[int]
    #: Answers to the versions that ask it, and those of them that answer it: jumps and refusals make the difference.
    recues: int = 0
    repondantes: int = 0
    parts: list[Part] = field(default_factory=list)
    #: Of a matrix: one line per row, its columns as parts.
    lignes: list[tuple[str, list[Part]]] = field(default_factory=list)
    resume: Resume | None = None
    #: Of a ranking: (choice, first places, mean place, points), best first.
    rangs: list[dict[str, Any]] = field(default_factory=list)
    #: At most POINTS_MONTRES of them, of `lieux` in all.
    points: list[tuple[float, float]] = field(default_factory=list)
    lieux: int = 0
    #: Words that their author lets be published, and those that stay with the team.
    #: Too few to be told while more may come: two readings would tell what one person answered.
    est_retenu: bool = False
    textes_publiables: int = 0
    textes_tus: int = 0
    #: Words that moderation hides, of those that could be published.
    textes_masques: int = 0
    #: Wordings of older versions, where they differ; and of choices: (then, now).
    autrefois: list[str] = field(default_factory=list)
    choix_autrefois: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ident(self) -> str:
        """Of its place on the page: two versions of a question that stand apart share its key."""
        return f"{self.question.cle}-{self.versions[0]}"

    @property
    def degre_median(self) -> str:
        """The words of the median, of a scale or of faces; a median of whole degrees is one of them."""
        return dict(lignes_de(self.question)).get(str(int(self.resume.mediane)), "") if self.resume else ""

    @property
    def points_de_carte(self) -> list[dict]:
        return [{"lat": lat, "lon": lon, "titre": self.question.intitule} for lat, lon in self.points]

    @property
    def a_des_textes(self) -> bool:
        return self.question.genre in TEXTES or self.question.avec_autre


@dataclass(frozen=True)
class Resultats:
    participations: int
    questions: list[Resultat]
    versions: int

    @property
    def plusieurs_versions(self) -> bool:
        return self.versions > 1


def pourcent(nombre: int, total: int) -> float:
    return round(100 * nombre / total, 1) if total else 0.0


def parts(lignes: Sequence[tuple[str, str, int]], total: int) -> list[Part]:
    """Of lines (key, words, count)."""
    return [Part(mots, nombre, pourcent(nombre, total), cle) for cle, mots, nombre in lignes]


# --- Which questions -------------------------------------------------------------------------------------------------


def forme(question: Question) -> tuple:
    """What two versions of a question must share for their answers to be counted together."""
    return (
        question.cle,
        question.genre,
        tuple(sorted(question.cles_de_choix)),
        tuple(sorted(ligne.cle for ligne in question.lignes)),
        *_mesure(question),
    )


def _mesure(question: Question) -> tuple:
    """What its numbers mean: a four out of five is not a four out of ten, nor are minutes kilometres."""
    if question.genre == Genre.ECHELLE:
        return (*question.bornes, question.debut, question.fin)
    return (question.unite,) if question.genre == Genre.NOMBRE else ()


class Posee(NamedTuple):
    """A question as last asked, numbers of its versions, their primary keys, older wordings of it and of its choices."""

    question: Question
    numeros: list[int]
    cles: list[int]
    autrefois: list[str]
    choix_autrefois: list[tuple[str, str]]


def questions_posees(consultation: Consultation) -> list[Posee]:
    """In the order of the last version; what only older ones asked comes last. One query."""
    posees: dict[tuple, Posee] = {}
    for version in consultation.versions.publiees().order_by("-numero"):
        for question in version.questionnaire.questions:
            posee = posees.setdefault(forme(question), Posee(question, [], [], [], []))
            posee.numeros.append(version.numero)
            posee.cles.append(version.pk)
            if question.intitule not in {posee.question.intitule, *posee.autrefois}:
                posee.autrefois.append(question.intitule)
            for choix in (*question.choix, *question.lignes):
                change = (choix.libelle, posee.question.libelle_de(choix.cle))
                if change[0] != change[1] and change not in posee.choix_autrefois:
                    posee.choix_autrefois.append(change)
    return list(posees.values())


# --- Counting ----------------------------------------------------------------------------------------------------------


def montrer(consultation: Consultation, posees: list[Posee] | None = None) -> Resultats:
    """What everybody sees: all that is counted; while more answers may come, no detail of a question of a few people."""
    return compter(consultation, posees, seuil=0 if consultation.est_finie else SEUIL)


def compter(consultation: Consultation, posees: list[Posee] | None = None, *, seuil: int = 0) -> Resultats:
    """Every figure, texts apart. Nine queries at most, however many questions and answers. Questions that fewer than `seuil`
    people answered are withheld."""
    releve = _Releve(consultation)
    posees = questions_posees(consultation) if posees is None else posees
    resultats = [releve.resultat(posee, numero, seuil) for numero, posee in enumerate(posees, start=1)]
    return Resultats(sum(releve.recues.values()), resultats, len({n for posee in posees for n in posee.numeros}))


class _Releve:
    """The rows of a consultation, counted by the database: {(question, version): …} of each kind of datum."""

    def __init__(self, consultation: Consultation):
        donnees = Donnee.objects.comptees().filter(participation__consultation=consultation).order_by()
        ici = donnees.annotate(version=F("participation__version"))
        comptees = consultation.participations.comptees().order_by()
        self.recues = Counter(dict(comptees.values_list("version").annotate(n=Count("pk"))))
        self.repondantes: Counter = Counter()
        for question, version, n in ici.values_list("question", "version").annotate(
            n=Count("participation", distinct=True)
        ):
            self.repondantes[question, version] = n
        self.choix: dict[tuple, Counter] = defaultdict(Counter)
        for question, version, ligne, choix, rang, n in (
            ici.exclude(choix="").values_list("question", "version", "ligne", "choix", "rang").annotate(n=Count("pk"))
        ):
            self.choix[question, version][ligne, choix, rang] += n
        self.nombres: dict[tuple, Counter] = defaultdict(Counter)
        for question, version, nombre, n in (
            ici.filter(nombre__isnull=False).values_list("question", "version", "nombre").annotate(n=Count("pk"))
        ):
            self.nombres[question, version][nombre] += n
        self.mois: dict[tuple, Counter] = defaultdict(Counter)
        for question, version, mois, n in (
            ici.filter(date__isnull=False)
            .annotate(mois=TruncMonth("date"))
            .values_list("question", "version", "mois")
            .annotate(n=Count("pk"))
        ):
            self.mois[question, version][mois] += n
        self.points: dict[tuple, list] = defaultdict(list)
        self.communes: dict[tuple, Counter] = defaultdict(Counter)
        for question, version, lat, lon, territoire in ici.filter(latitude__isnull=False).values_list(
            "question", "version", "latitude", "longitude", "territoire"
        ):
            self.points[question, version].append(
                (round(lat or 0, DECIMALES_DU_LIEU), round(lon or 0, DECIMALES_DU_LIEU))
            )
            self.communes[question, version][territoire] += 1
        noms = {t for compte in self.communes.values() for t in compte if t}
        self.noms = dict(Territoire.objects.filter(pk__in=noms).values_list("pk", "nom")) if noms else {}
        self.textes: Counter = Counter()
        ecrites = ici.ecrites().annotate(masquee=est_masquee())
        for question, version, accord, masquee, n in ecrites.values_list(
            "question", "version", "participation__accord_textes", "masquee"
        ).annotate(n=Count("pk")):
            self.textes[question, version, "masque" if accord and masquee else accord] += n

    @staticmethod
    def _sur(compteurs, question: Question, cles: list[int]) -> Counter:
        total: Counter = Counter()
        for cle in cles:
            total.update(compteurs.get((question.cle, cle), {}))
        return total

    def resultat(self, posee: Posee, numero: int, seuil: int) -> Resultat:
        question, cles = posee.question, posee.cles
        resultat = Resultat(
            question, numero, sorted(posee.numeros), autrefois=posee.autrefois, choix_autrefois=posee.choix_autrefois
        )
        resultat.recues = sum(self.recues[cle] for cle in cles)
        resultat.repondantes = sum(self.repondantes[question.cle, cle] for cle in cles)
        resultat.textes_publiables = sum(self.textes[question.cle, cle, True] for cle in cles)
        resultat.textes_tus = sum(self.textes[question.cle, cle, False] for cle in cles)
        resultat.textes_masques = sum(self.textes[question.cle, cle, "masque"] for cle in cles)
        if resultat.repondantes < seuil:
            resultat.est_retenu = True
            return resultat
        {
            Genre.UNIQUE: self._choix,
            Genre.MULTIPLE: self._choix,
            Genre.MATRICE: self._matrice,
            Genre.CLASSEMENT: self._classement,
            Genre.ECHELLE: self._degres,
            Genre.SENTIMENT: self._degres,
            Genre.NOMBRE: self._nombres,
            Genre.DATE: self._dates,
            Genre.LIEU: self._lieux,
        }.get(Genre(question.genre), _rien)(resultat, cles)
        return resultat

    def _choix(self, resultat: Resultat, cles) -> None:
        question = resultat.question
        comptes: Counter = Counter()
        for (_ligne, choix, _rang), n in self._sur(self.choix, question, cles).items():
            comptes[choix] += n
        lignes = [(cle, mots, comptes[cle]) for cle, mots in lignes_de(question)]
        resultat.parts = parts(lignes, resultat.repondantes)

    def _matrice(self, resultat: Resultat, cles) -> None:
        question = resultat.question
        comptes = self._sur(self.choix, question, cles)
        for ligne in question.lignes:
            colonnes = [(c.cle, c.libelle, comptes[ligne.cle, c.cle, None]) for c in question.choix]
            total = sum(n for _cle, _mots, n in colonnes)
            resultat.lignes.append((ligne.libelle, parts(colonnes, total)))

    def _classement(self, resultat: Resultat, cles) -> None:
        """Points: as many as choices for a first place, one less for the next, none when not ranked (Borda 1784)."""
        question = resultat.question
        comptes = self._sur(self.choix, question, cles)
        offerts = len(question.choix)
        for choix in question.choix:
            rangs = {rang: n for (_ligne, cle, rang), n in comptes.items() if cle == choix.cle}
            fois = sum(rangs.values())
            resultat.rangs.append(
                {
                    "cle": choix.cle,
                    "libelle": choix.libelle,
                    "premieres": rangs.get(1, 0),
                    "fois": fois,
                    "moyen": round(sum(rang * n for rang, n in rangs.items()) / fois, 1) if fois else None,
                    "points": sum((offerts + 1 - rang) * n for rang, n in rangs.items()),
                }
            )
        resultat.rangs.sort(key=lambda ligne: (-ligne["points"], ligne["libelle"]))
        premieres = sorted(resultat.rangs, key=lambda ligne: -ligne["premieres"])
        lignes = [(ligne["cle"], ligne["libelle"], ligne["premieres"]) for ligne in premieres]
        resultat.parts = parts(lignes, resultat.repondantes)

    def _degres(self, resultat: Resultat, cles) -> None:
        question = resultat.question
        comptes = self._sur(self.nombres, question, cles)
        lignes = [(cle, mots, comptes[Decimal(cle)]) for cle, mots in lignes_de(question)]
        resultat.parts = parts(lignes, resultat.repondantes)
        resultat.resume = resumer(comptes)

    def _nombres(self, resultat: Resultat, cles) -> None:
        comptes = self._sur(self.nombres, resultat.question, cles)
        resultat.resume = resumer(comptes)
        lignes = [(mots, mots, n) for mots, n in tranches(comptes)]
        resultat.parts = parts(lignes, resultat.repondantes)

    def _dates(self, resultat: Resultat, cles) -> None:
        comptes = self._sur(self.mois, resultat.question, cles)
        lignes = [(mois.strftime("%Y-%m"), mois.strftime("%m/%Y"), comptes[mois]) for mois in sorted(comptes)]
        resultat.parts = parts(lignes, resultat.repondantes)

    def _lieux(self, resultat: Resultat, cles) -> None:
        comptes = self._sur(self.communes, resultat.question, cles)
        lignes = sorted(
            ((self.noms.get(t, str(_("Ailleurs"))), n) for t, n in comptes.items()), key=lambda c: (-c[1], c[0])
        )
        resultat.parts = parts([(nom, nom, n) for nom, n in lignes], resultat.repondantes)
        points = sorted(point for cle in cles for point in self.points.get((resultat.question.cle, cle), []))
        resultat.lieux = len(points)
        # One in so many when there are too many, from south to north: no part of the map is left empty.
        resultat.points = points[:: -(-len(points) // POINTS_MONTRES)] if points else []


def _rien(_resultat, _cles) -> None:
    """Texts are read on their own page, files by the team alone: their count is all there is to say."""


def resumer(comptes: Counter) -> Resume | None:
    """`comptes` is {number: how many answered it}."""
    total = sum(comptes.values())
    if not total:
        return None
    nombres = sorted(comptes)

    def rang(part: float) -> Decimal:
        """The smallest number that at least this part of the answers do not exceed."""
        vus = 0
        for nombre in nombres:
            vus += comptes[nombre]
            if vus >= part * total:
                return nombre
        return nombres[-1]

    moyenne = float(sum(nombre * n for nombre, n in comptes.items()) / total)
    return Resume(nombres[0], rang(0.25), rang(0.5), rang(0.75), nombres[-1], round(moyenne, 1))


TRANCHES_MAX = 10


def tranches(comptes: Counter) -> list[tuple[str, int]]:
    """Numbers as a histogram: one bar per number while there are few, else at most ten classes of equal width."""
    if not comptes:
        return []
    nombres = sorted(comptes)
    if len(nombres) <= TRANCHES_MAX:
        return [(_ecrit(nombre), comptes[nombre]) for nombre in nombres]
    if all(nombre == int(nombre) for nombre in nombres):
        return _classes_entieres(comptes, int(nombres[0]), int(nombres[-1]))
    bas, largeur = nombres[0], (nombres[-1] - nombres[0]) / TRANCHES_MAX
    bornes = [bas + largeur * n for n in range(TRANCHES_MAX + 1)]
    comptees = [0] * TRANCHES_MAX
    for nombre, n in comptes.items():
        comptees[min(int((nombre - bas) / largeur), TRANCHES_MAX - 1)] += n
    arrondies = [_ecrit(round(borne, 1)) for borne in bornes]
    return [(f"{arrondies[n]} – {arrondies[n + 1]}", comptees[n]) for n in range(TRANCHES_MAX)]


def _classes_entieres(comptes: Counter, bas: int, haut: int) -> list[tuple[str, int]]:
    """Whole numbers keep whole bounds: « 2 – 4 », then « 5 – 7 »."""
    largeur = -(-(haut - bas + 1) // TRANCHES_MAX)
    classes = []
    for debut in range(bas, haut + 1, largeur):
        fin = min(debut + largeur - 1, haut)
        libelle = f"{debut} – {fin}" if fin > debut else str(debut)
        classes.append((libelle, sum(n for nombre, n in comptes.items() if debut <= nombre <= fin)))
    return classes


def _ecrit(nombre: Decimal) -> str:
    return format(Decimal(nombre).normalize(), "f").replace(".", ",")


# --- Texts -------------------------------------------------------------------------------------------------------------


def est_masquee() -> Exists:
    """Of rows of Donnee: does moderation hide their words?"""
    return Exists(
        Ecrit.objects.masques().filter(participation=OuterRef("participation"), question=OuterRef("question"))
    )


def textes_de(consultation: Consultation, cle: str, versions: Sequence[int], *, tous: bool = False):
    """Words answered to a question, « autre » included, of those who let them be published; not the words of a place.

    Rows with `texte`, `reference`, `publiable`, `masquee`. `tous`: for the team, also words that are not to be published, or
    that moderation hides. In an order that is drawn for this question and stays: neither time, nor numbers, nor the place of
    the same person's words under another question can be read from it, nor from the reference.
    """
    sel = hmac.new(settings.SECRET_KEY.encode(), f"{consultation.pk}/{cle}".encode(), hashlib.sha256).hexdigest()
    tire = MD5(Concat(Value(sel), Cast("participation__numero", CharField()), output_field=CharField()))
    ecrites = (
        Donnee.objects.comptees()
        .ecrites()
        .filter(question=cle, participation__consultation=consultation, participation__version__in=versions)
        .annotate(reference=tire, publiable=F("participation__accord_textes"), masquee=est_masquee())
        .order_by("reference")
    )
    return ecrites if tous else ecrites.filter(publiable=True, masquee=False)
