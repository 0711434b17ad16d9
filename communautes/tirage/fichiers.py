"""The three published files, written one way only (UTF-8, LF), so that the same content has the same SHA-256 everywhere.

`vivier.csv`: `code`, then a column for each criterion; people in the order of their codes.
`parametres.json`: see `parametres.en_objet`.
`lots.csv`: `lot,personnes`; lots by number, from 000; codes of a lot in order, parted by spaces.
A file that holds the same things written otherwise is refused: its fingerprint would not be the announced one.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from communautes.tirage.fautes import FichierInvalide
from communautes.tirage.parametres import FORMAT, Parametres, d_un_objet, en_objet
from communautes.tirage.vivier import Personne, Vivier
from socle.tableur import Bornees

VIVIER, PARAMETRES, LOTS = "vivier.csv", "parametres.json", "lots.csv"
OCTETS_MAX = 200_000_000
CASE_MAX = 1_000_000  # characters: a lot of 100,000 people is one cell

Lots = tuple[tuple[str, ...], ...]


def empreinte(octets: bytes) -> str:
    """SHA-256, in lower case hexadecimal."""
    return hashlib.sha256(octets).hexdigest()


def ecrire_vivier(vivier: Vivier) -> bytes:
    lignes = ((personne.code, *personne.valeurs) for personne in vivier.personnes)
    return _en_csv(("code", *vivier.criteres), lignes)


def ecrire_parametres(parametres: Parametres) -> bytes:
    return (json.dumps(en_objet(parametres), ensure_ascii=False, indent=1) + "\n").encode()


def ecrire_lots(lots: Lots) -> bytes:
    lignes = ((nommer(numero, len(lots)), " ".join(codes)) for numero, codes in enumerate(lots))
    return _en_csv(("lot", "personnes"), lignes)


def nommer(numero: int, lots: int) -> str:
    """« 007 » of a thousand lots."""
    return str(numero).zfill(len(str(lots - 1)))


def lire_vivier(octets: bytes, nom: str = VIVIER) -> Vivier:
    """Raises FichierInvalide."""
    lignes = _lignes(octets, nom)
    entete = next(lignes, (1, []))[1]
    if len(entete) < 2 or entete[0] != "code" or len(set(entete)) != len(entete):
        raise FichierInvalide("la première ligne doit être « code », puis le nom de chaque critère.", nom=nom, ligne=1)
    personnes = []
    vus: dict[str, int] = {}
    for numero, cellules in lignes:
        if len(cellules) != len(entete):
            colonnes = "colonne" if len(cellules) == 1 else "colonnes"
            raise FichierInvalide(f"{len(cellules)} {colonnes} au lieu de {len(entete)}.", nom=nom, ligne=numero)
        code, *valeurs = cellules
        if not all(cellules) or " " in code:
            raise FichierInvalide("il manque le code ou une valeur.", nom=nom, ligne=numero)
        if code in vus:
            raise FichierInvalide(f"le code « {code} » est déjà à la ligne {vus[code]}.", nom=nom, ligne=numero)
        vus[code] = numero
        personnes.append(Personne(code, tuple(valeurs)))
    vivier = Vivier(tuple(entete[1:]), tuple(personnes))
    _exiger_canonique(octets, ecrire_vivier(vivier), nom)
    return vivier


def lire_parametres(octets: bytes, nom: str = PARAMETRES) -> Parametres:
    """Raises FichierInvalide."""
    try:
        objet = json.loads(_texte(octets, nom), parse_constant=_sans_constante)
    except json.JSONDecodeError as erreur:
        raise FichierInvalide("ce n'est pas du JSON lisible.", nom=nom, ligne=erreur.lineno) from None
    except (ValueError, RecursionError):
        raise FichierInvalide("ce n'est pas du JSON lisible.", nom=nom) from None
    if not isinstance(objet, dict) or objet.get("format") != FORMAT:
        raise FichierInvalide(f"ce tirage n'est pas du format « {FORMAT} ».", nom=nom)
    try:
        parametres = d_un_objet(objet)
    except KeyError as erreur:
        raise FichierInvalide(f"il manque « {erreur.args[0]} ».", nom=nom) from None
    except (TypeError, AttributeError, ValueError) as erreur:
        raise FichierInvalide(f"une valeur n'est pas ce qu'elle devrait être ({erreur})", nom=nom) from None
    _exiger_canonique(octets, ecrire_parametres(parametres), nom)
    return parametres


def lire_lots(octets: bytes, nom: str = LOTS) -> Lots:
    """Raises FichierInvalide. Whether the lots meet the quotas is another question (`refaire.verifier_lots`)."""
    lignes = _lignes(octets, nom)
    if next(lignes, (1, []))[1] != ["lot", "personnes"]:
        raise FichierInvalide("la première ligne doit être « lot,personnes ».", nom=nom, ligne=1)
    lots: list[tuple[str, ...]] = []
    for numero, cellules in lignes:
        if len(cellules) != 2 or not cellules[0].isdecimal() or int(cellules[0]) != len(lots):
            raise FichierInvalide(f"on attend ici le lot {len(lots)} et ses personnes.", nom=nom, ligne=numero)
        lots.append(tuple(cellules[1].split(" ")))
    _exiger_canonique(octets, ecrire_lots(tuple(lots)), nom)
    return tuple(lots)


def _en_csv(entete: Sequence[str], lignes: Iterable[Sequence[str]]) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, lineterminator="\n")
    ecrivain.writerow(entete)
    ecrivain.writerows(lignes)
    return sortie.getvalue().encode()


def _texte(octets: bytes, nom: str) -> str:
    if len(octets) > OCTETS_MAX:
        raise FichierInvalide("ce fichier est trop lourd.", nom=nom)
    try:
        texte = octets.decode("utf-8")
    except UnicodeDecodeError as erreur:
        ligne = octets.count(b"\n", 0, erreur.start) + 1
        raise FichierInvalide("ce n'est pas de l'UTF-8.", nom=nom, ligne=ligne) from None
    for interdit, dit in (
        ("\0", "un caractère nul"),
        ("\r", "des fins de ligne de Windows"),
        ("\ufeff", "une marque d'ordre"),
    ):
        if interdit in texte:
            ligne = texte.count("\n", 0, texte.index(interdit)) + 1
            raise FichierInvalide(f"le fichier contient {dit}, que le fichier publié n'a pas.", nom=nom, ligne=ligne)
    return texte


def _lignes(octets: bytes, nom: str) -> Iterator[tuple[int, list[str]]]:
    texte = _texte(octets, nom)
    lecteur = csv.reader(io.StringIO(texte, newline=""), strict=True)
    try:
        for cellules in Bornees(lecteur, CASE_MAX):
            yield lecteur.line_num, cellules
    except csv.Error:
        raise FichierInvalide("cette ligne est mal formée.", nom=nom, ligne=lecteur.line_num) from None


def _exiger_canonique(lus: bytes, attendus: bytes, nom: str) -> None:
    """Raises FichierInvalide at the first line that is not written as it was published."""
    if lus == attendus:
        return
    rang = next(
        (rang for rang, (a, b) in enumerate(zip(lus.split(b"\n"), attendus.split(b"\n"), strict=False), 1) if a != b),
        min(lus.count(b"\n"), attendus.count(b"\n")) + 1,
    )
    raise FichierInvalide("cette ligne n'est pas écrite comme le fichier publié l'écrit.", nom=nom, ligne=rang)


def _sans_constante(nom: str) -> None:
    raise ValueError(nom)
