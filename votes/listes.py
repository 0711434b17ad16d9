"""A list of options typed by hand or read in a table: every line is read, every bad one is named, nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from idees.importation.lecture import Tableau
from socle.champs import assainir
from territoires.models import Territoire
from votes.composition import OPTIONS_MAX
from votes.models import Enveloppe, Option
from votes.montants import en_centimes

#: Columns of a table, and the other names that people give them (as `slugify` writes them).
COLONNES: dict[str, tuple[str, ...]] = {
    "titre": ("titre", "nom", "proposition", "projet", "title", "name"),
    "cout": ("cout", "cout-en-euros", "montant", "budget", "cost"),
    "texte": ("texte", "description", "text"),
    "proposee_par": ("proposee-par", "propose-par", "porteur", "auteur", "proposer"),
    "categorie": ("categorie", "theme", "thematique", "category"),
    "territoire": ("territoire", "lieu", "quartier", "commune", "district"),
    "adresse": ("adresse", "address"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "enveloppe": ("enveloppe",),
}
LONGUEURS = {
    nom: getattr(Option._meta.get_field(nom), "max_length", 0)
    for nom in ("titre", "texte", "proposee_par", "categorie", "adresse")
}


@dataclass(frozen=True)
class Tort:
    """What is wrong with one line. `numero`: its line in what was sent."""

    numero: int
    phrase: str

    def __str__(self):
        return _("Ligne %(n)s : %(tort)s") % {"n": self.numero, "tort": self.phrase}


@dataclass
class Liste:
    """Options that can be added, unsaved, and what is wrong with the others."""

    options: list[Option] = field(default_factory=list)
    torts: list[Tort] = field(default_factory=list)
    #: The line of each option.
    lignes: list[int] = field(default_factory=list)

    def refuser(self, numero: int, phrase: str) -> None:
        self.torts.append(Tort(numero, phrase))


def lire_lignes(texte: str) -> Liste:
    """One option a line: its title, and its cost in euros after a semicolon if it has one."""
    liste = Liste()
    for numero, ligne in enumerate(texte.splitlines(), start=1):
        if not ligne.strip():
            continue
        titre, _point_virgule, cout = ligne.partition(";") if ligne.count(";") < 2 else ligne.rpartition(";")
        _lire(liste, numero, {"titre": titre, "cout": cout})
    return _finir(liste)


def lire_tableau(tableau: Tableau, enveloppes: Sequence[Enveloppe]) -> Liste:
    """The rows of a CSV file whose columns are those of COLONNES; places and envelopes by their name or their code."""
    liste, colonnes = Liste(), _reconnaitre(tableau.colonnes)
    torts = _torts_des_colonnes(tableau, colonnes)
    if torts:
        liste.torts = [Tort(1, tort) for tort in torts]
        return liste
    lieux = _lieux() if "territoire" in colonnes.values() else {}
    par_nom = {slugify(enveloppe.nom): enveloppe for enveloppe in enveloppes}
    for rangee in tableau.rangees():
        if rangee.defaut:
            liste.refuser(rangee.numero, rangee.defaut)
        else:
            cellules = {colonnes[nom]: cellule for nom, cellule in rangee.cellules.items()}
            _lire(liste, rangee.numero, cellules, lieux, par_nom)
        if len(liste.options) + len(liste.torts) > OPTIONS_MAX:
            liste.refuser(rangee.numero, _("%(n)s propositions au plus dans un vote.") % {"n": OPTIONS_MAX})
            return liste
    return _finir(liste)


def _reconnaitre(colonnes: Sequence[str]) -> dict[str, str]:
    """{column of the file: column of COLONNES}, those that are known."""
    connues = {nom: colonne for colonne, noms in COLONNES.items() for nom in noms}
    return {nom: connues[slugify(nom)] for nom in colonnes if slugify(nom) in connues}


def _torts_des_colonnes(tableau: Tableau, reconnues: dict[str, str]) -> list[str]:
    torts = []
    possibles = ", ".join(COLONNES)
    if inconnues := [nom for nom in tableau.colonnes if nom not in reconnues]:
        torts.append(
            _("la colonne « %(nom)s » n’est pas connue. Colonnes possibles : %(possibles)s.")
            % {"nom": inconnues[0], "possibles": possibles}
        )
    elif "titre" not in reconnues.values():
        torts.append(
            _("il manque la colonne « titre ». Colonnes possibles : %(possibles)s.") % {"possibles": possibles}
        )
    doubles = sorted(nom for nom in set(reconnues.values()) if list(reconnues.values()).count(nom) > 1)
    if doubles:
        torts.append(_("deux colonnes disent la même chose : « %(nom)s ».") % {"nom": doubles[0]})
    return torts


def _lieux() -> dict[str, Territoire | None]:
    """Places by their name, their address and their code; None where two places share a name."""
    lieux: dict[str, Territoire | None] = {}
    for lieu in Territoire.objects.select_related("parent").defer("contour", "parent__contour"):
        for nom in {slugify(lieu.nom), lieu.slug, slugify(lieu.code)}:
            lieux[nom] = lieu if nom not in lieux else None
    return lieux


def _lire(liste: Liste, numero: int, cellules: dict[str, str], lieux=None, enveloppes=None) -> None:
    option, torts = Option(cle=""), []
    for nom, maximum in LONGUEURS.items():
        texte = assainir(cellules.get(nom, ""), lignes=nom == "texte").strip()
        if len(texte) > maximum:
            torts.append(
                _("« %(debut)s… » est trop long : %(max)s caractères au plus.") % {"debut": texte[:40], "max": maximum}
            )
        setattr(option, nom, texte)
    if not option.titre:
        torts.append(_("il manque le titre."))
    try:
        option.cout = en_centimes(cellules.get("cout", ""))
    except ValidationError as refus:
        torts.append(refus.messages[0])
    torts += _lire_le_lieu(option, cellules, lieux or {})
    nom = slugify(cellules.get("enveloppe", ""))
    if nom:
        if nom in (enveloppes or {}):
            option.enveloppe = enveloppes[nom]
        else:
            torts.append(
                _("l’enveloppe « %(nom)s » n’existe pas dans ce vote.") % {"nom": cellules["enveloppe"].strip()[:60]}
            )
    for tort in torts:
        liste.refuser(numero, tort)
    if not torts:
        liste.options.append(option)
        liste.lignes.append(numero)


def _lire_le_lieu(option: Option, cellules: dict[str, str], lieux: dict[str, Territoire | None]) -> list[str]:
    torts = []
    ecrit = cellules.get("territoire", "").strip()
    if ecrit:
        lieu = lieux.get(slugify(ecrit))
        if lieu is None:
            torts.append(
                _("le lieu « %(nom)s » n’est pas connu, ou plusieurs ont ce nom : donnez son code.")
                % {"nom": ecrit[:60]}
            )
        option.territoire = lieu
    latitude, longitude = cellules.get("latitude", "").strip(), cellules.get("longitude", "").strip()
    if latitude or longitude:
        try:
            option.latitude, option.longitude = _degres(latitude, 90), _degres(longitude, 180)
        except ValueError:
            torts.append(_("la latitude et la longitude sont deux nombres, par exemple 47,218 et -1,553."))
    return torts


def _degres(ecrit: str, borne: int) -> float:
    """Raises ValueError."""
    degres = float(ecrit.replace(",", "."))
    if not -borne <= degres <= borne:
        raise ValueError(ecrit)
    return degres


def _finir(liste: Liste) -> Liste:
    """Twice the same title is a slip: two options that nobody could tell apart on a ballot."""
    vus: dict[str, int] = {}
    for numero, option in zip(liste.lignes, liste.options, strict=True):
        titre = option.titre.casefold()
        if titre in vus:
            deja = {"titre": option.titre, "n": vus[titre]}
            liste.refuser(numero, _("« %(titre)s » est déjà à la ligne %(n)s.") % deja)
        vus.setdefault(titre, numero)
    if not liste.options and not liste.torts:
        liste.refuser(1, _("il n’y a aucune proposition."))
    liste.torts.sort(key=lambda tort: tort.numero)
    return liste
