"""A table of text out of any file that calls itself CSV: encoding and separator found, sizes bounded, read as it goes.

What cannot be read is told with its line number, and the reading goes on. Nothing of the file is ever a name for the
database: a column is a key of a dict, nothing else.
"""

import codecs
import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FICHIER_MAX = 200_000_000  # bytes; a page receives much less
LIGNES_MAX = 500_000
COLONNES_MAX = 200
NOM_DE_COLONNE_MAX = 200  # characters
CELLULE_MAX = 131_072  # characters: the limit of the `csv` module, unless another reader of the process has raised it
LIGNE_MAX = 2_000_000  # characters of one physical line
LIGNES_REGARDEES = 20  # to find the separator
MORCEAU = 1 << 16  # bytes
SEPARATEURS = (",", ";", "\t", "|")
#: Beginnings of files that are no text at all: what people send instead, and how to say it.
AUTRES_FORMATS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
)


class FichierIllisible(Exception):
    """The file as a whole cannot be taken; `str()` is a sentence for the person."""


@dataclass(frozen=True)
class Rangee:
    """One record: its first line in the file, its cells by column, or why it cannot be read."""

    numero: int
    cellules: dict[str, str] = field(default_factory=dict)
    defaut: str = ""
    colonne: str = ""
    valeur: str = ""


@dataclass(frozen=True)
class Tableau:
    """A file that can be read, as often as needed, without ever being held whole."""

    chemin: Path
    encodage: str
    separateur: str
    colonnes: tuple[str, ...]
    empreinte: str

    @classmethod
    def ouvrir(cls, chemin, separateur: str = "") -> "Tableau":
        """Raises FichierIllisible."""
        chemin = Path(chemin)
        encodage, empreinte = _reconnaitre(chemin)
        separateur = separateur or _separateur(_premieres_lignes(chemin, encodage))
        colonnes = _colonnes(chemin, encodage, separateur)
        return cls(chemin, encodage, separateur, colonnes, empreinte)

    @property
    def encodage_en_clair(self) -> str:
        return {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}[self.encodage]

    def rangees(self) -> Iterator[Rangee]:
        """Every record after the header, empty ones apart."""
        with open(self.chemin, encoding=self.encodage, errors=_erreurs(self.encodage), newline="") as flux:
            physiques = _Physiques(flux)
            lecteur = csv.reader(physiques, delimiter=self.separateur)
            next(lecteur)
            while True:
                debut = physiques.marquer()
                try:
                    cellules = next(lecteur)
                    if any(len(cellule) > CELLULE_MAX for cellule in cellules):
                        raise csv.Error
                except StopIteration:
                    return
                except (csv.Error, LigneDemesuree) as erreur:
                    plusieurs = physiques.numero > debut
                    premiere = physiques.revenir()
                    defaut = str(GUILLEMET) if plusieurs else _defaut_de_lecture(erreur)
                    yield Rangee(debut, defaut=defaut, valeur=_montrable(premiere or ""))
                    continue
                if physiques.finie or (physiques.numero > debut and not self._se_tient(physiques.passage(), cellules)):
                    # The lines that an unclosed quote has swallowed are lines of their own.
                    premiere = physiques.revenir()
                    yield Rangee(debut, defaut=str(GUILLEMET), valeur=_montrable(premiere or ""))
                    continue
                if debut > LIGNES_MAX:
                    yield Rangee(debut, defaut=_("Le fichier compte trop de lignes : la suite n’est pas lue."))
                    return
                if any(cellule.strip() for cellule in cellules):
                    yield self._rangee(debut, cellules)

    def _se_tient(self, passage: str, cellules: list[str]) -> bool:
        """Is a record of several lines one? By its columns, and by quotes that close at the end of their cell."""
        if len(cellules) != len(self.colonnes):
            return False
        try:
            return len(list(csv.reader(io.StringIO(passage, newline=""), delimiter=self.separateur, strict=True))) == 1
        except csv.Error:
            return False

    def _rangee(self, numero: int, cellules: list[str]) -> Rangee:
        attendues = len(self.colonnes)
        if len(cellules) != attendues:
            defaut = _("La ligne compte %(n)s colonnes au lieu de %(attendues)s.")
            return Rangee(
                numero,
                defaut=defaut % {"n": len(cellules), "attendues": attendues},
                valeur=_montrable(self.separateur.join(cellules)),
            )
        for colonne, cellule in zip(self.colonnes, cellules, strict=True):
            if "\x00" in cellule:
                defaut = _("Cette case contient un caractère nul, invisible : corrigez-la dans le fichier.")
                return Rangee(numero, defaut=defaut, colonne=colonne, valeur=_montrable(cellule))
            if not cellule.isascii() and any(c == "\ufffd" or "\ud800" <= c <= "\udfff" for c in cellule):
                defaut = _("Cette case contient un caractère illisible : son encodage n’est pas celui du fichier.")
                return Rangee(numero, defaut=defaut, colonne=colonne, valeur=_montrable(cellule))
        return Rangee(numero, dict(zip(self.colonnes, cellules, strict=True)))


class LigneDemesuree(Exception):
    pass


