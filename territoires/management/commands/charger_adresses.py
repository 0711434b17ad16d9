import csv
import gzip
import io
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from socle.tableur import Bornees
from territoires.adresses import normaliser
from territoires.champs import NOMBRE
from territoires.models import Adresse, Territoire

COLONNES = ("id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "lon", "lat")
PAR_LOT = 1000
CHANGE = ["libelle", "cle", "cle_courte", "commune", "latitude", "longitude"]
LARGEURS = {"id": 50, "numero": 10, "rep": 10, "nom_voie": 120, "code_postal": 10}  # characters
LIGNE_MAX = 100_000  # characters of one cell: more is not an address


class LigneIllisible(ValueError):
    """`str()` says why, for the operator."""


class Command(BaseCommand):
    help = (
        "Charge les adresses des communes connues depuis un fichier CSV de la Base Adresse Nationale (.csv ou .csv.gz)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path, help="par exemple adresses-44.csv.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        self.communes = {t.code: t for t in Territoire.objects.communes().only("code", "nom", "genre")}
        if not self.communes:
            raise CommandError("Aucune commune dans la base : lancer d'abord « manage.py charger_territoires ».")
        self.bilan: Counter[str] = Counter()
        self.refus: Counter[str] = Counter()
        self.premier_refus = 0
        self.voies: dict[str, Voie] = {}
        lot: dict[str, Adresse] = {}
        try:
            for numero, ligne in _lignes(options["fichier"]):
                if adresse := self.lire(numero, ligne):
                    lot[adresse.identifiant] = adresse  # the same twice in one statement would be an error
                if len(lot) == PAR_LOT:
                    self.ecrire(lot)
        except (OSError, EOFError, UnicodeDecodeError) as erreur:
            raise CommandError(f"{options['fichier']} ne se lit pas : {erreur}") from erreur
        self.ecrire(lot)
        self.ecrire_les_voies()
        if options["verbosity"]:
            self.dire()

    def lire(self, numero: int, ligne: dict[str, str]) -> Adresse | None:
        """The address of one line; None, and counted, when it is not ours or not readable."""
        try:
            cellules = _cellules(ligne)
            commune = self.communes.get(cellules["code_insee"])
            if commune is None:
                self.bilan["ailleurs"] += 1
                return None
            adresse = _adresse(cellules, commune)
        except LigneIllisible as raison:
            self.refus[str(raison)] += 1
            self.premier_refus = self.premier_refus or numero
            return None
        # 44109_6290_00012_bis: commune, street, number, repetition.
        identifiant = "voie-" + "_".join(adresse.identifiant.split("_")[:2])
        neuve = Voie(cellules["nom_voie"], cellules["code_postal"], commune)
        self.voies.setdefault(identifiant, neuve).ajouter(adresse)
        return adresse

    def ecrire(self, lot: dict[str, Adresse]) -> None:
        """Told again, an address takes its new words and place: loading twice changes nothing."""
        Adresse.objects.bulk_create(
            lot.values(), update_conflicts=True, unique_fields=["identifiant"], update_fields=CHANGE
        )
        self.bilan["adresses"] += len(lot)
        lot.clear()

    def ecrire_les_voies(self) -> None:
        lot: dict[str, Adresse] = {}
        for identifiant, voie in self.voies.items():
            lot[identifiant] = voie.en_adresse(identifiant)
            if len(lot) == PAR_LOT:
                self.ecrire(lot)
        self.ecrire(lot)

    def dire(self) -> None:
        voies = len(self.voies)
        self.stdout.write(f"{self.bilan['adresses'] - voies} adresses et {voies} voies enregistrées.")
        if self.bilan["ailleurs"]:
            self.stdout.write(f"{self.bilan['ailleurs']} lignes d'autres communes, laissées de côté.")
        if self.refus:
            raisons = ", ".join(f"{raison} ({n})" for raison, n in self.refus.most_common())
            self.stderr.write(
                f"{self.refus.total()} lignes illisibles, dont la ligne {self.premier_refus} : {raisons}."
            )


class Voie:
    """A street, at the middle of its numbers."""

    def __init__(self, nom: str, code_postal: str, commune: Territoire):
        self.nom, self.code_postal, self.commune = nom, code_postal, commune
        self.lats: float = 0
        self.lons: float = 0
        self.nombre = 0

    def ajouter(self, adresse: Adresse) -> None:
        self.lats, self.lons, self.nombre = self.lats + adresse.latitude, self.lons + adresse.longitude, self.nombre + 1

    def en_adresse(self, identifiant: str) -> Adresse:
        milieu = (round(self.lats / self.nombre, 6), round(self.lons / self.nombre, 6))
        return _ecrite(identifiant, self.nom, self.code_postal, self.commune, milieu)


def _lignes(chemin: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells) of the file, one at a time: a département does not fit in memory. Raises CommandError."""
    with open(chemin, "rb") as brut:
        compresse = brut.read(2) == b"\x1f\x8b"
        brut.seek(0)
        octets = gzip.GzipFile(fileobj=brut) if compresse else brut
        texte = io.TextIOWrapper(octets, encoding="utf-8-sig", errors="replace", newline="")
        lecteur = csv.DictReader(texte, delimiter=";", quoting=csv.QUOTE_NONE)
        manquantes = [nom for nom in COLONNES if nom not in (lecteur.fieldnames or ())]
        if manquantes:
            raise CommandError(f"Ce fichier n'est pas au format attendu : il manque {', '.join(manquantes)}.")
        bornees = Bornees(lecteur, LIGNE_MAX)
        while True:
            try:
                yield lecteur.line_num + 1, next(bornees)
            except StopIteration:
                return
            except csv.Error:  # a cell without end: told as a line without anything
                yield lecteur.line_num, {}


def _cellules(ligne: dict[str, str]) -> dict[str, str]:
    """The columns that we read. Raises LigneIllisible."""
    if any(not isinstance(ligne.get(nom), str) for nom in COLONNES):
        raise LigneIllisible("colonnes manquantes")
    return {nom: " ".join(ligne[nom].split()) for nom in COLONNES}


def _adresse(cellules: dict[str, str], commune: Territoire) -> Adresse:
    """Raises LigneIllisible."""
    if not cellules["id"] or not normaliser(cellules["nom_voie"]):
        raise LigneIllisible("sans identifiant ou sans voie")
    if any("\ufffd" in texte or "\x00" in texte for texte in cellules.values()):
        raise LigneIllisible("caractères illisibles")
    if any(len(cellules[nom]) > largeur for nom, largeur in LARGEURS.items()):
        raise LigneIllisible("trop longue")
    numero = "" if cellules["numero"] in {"0", "99999"} else cellules["numero"]  # how the base writes « no number »
    mots = " ".join(filter(None, [numero, cellules["rep"], cellules["nom_voie"]]))
    return _ecrite(cellules["id"], mots, cellules["code_postal"], commune, _point(cellules))


def _point(cellules: dict[str, str]) -> tuple[float, float]:
    """(latitude, longitude) in degrees. Raises LigneIllisible."""
    if not all(NOMBRE.fullmatch(cellules[nom]) for nom in ("lat", "lon")):
        raise LigneIllisible("sans position")
    lat, lon = round(float(cellules["lat"]), 6), round(float(cellules["lon"]), 6)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise LigneIllisible("position hors du monde")
    return lat, lon


def _ecrite(identifiant: str, mots: str, code_postal: str, commune: Territoire, point: tuple[float, float]) -> Adresse:
    return Adresse(
        identifiant=identifiant,
        libelle=f"{mots}, {' '.join(filter(None, [code_postal, commune.nom]))}",
        cle=normaliser(f"{mots} {commune.nom}"),
        cle_courte=normaliser(mots),
        commune=commune,
        latitude=point[0],
        longitude=point[1],
    )
