"""Ballots with grades in a table: one ballot a line, one column for each option, names of the options on the first line.

The first column may number the ballots: its name is then empty, or says so (NUMEROS). An empty cell is a blank. A grade
is a whole number, the higher the better, or one of the published labels. Columns are set apart by commas, semicolons or
tabs, as the first line shows. The three files of Orsay 2007 (MieuxVoter/majority-judgment-datasets) are such tables.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from votes.fichiers.fautes import FichierInvalide, lire_texte
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.jugement_majoritaire import ECHELLES, MENTIONS_MAX

#: Names of a first column that says which ballot this is, not what it thinks of an option.
NUMEROS = frozenset(
    [
        *("", "id", "n°", "numero", "numéro", "index", "ballot", "ballot_id", "voter", "voter_id"),
        *("bulletin", "id_bulletin", "bulletin_id", "votant", "votante", "electeur", "électeur"),
    ]
)

Notes = tuple[tuple[int, int], ...]
VIDES = frozenset(["", "na", "n/a", "nan"])  # how tables of statistics write an empty cell
ENTIER = re.compile(r"[.,]0+$")  # « 3.0 », that a spreadsheet makes of a column with empty cells


@dataclass(frozen=True)
class Bareme:
    """How a cell becomes a grade, 0 for the worst.

    `mentions`: labels from the worst to the best, to read words; `nombre`: how many grades there are (0: as many as
    labels, or up to the best one met); `pire`: the number that stands for the worst grade; `blanche`: a number that
    stands for a blank, None when only an empty cell does.
    """

    mentions: tuple[str, ...] = ()
    nombre: int = 0
    pire: int = 0
    blanche: int | None = None

    @property
    def meilleure(self) -> int | None:
        """The best grade, 0 for the worst; None when nobody said how many there are."""
        nombre = self.nombre or len(self.mentions)
        return nombre - 1 if nombre else None

    def lire(self, cellule: str) -> int | None:
        """The grade of a cell, None for a blank. Raises ValueError with the reason."""
        texte = cellule.strip()
        if _normaliser(texte) in VIDES:
            return None
        if self.mentions:
            valeur = _rangs(self.mentions).get(_normaliser(texte))
            if valeur is not None:
                return valeur
        try:
            nombre = int(ENTIER.sub("", texte))
        except ValueError:
            connues = f" ({', '.join(self.mentions)})" if self.mentions else ""
            raise ValueError(f"« {texte} » n'est ni un nombre entier ni une mention connue{connues}.") from None
        if nombre == self.blanche:
            return None
        if nombre < self.pire:
            raise ValueError(f"la mention {nombre} est sous la pire, qui est {self.pire}.")
        if self.meilleure is not None and nombre - self.pire > self.meilleure:
            raise ValueError(
                f"la mention {nombre} est au-dessus de la meilleure, qui est {self.meilleure + self.pire}."
            )
        if nombre - self.pire >= MENTIONS_MAX:
            raise ValueError(
                f"la mention {nombre} est trop haute : une échelle a {MENTIONS_MAX} mentions au plus, la meilleure serait "
                f"{MENTIONS_MAX - 1 + self.pire}."
            )
        return nombre - self.pire


def lire(chemins: Sequence[Path], bareme: Bareme | None = None) -> Election:
    """All these files as one election, the ballots alike together. Raises FichierInvalide, with the file and the line.

    Every file names the same options, in any order; those of the first one give their order.
    """
    bareme = bareme or Bareme()
    groupes: Counter[Notes] = Counter()
    options: list[str] = []
    for chemin in chemins:
        lignes = _lignes(chemin)
        noms, numerotes = _noms(next(lignes, None), chemin.name)
        options = options or noms
        if sorted(noms) != sorted(options):
            raise FichierInvalide("ce fichier n'a pas les mêmes options que le premier.", ligne=1, nom=chemin.name)
        places = [options.index(nom) for nom in noms]
        for numero, cellules in lignes:
            groupes[_notes(cellules, noms, places, numerotes, bareme, numero, chemin.name)] += 1
    if not options:
        raise FichierInvalide("il n'y a aucun fichier à lire.")
    trouvees = max((valeur for notes in groupes for _, valeur in notes), default=0) + 1
    nombre = trouvees if bareme.meilleure is None else bareme.meilleure + 1
    bulletins = tuple(Bulletin(notes, poids) for notes, poids in groupes.items())
    return Election(Genre.MENTIONS, tuple(Option(nom, nom) for nom in options), bulletins, mentions=max(nombre, 2))


def echelle_de(chemins: Sequence[Path]) -> tuple[str, ...]:
    """The shortest known scale that has all the words of these files; none where they hold numbers, or other words.

    The words that two scales share come in the same order in both: the order of the options does not depend on which.
    """
    mots: set[str] = set()
    for chemin in chemins:
        lignes = _lignes(chemin)
        numerotes = _noms(next(lignes, None), chemin.name)[1]
        for _, cellules in lignes:
            mots.update(_normaliser(cellule) for cellule in cellules[1 if numerotes else 0 :])
    mots -= VIDES
    if not mots or any(ENTIER.sub("", mot).lstrip("-").isdigit() for mot in mots):
        return ()
    connues = sorted(ECHELLES.values(), key=len)
    return next((echelle for echelle in connues if mots <= _rangs(echelle).keys()), ())


def _lignes(chemin: Path) -> Iterator[tuple[int, list[str]]]:
    """(line in the file, from 1, its cells); empty lines left out."""
    texte = lire_texte(chemin)
    premiere = re.sub(r'"[^"]*"', "", texte.partition("\n")[0])  # a name between quotes may hold any of them
    separateur = max(",;\t", key=premiere.count)
    lecteur = csv.reader(texte.splitlines(keepends=True), delimiter=separateur, strict=True)
    try:
        for cellules in lecteur:
            if cellules:
                yield lecteur.line_num, cellules
    except csv.Error:
        raise FichierInvalide(
            "un guillemet ouvert n'est pas refermé, ou un texte le suit.", ligne=lecteur.line_num, nom=chemin.name
        ) from None


def _noms(premiere: tuple[int, list[str]] | None, nom: str) -> tuple[list[str], bool]:
    """Names of the options, and whether the first column numbers the ballots."""
    if premiere is None:
        raise FichierInvalide("le fichier est vide.", nom=nom)
    numero, cellules = premiere
    noms = [cellule.strip() for cellule in cellules]
    while len(noms) > 1 and not noms[-1]:  # a spreadsheet may write empty columns at the end
        noms.pop()
    numerotes = _normaliser(noms[0]) in NUMEROS
    if numerotes:
        del noms[0]
    if not noms or not all(noms):
        raise FichierInvalide("une colonne n'a pas de nom d'option.", ligne=numero, nom=nom)
    doubles = [option for option, fois in Counter(noms).items() if fois > 1]
    if doubles:
        raise FichierInvalide(f"deux colonnes portent le même nom, « {doubles[0]} ».", ligne=numero, nom=nom)
    return noms, numerotes


def _notes(
    cellules: list[str], noms: list[str], places: list[int], numerotes: bool, bareme: Bareme, numero: int, nom: str
) -> Notes:
    valeurs = cellules[1:] if numerotes else cellules
    if not any(cellule.strip() for cellule in valeurs[len(places) :]):
        valeurs = valeurs[: len(places)]
    if len(valeurs) != len(places):
        raise FichierInvalide(f"il y a {len(valeurs)} mentions pour {len(places)} options.", ligne=numero, nom=nom)
    lues = []
    for option, place, cellule in zip(noms, places, valeurs, strict=True):
        try:
            valeur = bareme.lire(cellule)
        except ValueError as erreur:
            raise FichierInvalide(f"{erreur} (colonne « {option} »)", ligne=numero, nom=nom) from None
        if valeur is not None:
            lues.append((place, valeur))
    return tuple(sorted(lues))


def _normaliser(texte: str) -> str:
    return " ".join(texte.replace("’", "'").casefold().split())


@cache
def _rangs(mentions: tuple[str, ...]) -> dict[str, int]:
    return {_normaliser(mention): rang for rang, mention in enumerate(mentions)}
