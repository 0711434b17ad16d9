"""Plane geometry on GeoJSON polygons, with the standard library alone.

Coordinates are WGS 84 degrees in GeoJSON order (longitude, latitude). Areas use a local equirectangular projection,
right to a few thousandths at the scale of a metropolis; no geometry here may cross the antimeridian.
"""

import math
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeGuard

Position = tuple[float, float]
Anneau = list[Position]
Geometrie = dict[str, Any]

RAYON_TERRE = 6_371_008.8  # mean radius, metres (IUGG)
METRES_PAR_DEGRE = math.radians(1) * RAYON_TERRE

WKB_POINT, WKB_POLYGON, WKB_MULTIPOLYGON = 1, 3, 6
DRAPEAU_SRID = 0x20000000
# More than any commune needs; keeps a hostile or broken file from filling the memory.
SOMMETS_MAX = 200_000


class GeometrieIllisible(ValueError):
    """The bytes or the document do not describe a point, a Polygon or a MultiPolygon of WGS 84."""


class LecteurWkb:
    """Cursor over well-known binary (OGC Simple Feature Access 06-103r4, §8), with PostGIS' SRID flag allowed."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.curseur = 0
        self.ordre = "<"

    def lire(self, forme: str) -> tuple[Any, ...]:
        forme = self.ordre + forme
        try:
            valeurs = struct.unpack_from(forme, self.octets, self.curseur)
        except struct.error as erreur:
            raise GeometrieIllisible("géométrie WKB tronquée") from erreur
        self.curseur += struct.calcsize(forme)
        return valeurs

    def entete(self) -> int:
        """Kind of the geometry that starts here; its byte order holds until the next header."""
        (ordre,) = self.lire("B")
        if ordre not in (0, 1):
            raise GeometrieIllisible(f"ordre des octets inconnu : {ordre}")
        self.ordre = "<" if ordre == 1 else ">"
        (genre,) = self.lire("I")
        if genre & DRAPEAU_SRID:
            (srid,) = self.lire("I")
            if srid != 4326:
                raise GeometrieIllisible(f"système de coordonnées inattendu : {srid}")
            genre &= ~DRAPEAU_SRID
        return genre

    def nombre(self, taille_minimale: int) -> int:
        (nombre,) = self.lire("I")
        if nombre * taille_minimale > len(self.octets) - self.curseur:
            raise GeometrieIllisible("géométrie WKB tronquée")
        return nombre

    def polygone(self) -> list[Anneau]:
        anneaux = []
        for _ in range(self.nombre(4)):
            coordonnees = self.lire(f"{2 * self.nombre(16)}d")
            anneaux.append(list(zip(coordonnees[::2], coordonnees[1::2], strict=True)))
        return anneaux


def lire_wkb(octets: bytes) -> Geometrie:
    """GeoJSON Point or MultiPolygon of a WKB Point, Polygon or MultiPolygon (2D).

    Raises GeometrieIllisible on anything else, on bytes too many or too few, and on impossible coordinates.
    """
    lecteur = LecteurWkb(octets)
    genre = lecteur.entete()
    geometrie: Geometrie
    if genre == WKB_POINT:
        geometrie = {"type": "Point", "coordinates": lecteur.lire("2d")}
        if not est_position(geometrie["coordinates"]):
            raise GeometrieIllisible("point hors du globe")
    elif genre == WKB_POLYGON:
        geometrie = {"type": "MultiPolygon", "coordinates": [lecteur.polygone()]}
    elif genre == WKB_MULTIPOLYGON:
        parties = []
        for _ in range(lecteur.nombre(9)):
            if lecteur.entete() != WKB_POLYGON:
                raise GeometrieIllisible("partie inattendue dans un MultiPolygon")
            parties.append(lecteur.polygone())
        geometrie = {"type": "MultiPolygon", "coordinates": parties}
    else:
        raise GeometrieIllisible(f"genre WKB non pris en charge : {genre}")
    if lecteur.curseur != len(octets):
        raise GeometrieIllisible("octets en trop après la géométrie WKB")
    if genre != WKB_POINT:
        verifier(geometrie)
    return geometrie


def est_position(valeur: object) -> TypeGuard[Position]:
    """True for a (longitude, latitude) pair of finite numbers on the globe."""
    return (
        isinstance(valeur, (list, tuple))
        and len(valeur) == 2
        and all(isinstance(nombre, (int, float)) and not isinstance(nombre, bool) for nombre in valeur)
        and -180 <= valeur[0] <= 180
        and -90 <= valeur[1] <= 90
    )


def verifier(geometrie: object) -> None:
    """Raise GeometrieIllisible unless this is a GeoJSON Polygon or MultiPolygon with closed rings (RFC 7946 §3.1)."""
    if not isinstance(geometrie, dict) or geometrie.get("type") not in ("Polygon", "MultiPolygon"):
        raise GeometrieIllisible("un contour est un Polygon ou un MultiPolygon GeoJSON")
    coordonnees = geometrie.get("coordinates")
    parties = [coordonnees] if geometrie["type"] == "Polygon" else coordonnees
    if not isinstance(parties, (list, tuple)) or not parties:
        raise GeometrieIllisible("le contour est vide")
    sommets = 0
    for partie in parties:
        if not isinstance(partie, (list, tuple)) or not partie:
            raise GeometrieIllisible("le contour a une partie vide")
        for anneau in partie:
            if not isinstance(anneau, (list, tuple)) or len(anneau) < 4:
                raise GeometrieIllisible("un anneau a quatre positions au moins")
            sommets += len(anneau)
            if sommets > SOMMETS_MAX:
                raise GeometrieIllisible(f"le contour a plus de {SOMMETS_MAX} sommets")
            if not all(est_position(position) for position in anneau):
                raise GeometrieIllisible("une position est une longitude et une latitude en degrés")
            if tuple(anneau[0]) != tuple(anneau[-1]):
                raise GeometrieIllisible("un anneau finit là où il commence")


def polygones(geometrie: Geometrie) -> list[list[Anneau]]:
    """Parts of a Polygon or MultiPolygon, each as its outer ring followed by its holes."""
    if geometrie["type"] == "Polygon":
        return [geometrie["coordinates"]]
    return geometrie["coordinates"]


def anneaux(geometrie: Geometrie) -> Iterator[Anneau]:
    for polygone in polygones(geometrie):
        yield from polygone


def contient(geometrie: Geometrie, lon: float, lat: float) -> bool:
    """Even-odd rule, holes included (Shimrat 1962, « Algorithm 112: Position of point relative to polygon »).

    Each edge is read from its lower end to its upper end, whatever the way the ring runs: two polygons that share a
    border therefore compute the very same crossing, and a point on it belongs to exactly one of them.
    """
    return any(_nombre_impair(polygone, lon, lat) for polygone in polygones(geometrie))


def _nombre_impair(polygone: list[Anneau], lon: float, lat: float) -> bool:
    dedans = False
    for anneau in polygone:
        for (x1, y1), (x2, y2) in pairwise(anneau):
            if (y1 > lat) == (y2 > lat):
                continue
            if y1 > y2:
                x1, y1, x2, y2 = x2, y2, x1, y1
            if lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                dedans = not dedans
    return dedans


def boite(geometrie: Geometrie) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees (the order of a GeoJSON bbox)."""
    lons, lats = zip(*(position for anneau in anneaux(geometrie) for position in anneau), strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _moments(anneau: Anneau, origine: Position) -> tuple[float, float, float]:
    """Signed area of a ring in square degrees and its first moments, taken from `origine` to keep the digits."""
    x0, y0 = origine
    surface = moment_x = moment_y = 0.0
    for (x1, y1), (x2, y2) in pairwise(anneau):
        x1, y1, x2, y2 = x1 - x0, y1 - y0, x2 - x0, y2 - y0
        croix = x1 * y2 - x2 * y1
        surface += croix
        moment_x += (x1 + x2) * croix
        moment_y += (y1 + y2) * croix
    return surface / 2, moment_x / 6, moment_y / 6


def _moments_de(geometrie: Geometrie, origine: Position) -> tuple[float, float, float]:
    """As `_moments`, holes taken away whatever the way the rings run."""
    sommes = [0.0, 0.0, 0.0]
    for polygone in polygones(geometrie):
        for rang, anneau in enumerate(polygone):
            moments = _moments(anneau, origine)
            signe = math.copysign(1, moments[0]) * (1 if rang == 0 else -1)
            for i, moment in enumerate(moments):
                sommes[i] += signe * moment
    return sommes[0], sommes[1], sommes[2]


def aire(geometrie: Geometrie) -> float:
    """Area in square metres."""
    ouest, sud, _est, nord = boite(geometrie)
    surface, _, _ = _moments_de(geometrie, (ouest, sud))
    return surface * METRES_PAR_DEGRE**2 * math.cos(math.radians((sud + nord) / 2))


def centroide(geometrie: Geometrie) -> Position:
    """Centre of mass; may fall outside a bent shape. A shape without area has its box's centre."""
    ouest, sud, est, nord = boite(geometrie)
    surface, moment_x, moment_y = _moments_de(geometrie, (ouest, sud))
    if surface <= 0:
        return (ouest + est) / 2, (sud + nord) / 2
    return ouest + moment_x / surface, sud + moment_y / surface


def point_interieur(geometrie: Geometrie) -> Position:
    """A point surely inside: the centroid, else the middle of the widest stretch at its latitude or nearby."""
    lon, lat = centroide(geometrie)
    if contient(geometrie, lon, lat):
        return lon, lat
    _, sud, _, nord = boite(geometrie)
    for part in (None, 1 / 2, 1 / 3, 2 / 3, 1 / 5, 4 / 5, 1 / 7, 6 / 7):
        hauteur = lat if part is None else sud + part * (nord - sud)
        croisements = sorted(
            x1 + (hauteur - y1) * (x2 - x1) / (y2 - y1)
            for anneau in anneaux(geometrie)
            for (x1, y1), (x2, y2) in pairwise(anneau)
            if (y1 > hauteur) != (y2 > hauteur)
        )
        milieux = sorted(((b - a, (a + b) / 2) for a, b in pairwise(croisements)), reverse=True)
        for _largeur, milieu in milieux:
            if contient(geometrie, milieu, hauteur):
                return milieu, hauteur
    raise GeometrieIllisible("le contour n'a pas d'intérieur")