class _Physiques:
    """Lines of a text file, bounded: a file without a line break is not read into memory.

    Those of the record being read are remembered, so that the reading can start again after the first of them.
    """

    def __init__(self, flux):
        self.flux, self.numero = flux, 0
        self.finie = False  # was a line asked for after the last?
        self._du_passage: list[str | None] = []  # None: a line out of all measure
        self._a_relire: deque[str | None] = deque()

    def __iter__(self):
        return self

    def __next__(self) -> str:
        ligne = self._a_relire.popleft() if self._a_relire else self._lire()
        if ligne == "":
            self.finie = True
            raise StopIteration
        self.numero += 1
        self._du_passage.append(ligne)
        if ligne is None:
            raise LigneDemesuree
        return ligne

    def _lire(self) -> str | None:
        ligne = self.flux.readline(LIGNE_MAX)
        if len(ligne) < LIGNE_MAX or ligne.endswith("\n"):
            return ligne
        while (suite := self.flux.readline(LIGNE_MAX)) and not suite.endswith("\n"):
            pass
        return None

    def marquer(self) -> int:
        """A record begins; the number of its first line."""
        self._du_passage.clear()
        self.finie = False
        return self.numero + 1

    def passage(self) -> str:
        """The lines of this record."""
        return "".join(ligne or "" for ligne in self._du_passage)

    def revenir(self) -> str | None:
        """Give again every line of this record but the first, which is returned."""
        premiere, *suite = self._du_passage
        self._a_relire.extendleft(reversed(suite))
        self.numero -= len(suite)
        return premiere


GUILLEMET = gettext_lazy(
    "Un guillemet s’ouvre ici et ne se ferme pas. Les lignes suivantes sont lues comme d’autres lignes."
)


def _defaut_de_lecture(erreur: Exception) -> str:
    if isinstance(erreur, LigneDemesuree):
        return _("Cette ligne est démesurée.")
    return _("Cette ligne est mal formée, ou une case est démesurée (plus de %(n)s caractères).") % {"n": CELLULE_MAX}


def _montrable(texte: str) -> str:
    """As it can be stored and shown anywhere: no null character, no half of a character."""
    return texte[:400].replace("\x00", "␀").encode("utf-8", "replace").decode()


def _reconnaitre(chemin: Path) -> tuple[str, str]:
    """(encoding, SHA-256) of a file read once by pieces: UTF-8, UTF-16 with its mark, or Windows' own."""
    taille = chemin.stat().st_size
    if not taille:
        raise FichierIllisible(_("Ce fichier est vide."))
    if taille > FICHIER_MAX:
        raise FichierIllisible(_("Ce fichier est trop lourd : coupez-le en plusieurs."))
    somme, valides, invalides = hashlib.sha256(), 0, 0
    decodeur = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    with open(chemin, "rb") as flux:
        tete = flux.read(4)
        if tete.startswith(AUTRES_FORMATS):
            raise FichierIllisible(_("Ce fichier n’est pas un CSV. Dans votre tableur, enregistrez-le au format CSV."))
        flux.seek(0)
        while morceau := flux.read(MORCEAU):
            somme.update(morceau)
            texte = decodeur.decode(morceau)
            if not texte.isascii():
                echappes = sum("\udc80" <= c <= "\udcff" for c in texte)
                invalides += echappes
                valides += sum(c > "\x7f" for c in texte) - echappes
    if tete.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", somme.hexdigest()
    if invalides > valides:
        return "cp1252", somme.hexdigest()
    return "utf-8-sig", somme.hexdigest()


def _erreurs(encodage: str) -> str:
    """A byte that cannot be read marks its cell, and stops nothing."""
    return "replace" if encodage == "utf-16" else "surrogateescape"


def _premieres_lignes(chemin: Path, encodage: str) -> list[str]:
    with open(chemin, encoding=encodage, errors=_erreurs(encodage), newline="") as flux:
        lignes = [flux.readline(CELLULE_MAX) for _rang in range(LIGNES_REGARDEES)]
    if not lignes[0].strip():
        raise FichierIllisible(_("La première ligne doit donner le nom des colonnes."))
    return lignes


def _separateur(lignes: list[str]) -> str:
    """The one that cuts most of the first rows as it cuts the header; then the one that cuts it most."""

    def merite(separateur: str) -> tuple[int, int]:
        try:
            rangees = list(csv.reader(lignes, delimiter=separateur))
        except csv.Error:
            return (0, 0)
        largeur = len(rangees[0])
        return (sum(len(rangee) == largeur for rangee in rangees) if largeur > 1 else 0, largeur)

    return max(SEPARATEURS, key=merite)


def _colonnes(chemin: Path, encodage: str, separateur: str) -> tuple[str, ...]:
    with open(chemin, encoding=encodage, errors=_erreurs(encodage), newline="") as flux:
        try:
            noms = next(csv.reader(_Physiques(flux), delimiter=separateur))
        except (csv.Error, LigneDemesuree, StopIteration):
            raise FichierIllisible(_("La première ligne doit donner le nom des colonnes.")) from None
    colonnes = tuple(_montrable(" ".join(nom.split())) for nom in noms)
    while colonnes and not colonnes[-1]:
        colonnes = colonnes[:-1]
    if not colonnes or len(noms) > COLONNES_MAX or any(len(nom) > NOM_DE_COLONNE_MAX for nom in colonnes):
        raise FichierIllisible(
            _("La première ligne doit donner le nom des colonnes : %(n)s au plus, chacun assez court.")
            % {"n": COLONNES_MAX}
        )
    if len(colonnes) != len(noms) or "" in colonnes:
        raise FichierIllisible(_("Une colonne n’a pas de nom : nommez-la, ou retirez-la."))
    doubles = sorted({nom for nom in colonnes if colonnes.count(nom) > 1})
    if doubles:
        raise FichierIllisible(_("Deux colonnes portent le même nom : « %(nom)s ».") % {"nom": doubles[0]})
    return colonnes
