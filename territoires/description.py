"""Read the two files that describe a city: its territories (JSON) and their outlines (GeoJSON).

The shape of both is written in `territoires/donnees/LISEZMOI.md`. Everything that names a place is in such files.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territoires.geometrie import Geometrie, GeometrieIllisible, est_position, verifier
from territoires.models import Territoire

Genre = Territoire.Genre
POPULATION_MAX = 2**31 - 1  # what PostgreSQL keeps in the field


class DescriptionIllisible(ValueError):
    """The file cannot be used; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Fiche:
    """One territory as the file tells it; `parent` is the code of another one that comes before."""

    genre: Territoire.Genre
    code: str
    nom: str
    parent: str | None = None
    population: int | None = None
    centre: tuple[float, float] | None = None  # latitude, longitude


@dataclass(frozen=True)
class Description:
    fiches: tuple[Fiche, ...]  # every parent before its parts
    contours: Path | None

    @property
    def communes(self) -> dict[str, Fiche]:
        return {fiche.code: fiche for fiche in self.fiches if fiche.genre == Genre.COMMUNE}

    @property
    def metropole(self) -> Fiche | None:
        return next((fiche for fiche in self.fiches if fiche.genre == Genre.METROPOLE), None)


@dataclass(frozen=True)
class Contour:
    geometrie: Geometrie
    centre: tuple[float, float] | None  # latitude, longitude


@dataclass(frozen=True)
class Contours:
    par_code: dict[str, Contour]
    source: str


def lire_json(chemin: Path) -> dict[str, Any]:
    try:
        document = json.loads(chemin.read_text(encoding="utf-8"))
    except OSError as erreur:
        raise DescriptionIllisible(f"Le fichier {chemin} ne s'ouvre pas ({erreur.strerror}).") from erreur
    except (ValueError, RecursionError) as erreur:
        raise DescriptionIllisible(f"Le fichier {chemin} n'est pas du JSON lisible.") from erreur
    if not isinstance(document, dict):
        raise DescriptionIllisible(f"Le fichier {chemin} doit contenir un objet JSON.")
    return document


def lire_description(chemin: Path) -> Description:
    """Raises DescriptionIllisible, with the file and the faulty territory named."""
    document = lire_json(chemin)
    try:
        fiches = tuple(_fiches(document))
        _verifier_codes(fiches)
        contours = document.get("contours")
        if contours is not None and not isinstance(contours, str):
            raise DescriptionIllisible("« contours » est le nom d'un fichier")
    except DescriptionIllisible as erreur:
        raise DescriptionIllisible(f"Le fichier {chemin} n'est pas utilisable : {erreur}.") from erreur
    return Description(fiches, chemin.parent / contours if contours else None)


def _fiches(document: dict[str, Any]) -> Iterator[Fiche]:
    metropole = document.get("metropole")
    code_metropole = None
    if metropole is not None:
        fiche = _fiche(Genre.METROPOLE, metropole)
        code_metropole = fiche.code
        yield fiche
    for element in _liste(document, "communes"):
        yield _fiche(Genre.COMMUNE, element, code_metropole)
    for element in _liste(document, "quartiers"):
        fiche = _fiche(Genre.QUARTIER, element, element.get("commune") if isinstance(element, dict) else None)
        if not isinstance(fiche.parent, str):
            raise DescriptionIllisible(f"le quartier {fiche.nom} n'a pas de « commune »")
        yield fiche


def _liste(document: dict[str, Any], nom: str) -> list[Any]:
    liste = document.get(nom, [])
    if not isinstance(liste, list):
        raise DescriptionIllisible(f"« {nom} » doit être une liste")
    return liste


def _fiche(genre: Territoire.Genre, element: Any, parent: str | None = None) -> Fiche:
    if not isinstance(element, dict):
        raise DescriptionIllisible(f"un territoire de genre {genre} n'est pas un objet JSON")
    textes = {}
    for champ, longueur in (("code", 20), ("nom", 120)):
        texte = element.get(champ)
        if not isinstance(texte, str) or not texte.strip() or len(texte) > longueur:
            raise DescriptionIllisible(
                f"le territoire {element.get('nom') or element.get('code') or 'sans nom'} doit avoir un « {champ} » "
                f"de 1 à {longueur} caractères"
            )
        textes[champ] = texte.strip()
    population = element.get("population")
    if population is not None and (type(population) is not int or not 0 <= population <= POPULATION_MAX):
        raise DescriptionIllisible(f"la population de {textes['nom']} doit être un nombre entier")
    return Fiche(genre, **textes, parent=parent, population=population, centre=_centre(element, textes["nom"]))


def _centre(element: dict[str, Any], nom: str) -> tuple[float, float] | None:
    centre = element.get("centre")
    if centre is None:
        return None
    position = (centre.get("lon"), centre.get("lat")) if isinstance(centre, dict) else None
    if not est_position(position):
        raise DescriptionIllisible(f"le centre de {nom} doit avoir « lat » (-90 à 90) et « lon » (-180 à 180)")
    return position[1], position[0]


def _verifier_codes(fiches: tuple[Fiche, ...]) -> None:
    communes = {fiche.code for fiche in fiches if fiche.genre == Genre.COMMUNE}
    if not communes:
        raise DescriptionIllisible("il ne contient aucune commune")
    vus: set[str] = set()
    for fiche in fiches:
        if fiche.code in vus:
            raise DescriptionIllisible(f"le code {fiche.code} est donné deux fois")
        vus.add(fiche.code)
        if fiche.genre == Genre.QUARTIER and fiche.parent not in communes:
            raise DescriptionIllisible(f"le quartier {fiche.nom} est dans une commune absente ({fiche.parent})")


def lire_contours(chemin: Path) -> Contours:
    """Outlines by commune code. Raises DescriptionIllisible, with the file and the faulty feature named."""
    document = lire_json(chemin)
    elements = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(elements, list):
        raise DescriptionIllisible(f"Le fichier {chemin} n'est pas une FeatureCollection GeoJSON.")
    par_code: dict[str, Contour] = {}
    for rang, element in enumerate(elements, start=1):
        proprietes = element.get("properties") if isinstance(element, dict) else None
        if not isinstance(proprietes, dict):
            proprietes = {}
        code = proprietes.get("code")
        if not isinstance(code, str) or code in par_code:
            raise DescriptionIllisible(f"Le contour n° {rang} de {chemin} n'a pas un « code » bien à lui.")
        try:
            verifier(element.get("geometry"))
        except GeometrieIllisible as erreur:
            raise DescriptionIllisible(f"Le contour {code} de {chemin} n'est pas utilisable : {erreur}.") from erreur
        centre = proprietes.get("centre")
        par_code[code] = Contour(element["geometry"], (centre[1], centre[0]) if est_position(centre) else None)
    source = document.get("attribution")
    return Contours(par_code, source if isinstance(source, str) else "")
