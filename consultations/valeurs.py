"""What somebody answered to one question: from the fields of a page to a value, and back.

What is typed (`brut`) is kept as it came, {field name: [texts]}, even when it is wrong. The fields of a question bear its
key: `cle` itself, `cle.autre`, `cle.<row>` of a matrix, `cle.rang.<choice>` of a ranking, `cle.latitude`, `cle.longitude`, `cle.mots`
of a place.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.questionnaire import AUTRE, Genre, Question
from socle.champs import assainir
from territoires import geometrie
from territoires.adresses import trouver
from territoires.champs import Lieu, situer
from territoires.models import Territoire

Brut = Mapping[str, list[str]]
AUTRE_MAX = 200  # characters
ANNEES = (1900, 2100)
JOUR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Valeur:
    """An answer; which fields hold something depends on the kind of its question."""

    choix: tuple[str, ...] = ()  # in order of preference for a ranking
    autre: str = ""
    lignes: Mapping[str, str] = field(default_factory=dict)  # {row: column}
    nombre: Decimal | None = None
    texte: str = ""
    date: datetime.date | None = None
    lieu: Lieu | None = None
    pieces: int = 0  # how many files are kept


def champs_de(question: Question) -> list[str]:
    """Names of its fields on the page, files apart."""
    cle = question.cle
    if question.genre == Genre.MATRICE:
        return [f"{cle}.{ligne.cle}" for ligne in question.lignes]
    if question.genre == Genre.CLASSEMENT:
        return [f"{cle}.rang.{choix.cle}" for choix in question.choix]
    if question.genre == Genre.LIEU:
        return [f"{cle}.latitude", f"{cle}.longitude", f"{cle}.mots"]
    return [cle, f"{cle}.autre"] if question.avec_autre else [cle]


def lire(question: Question, brut: Brut, *, pieces: int = 0) -> Valeur | None:
    """The answer, or None when there is none. Raises ValidationError with one sentence."""
    valeur = _LECTEURS[question.genre](question, brut, pieces)
    if valeur is None and question.obligatoire:
        raise ValidationError(_("Cette question attend une réponse."), code="required")
    return valeur


def ecrire(question: Question, valeur: Valeur) -> dict[str, list[str]]:
    """The fields as they would have been typed: what a correction starts from."""
    cle = question.cle
    if question.genre == Genre.MATRICE:
        return {f"{cle}.{ligne}": [colonne] for ligne, colonne in valeur.lignes.items()}
    if question.genre == Genre.CLASSEMENT:
        return {f"{cle}.rang.{choix}": [str(rang)] for rang, choix in enumerate(valeur.choix, start=1)}
    if question.genre == Genre.LIEU:
        lieu = valeur.lieu
        point = {f"{cle}.latitude": [str(lieu.lat)], f"{cle}.longitude": [str(lieu.lon)]} if lieu else {}
        return point | ({f"{cle}.mots": [valeur.texte]} if valeur.texte else {})
    if valeur.choix:
        return {cle: list(valeur.choix)} | ({f"{cle}.autre": [valeur.autre]} if valeur.autre else {})
    if valeur.nombre is not None:
        return {cle: [format(valeur.nombre.normalize(), "f")]}
    if valeur.date is not None:
        return {cle: [valeur.date.isoformat()]}
    return {cle: [valeur.texte]} if valeur.texte else {}


def _premier(brut: Brut, nom: str) -> str:
    return next(iter(brut.get(nom, ())), "").strip()


# --- One reader per kind -----------------------------------------------------------------------------------------


def _choix_unique(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    choisi = _premier(brut, question.cle)
    choix = (_connu(question, choisi),) if choisi else ()
    autre = _autre(question, brut, coche=AUTRE in choix)
    return Valeur(choix=choix, autre=autre) if choix else None


def _choix_multiples(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    coches = dict.fromkeys(c for c in brut.get(question.cle, ()) if c)
    choisis = tuple(_connu(question, cle) for cle in coches)
    autre = _autre(question, brut, coche=AUTRE in choisis)
    if not choisis:
        return None
    bas, haut = question.nombre_de_choix
    if len(choisis) < bas:
        raise ValidationError(
            ngettext("Cochez au moins %(n)s choix.", "Cochez au moins %(n)s choix.", bas) % {"n": bas}
        )
    if len(choisis) > haut:
        phrase = ngettext("Cochez %(n)s choix au plus.", "Cochez %(n)s choix au plus.", haut) % {"n": haut}
        raise ValidationError(phrase)
    return Valeur(choix=tuple(cle for cle in question.cles_de_choix if cle in choisis), autre=autre)


def _connu(question: Question, cle: str) -> str:
    if cle not in question.cles_de_choix:
        raise ValidationError(_("Ce choix n’est pas proposé : choisissez dans la liste."), code="invalid_choice")
    return cle


def _autre(question: Question, brut: Brut, *, coche: bool) -> str:
    """The words of « autre ». Words without the tick would be lost without a word: it is asked."""
    if not question.avec_autre:
        return ""
    mots = assainir(_premier(brut, f"{question.cle}.autre"), lignes=False)
    if len(mots) > AUTRE_MAX:
        raise ValidationError(_("C’est trop long : %(n)s caractères au plus.") % {"n": AUTRE_MAX})
    if coche and not mots:
        raise ValidationError(_("Vous avez choisi « Autre » : dites quoi en quelques mots."))
    if mots and not coche:
        raise ValidationError(_("Vous avez écrit dans « Autre » : cochez-le aussi, ou effacez ces mots."))
    return mots


def _matrice(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    lignes = {}
    for ligne in question.lignes:
        if colonne := _premier(brut, f"{question.cle}.{ligne.cle}"):
            lignes[ligne.cle] = _connu(question, colonne)
    if lignes and question.obligatoire and len(lignes) < len(question.lignes):
        manque = next(ligne.libelle for ligne in question.lignes if ligne.cle not in lignes)
        raise ValidationError(_("Il manque une réponse à la ligne « %(ligne)s ».") % {"ligne": manque})
    return Valeur(lignes=lignes) if lignes else None


def _classement(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    rangs: dict[int, str] = {}
    for choix in question.choix:
        ecrit = _premier(brut, f"{question.cle}.rang.{choix.cle}")
        if not ecrit:
            continue
        if not (ecrit.isascii() and ecrit.isdecimal() and len(ecrit) < 4 and 1 <= int(ecrit) <= len(question.choix)):
            raise ValidationError(_("Donnez à chaque choix une place entre 1 et %(n)s.") % {"n": len(question.choix)})
        if int(ecrit) in rangs:
            raise ValidationError(_("Deux choix ont la place %(n)s : une place ne sert qu’une fois.") % {"n": ecrit})
        rangs[int(ecrit)] = choix.cle
    if not rangs:
        return None
    if sorted(rangs) != list(range(1, len(rangs) + 1)):
        raise ValidationError(_("Les places se suivent à partir de 1 : il en manque une."))
    bas, haut = question.nombre_de_choix
    if len(rangs) < bas:
        raise ValidationError(
            ngettext("Classez au moins %(n)s choix.", "Classez au moins %(n)s choix.", bas) % {"n": bas}
        )
    if len(rangs) > haut:
        raise ValidationError(
            ngettext("Classez %(n)s choix au plus.", "Classez %(n)s choix au plus.", haut) % {"n": haut}
        )
    return Valeur(choix=tuple(rangs[rang] for rang in sorted(rangs)))


def _nombre(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    ecrit = _premier(brut, question.cle)
    if not ecrit:
        return None
    nombre = decimal_de(ecrit)
    if nombre is None:
        raise ValidationError(_("Écrivez un nombre en chiffres, par exemple 12."))
    decimales = question.decimales if question.genre == Genre.NOMBRE else 0
    if nombre != round(nombre, decimales):
        if decimales:
            raise ValidationError(
                ngettext(
                    "%(n)s chiffre après la virgule au plus.", "%(n)s chiffres après la virgule au plus.", decimales
                )
                % {"n": decimales}
            )
        raise ValidationError(_("Écrivez un nombre entier, sans virgule."))
    bas, haut = question.bornes
    if not bas <= nombre <= haut:
        raise ValidationError(
            _("Écrivez un nombre entre %(bas)s et %(haut)s.") % {"bas": en_chiffres(bas), "haut": en_chiffres(haut)}
        )
    return Valeur(nombre=nombre)


def decimal_de(ecrit: str) -> Decimal | None:
    """A number as people write it: French comma, spaces between thousands. None when it is none."""
    texte = (
        "".join(ecrit.split()).replace("\N{NARROW NO-BREAK SPACE}", "").replace(",", ".").replace("\N{MINUS SIGN}", "-")
    )
    if len(texte) > 20 or not texte.isascii() or "e" in texte.lower() or "_" in texte:
        return None
    try:
        nombre = Decimal(texte)
    except InvalidOperation:
        return None
    return nombre if nombre.is_finite() else None


def en_chiffres(nombre: Decimal) -> str:
    return format(nombre.normalize(), "f").replace(".", ",")


def _date(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    ecrit = _premier(brut, question.cle)
    if not ecrit:
        return None
    try:
        jour = JOUR.fullmatch(ecrit)
        date = datetime.date(*map(int, reversed(jour.groups()))) if jour else datetime.date.fromisoformat(ecrit[:20])
    except ValueError:
        date = None
    if date is not None and ANNEES[0] <= date.year <= ANNEES[1]:
        return Valeur(date=date)
    exemple = date_format(datetime.date(2027, 3, 31), "d/m/Y")
    raise ValidationError(_("Écrivez une date qui existe, par exemple %(exemple)s.") % {"exemple": exemple})


def _texte(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    texte = assainir(_premier(brut, question.cle), lignes=question.genre == Genre.TEXTE_LONG)
    if len(texte) > question.longueur_max:
        raise ValidationError(
            _("C’est trop long : %(n)s caractères au plus, et il y en a %(ecrits)s.")
            % {"n": question.longueur_max, "ecrits": len(texte)}
        )
    return Valeur(texte=texte) if texte else None


def _lieu(question: Question, brut: Brut, _pieces: int) -> Valeur | None:
    cle = question.cle
    mots = assainir(_premier(brut, f"{cle}.mots"), lignes=False)[:200]
    lieu = situer(_premier(brut, f"{cle}.latitude"), _premier(brut, f"{cle}.longitude"))
    if lieu is None and mots:
        endroit = trouver(mots, None)
        if endroit is None:
            raise ValidationError(
                _("Nous ne trouvons pas cet endroit : montrez-le sur la carte, ou écrivez une adresse.")
            )
        lieu = situer(endroit.lat, endroit.lon)
    if lieu is None:
        return None
    if question.territoire:
        territoire = Territoire.objects.filter(slug=question.territoire).first()
        if territoire is not None and not _est_dans(lieu, territoire):
            raise ValidationError(
                _("Cette question porte sur %(territoire)s : choisissez un point à l’intérieur.")
                % {"territoire": territoire.nom}
            )
    return Valeur(lieu=lieu, texte=mots)


def _est_dans(lieu: Lieu, territoire: Territoire) -> bool:
    """Inside its outline; where it has none, in its commune, which is as near as one can tell."""
    if territoire.contour:
        return geometrie.contient(territoire.contour, lieu.lon, lieu.lat)
    commune = lieu.commune
    return commune is None or commune.pk in {territoire.pk, territoire.parent_id} or commune.parent_id == territoire.pk


def _fichier(_question: Question, _brut: Brut, pieces: int) -> Valeur | None:
    return Valeur(pieces=pieces) if pieces else None


_LECTEURS: dict[str, Callable[[Question, Brut, int], Valeur | None]] = {
    Genre.UNIQUE: _choix_unique,
    Genre.MULTIPLE: _choix_multiples,
    Genre.ECHELLE: _nombre,
    Genre.SENTIMENT: _nombre,
    Genre.MATRICE: _matrice,
    Genre.CLASSEMENT: _classement,
    Genre.NOMBRE: _nombre,
    Genre.DATE: _date,
    Genre.TEXTE_COURT: _texte,
    Genre.TEXTE_LONG: _texte,
    Genre.LIEU: _lieu,
    Genre.FICHIER: _fichier,
}
