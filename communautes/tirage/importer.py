"""A pool out of the CSV of an agent: every bad line told, nothing returned unless everything is good."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.quotas import Quotas
from socle.tableur import FORMULES, Bornees

OCTETS_MAX = 20_000_000
LIGNES_MAX = 100_000
COLONNES_MAX = 100
CASE_MAX = 500  # characters
SEPARATEURS = ";,\t"
AUTRES_FORMATS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
BLANCS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Inscrite:
    """One line of the file. `valeurs`: her class in each criterion; `autres`: the other columns (name, address…), never published."""

    ligne: int
    identifiant: str
    valeurs: tuple[str, ...]
    autres: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """Columns of a file and its lines, cleaned, with the number of each."""

    colonnes: tuple[str, ...]
    lignes: tuple[tuple[int, tuple[str, ...]], ...]


def lire(
    octets: bytes, *, identifiant: str, criteres: Sequence[str], quotas: Quotas | None = None
) -> tuple[Inscrite, ...]:
    """Everybody in the file, in its order. `identifiant` and `criteres`: names of columns; with `quotas`, values are compared with theirs.

    Raises TirageInvalide with every fault: two lines with one identifier, an empty criterion, a value without a quota, a quota without
    anybody, a line of another length.
    """
    table = lire_table(octets)
    manquantes = [nom for nom in (identifiant, *criteres) if nom not in table.colonnes]
    if manquantes:
        dites = ", ".join(table.colonnes)
        phrase = _("La colonne « %(nom)s » n’est pas dans le fichier. Ses colonnes : %(colonnes)s.")
        raise TirageInvalide([Faute(1, phrase % {"nom": nom, "colonnes": dites}) for nom in manquantes])
    rangs = [table.colonnes.index(critere) for critere in criteres]
    cle = table.colonnes.index(identifiant)
    fautes: list[Faute] = []
    vues: dict[str, int] = {}
    inscrites = []
    for ligne, cellules in table.lignes:
        fautes += _doublon(ligne, cellules[cle], identifiant, vues)
        valeurs = tuple(cellules[rang] for rang in rangs)
        fautes += _valeurs(ligne, criteres, valeurs, quotas)
        autres = {nom: cellules[rang] for rang, nom in enumerate(table.colonnes) if rang != cle and rang not in rangs}
        inscrites.append(Inscrite(ligne, cellules[cle], valeurs, autres))
    if quotas is not None:
        fautes += _personne(quotas, criteres, inscrites)
    if fautes:
        raise TirageInvalide(fautes)
    return tuple(inscrites)


def lire_table(octets: bytes) -> Table:
    """The cells of any CSV: comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1252. Raises TirageInvalide."""
    texte = _decoder(octets)
    fautes: list[Faute] = []
    colonnes: tuple[str, ...] = ()
    lignes: list[tuple[int, tuple[str, ...]]] = []
    for ligne, brutes in _enregistrements(texte, fautes):
        cellules = tuple(BLANCS.sub(" ", unicodedata.normalize("NFC", cellule)).strip() for cellule in brutes)
        if not any(cellules):
            continue
        if not colonnes:
            colonnes = _entete(ligne, cellules)
            continue
        while len(cellules) > len(colonnes) and not cellules[-1]:  # columns that a spreadsheet left empty
            cellules = cellules[:-1]
        faute = _faute_de_forme(cellules, colonnes)
        if faute:
            fautes.append(Faute(ligne, _ligne(ligne, faute)))
        elif len(lignes) == LIGNES_MAX:
            maximum = number_format(LIGNES_MAX, force_grouping=True)
            fautes.append(Faute(ligne, _("Le fichier a plus de %s lignes : la suite n’est pas lue.") % maximum))
            break
        else:
            lignes.append((ligne, cellules))
    if fautes:
        raise TirageInvalide(fautes)
    if not lignes:
        raise TirageInvalide(
            [Faute(0, _("Le fichier n’a personne : il faut une ligne de titres, puis une ligne par personne."))]
        )
    return Table(colonnes, tuple(lignes))


def _decoder(octets: bytes) -> str:
    if not octets.strip():
        raise TirageInvalide([Faute(0, _("Le fichier est vide."))])
    if len(octets) > OCTETS_MAX:
        phrase = _("Le fichier est trop lourd : %(mo)s Mo au plus.") % {"mo": OCTETS_MAX // 1_000_000}
        raise TirageInvalide([Faute(0, phrase)])
    if octets.startswith(AUTRES_FORMATS):
        phrase = _("Ce fichier n’est pas un CSV. Dans votre tableur, enregistrez-le au format CSV.")
        raise TirageInvalide([Faute(0, phrase)])
    encodages = ["utf-8-sig", "cp1252"]
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodages = ["utf-16"]
    for encodage in encodages:
        try:
            texte = octets.decode(encodage)
        except UnicodeDecodeError:
            continue
        if "\0" in texte:
            ligne = texte.count("\n", 0, texte.index("\0")) + 1
            raise TirageInvalide([Faute(ligne, _ligne(ligne, _("il y a un caractère nul, invisible.")))])
        return texte
    phrase = _("Les lettres de ce fichier ne se lisent pas. Enregistrez-le au format « CSV UTF-8 ».")
    raise TirageInvalide([Faute(0, phrase)])


def _enregistrements(texte: str, fautes: list[Faute]) -> Iterator[tuple[int, list[str]]]:
    """(first line of the record, its cells). A quote that is never closed stops the reading, and is told."""
    premiere = texte.partition("\n")[0].strip()
    if annonce := re.fullmatch(r'"?sep=([;,\t])"?', premiere):  # what Excel reads, and leaves in the file
        separateur, sautees = annonce[1], 1
    else:
        sans_guillemets = re.sub(r'"[^"]*"', "", premiere)
        separateur, sautees = max(SEPARATEURS, key=sans_guillemets.count), 0
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    fin = 0
    try:
        for cellules in Bornees(lecteur, OCTETS_MAX):
            debut, fin = fin + 1, lecteur.line_num
            if debut > sautees:
                yield debut, cellules
    except csv.Error:
        phrase = _("un guillemet s’ouvre et ne se ferme pas, ou un texte le suit. La suite n’est pas lue.")
        fautes.append(Faute(fin + 1, _ligne(fin + 1, phrase)))


def _entete(ligne: int, cellules: tuple[str, ...]) -> tuple[str, ...]:
    while not cellules[-1]:
        cellules = cellules[:-1]
    fautes = []
    if len(cellules) > COLONNES_MAX:
        fautes.append(_("il y a trop de colonnes : %s au plus.") % COLONNES_MAX)
    elif not all(cellules):
        fautes.append(_("une colonne n’a pas de nom."))
    fautes += [
        _("deux colonnes s’appellent « %s ».") % nom
        for nom in sorted({c for c in cellules if c and cellules.count(c) > 1})
    ]
    if fautes:
        raise TirageInvalide([Faute(ligne, _ligne(ligne, faute)) for faute in fautes])
    return cellules


def _faute_de_forme(cellules: tuple[str, ...], colonnes: tuple[str, ...]) -> str:
    if len(cellules) != len(colonnes):
        n = len(cellules)
        phrase = ngettext("%(n)s colonne au lieu de %(attendues)s.", "%(n)s colonnes au lieu de %(attendues)s.", n)
        return phrase % {"n": n, "attendues": len(colonnes)}
    for nom, cellule in zip(colonnes, cellules, strict=True):
        if len(cellule) > CASE_MAX:
            return _("%(colonne)s : plus de %(n)s caractères.") % {"colonne": nom, "n": CASE_MAX}
        if any(unicodedata.category(caractere) in ("Cc", "Cf", "Cs") for caractere in cellule):
            return _("%(colonne)s : il y a un caractère invisible.") % {"colonne": nom}
    return ""


def _doublon(ligne: int, identifiant: str, colonne: str, vues: dict[str, int]) -> list[Faute]:
    if not identifiant:
        return [Faute(ligne, _ligne(ligne, _("« %s » est vide.") % colonne))]
    avant = vues.setdefault(identifiant.casefold(), ligne)
    if avant == ligne:
        return []
    phrase = _("l’identifiant « %(identifiant)s » est déjà à la ligne %(avant)s.")
    return [Faute(ligne, _ligne(ligne, phrase % {"identifiant": identifiant, "avant": avant}))]


def _valeurs(ligne: int, criteres: Sequence[str], valeurs: tuple[str, ...], quotas: Quotas | None) -> list[Faute]:
    fautes = []
    for critere, valeur in zip(criteres, valeurs, strict=True):
        ici = {"critere": critere, "valeur": valeur}
        if not valeur:
            fautes.append(_("« %(critere)s » est vide.") % ici)
        elif valeur.startswith(FORMULES):
            fautes.append(
                _(
                    "%(critere)s, « %(valeur)s » : un tableur y verrait une formule. Commencez par une lettre ou un chiffre."
                )
                % ici
            )
        elif quotas is not None and valeur not in quotas.get(critere, {}):
            fautes.append(_("%(critere)s, « %(valeur)s » : aucun quota ne parle de cette valeur.") % ici)
    return [Faute(ligne, _ligne(ligne, faute)) for faute in fautes]


def _personne(quotas: Quotas, criteres: Sequence[str], inscrites: Sequence[Inscrite]) -> list[Faute]:
    fautes = []
    for rang, critere in enumerate(criteres):
        presentes = {inscrite.valeurs[rang] for inscrite in inscrites}
        for valeur in quotas.get(critere, {}):
            if valeur not in presentes:
                phrase = _(
                    "%(critere)s, « %(valeur)s » : personne dans le fichier n’a cette valeur. Vérifiez comment elle est écrite."
                )
                fautes.append(Faute(0, phrase % {"critere": critere, "valeur": valeur}))
    return fautes


def _ligne(ligne: int, faute: str) -> str:
    return _("Ligne %(ligne)s : %(faute)s") % {"ligne": ligne, "faute": faute}
