"""Simplify neighbouring polygons together, so that what touched still touches and nothing overlaps.

Borders are cut into arcs between the vertices where they meet, as TopoJSON does (Bostock, « How To Infer Topology »,
2013): an arc shared by two polygons exists once, is simplified once, and both get the same line back. Each arc goes
through the Douglas–Peucker algorithm (Douglas & Peucker, « Algorithms for the reduction of the number of points
required to represent a digitized line or its caricature », Cartographica 10(2), 1973; independently Ramer, 1972).
Alone it may make lines cross or leave an islet on the wrong side, so the result is checked with the two conditions of
Saalfeld (« Topologically consistent line simplification with the Douglas–Peucker algorithm », 1999): no crossing, and
no foreign vertex between a line and its simplified form. Arcs that fail are redone with a finer tolerance.

Inside, vertices are integers (degrees × 10^decimals): equality and orientation are exact.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from territoires.geometrie import METRES_PAR_DEGRE, Geometrie, GeometrieIllisible, polygones

Sommet = tuple[int, int]
Arc = tuple[Sommet, ...]
Segment = tuple[Sommet, Sommet]
Echelle = tuple[float, float]  # metres for one unit of longitude, of latitude

FINESSES = 8  # a refused arc is tried again at half its tolerance; after so many tries it is kept as it was


def simplifier(
    geometries: Sequence[Geometrie], *, tolerance: float, soudure: float = 0.0, decimales: int = 5
) -> list[Geometrie]:
    """MultiPolygons with fewer vertices, in the order given; no vertex moves, an arc strays at most `tolerance` metres.

    `soudure` first closes the cracks of the source: vertices nearer than this (metres) become one, and a vertex that
    lies on a neighbour's border is added to it. `decimales` rounds degrees (5 is about one metre).
    Raises GeometrieIllisible when a geometry has nothing left after rounding.
    """
    if not geometries:
        return []
    facteur = 10**decimales
    formes = [_en_entiers(geometrie, facteur) for geometrie in geometries]
    echelle = _echelle(formes, facteur)
    if soudure > 0:
        formes = _souder(formes, soudure, echelle)
    formes = [_sans_vide(forme) for forme in formes]
    decoupes = _decouper(anneau for forme in formes for polygone in forme for anneau in polygone)
    reduits = _reduire(decoupes, tolerance, echelle)
    reste = iter(decoupes)
    return [
        {
            "type": "MultiPolygon",
            "coordinates": [
                [
                    _en_degres(_assembler(next(reste), reduits), facteur, trou=rang > 0)
                    for rang, _anneau in enumerate(polygone)
                ]
                for polygone in forme
            ],
        }
        for forme in formes
    ]


# --- From GeoJSON to clean integer rings, and back ---------------------------------------------------------------


def _en_entiers(geometrie: Geometrie, facteur: int) -> list[list[Arc]]:
    return [
        [_nettoyer([(round(x * facteur), round(y * facteur)) for x, y in anneau[:-1]]) for anneau in polygone]
        for polygone in polygones(geometrie)
    ]


def _nettoyer(anneau: list[Sommet]) -> Arc:
    """Open ring without repeated vertices and without spikes (there and back along one line)."""
    propre: list[Sommet] = []
    for sommet in anneau:
        if propre and propre[-1] == sommet:
            continue
        if len(propre) > 1 and propre[-2] == sommet:
            propre.pop()
        else:
            propre.append(sommet)
    while len(propre) > 1 and (propre[0] == propre[-1] or propre[0] == propre[-2] or propre[1] == propre[-1]):
        if propre[0] == propre[-1] or propre[0] == propre[-2]:
            propre.pop()
        else:
            propre.pop(0)
    return tuple(propre)


def _sans_vide(forme: list[list[Arc]]) -> list[list[Arc]]:
    """Without the holes and the parts that rounding reduced to nothing."""
    gardes = [
        [polygone[0], *(trou for trou in polygone[1:] if _double_aire(trou))]
        for polygone in forme
        if _double_aire(polygone[0])
    ]
    if not gardes:
        raise GeometrieIllisible("le contour n'a plus de surface une fois arrondi")
    return gardes


def _double_aire(anneau: Sequence[Sommet]) -> int:
    if len(anneau) < 3:
        return 0
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(anneau, (*anneau[1:], anneau[0]), strict=True))


def _en_degres(anneau: Sequence[Sommet], facteur: int, *, trou: bool) -> list[list[float]]:
    """Closed ring; outer rings run counterclockwise and holes clockwise (RFC 7946 §3.1.6)."""
    if (_double_aire(anneau) < 0) != trou:
        anneau = anneau[::-1]
    return [[x / facteur, y / facteur] for x, y in (*anneau, anneau[0])]


def _echelle(formes: list[list[list[Arc]]], facteur: int) -> Echelle:
    ordonnees = [y for forme in formes for polygone in forme for anneau in polygone for _x, y in anneau]
    if not ordonnees:
        raise GeometrieIllisible("le contour est vide")
    milieu = (min(ordonnees) + max(ordonnees)) / 2 / facteur
    return METRES_PAR_DEGRE * math.cos(math.radians(milieu)) / facteur, METRES_PAR_DEGRE / facteur


def _ecart(p: Sommet, a: Sommet, b: Sommet, echelle: Echelle) -> tuple[float, float]:
    """Distance in metres from p to the segment ab, and how far along ab (0 to 1) the nearest point is."""
    ex, ey = echelle
    dx, dy = (b[0] - a[0]) * ex, (b[1] - a[1]) * ey
    px, py = (p[0] - a[0]) * ex, (p[1] - a[1]) * ey
    longueur = dx * dx + dy * dy
    t = min(1.0, max(0.0, (px * dx + py * dy) / longueur)) if longueur else 0.0
    return math.hypot(px - t * dx, py - t * dy), t


class _Voisinage:
    """Vertices in order of longitude, to find those of a box without reading them all."""

    def __init__(self, sommets: Iterable[Sommet]) -> None:
        self.sommets = sorted(set(sommets))

    def dans(self, points: Sequence[Sommet], marge_x: float = 0.0, marge_y: float = 0.0) -> list[Sommet]:
        """Vertices in the box of these points, widened by the margins (in units)."""
        ouest, est = min(x for x, _ in points) - marge_x, max(x for x, _ in points) + marge_x
        sud, nord = min(y for _, y in points) - marge_y, max(y for _, y in points) + marge_y
        debut = bisect_left(self.sommets, (ouest, -math.inf))
        fin = bisect_right(self.sommets, (est, math.inf))
        return [sommet for sommet in self.sommets[debut:fin] if sud <= sommet[1] <= nord]


# --- Closing the cracks of the source ----------------------------------------------------------------------------


def _souder(formes: list[list[list[Arc]]], distance: float, echelle: Echelle) -> list[list[list[Arc]]]:
    emplois = Counter(sommet for forme in formes for polygone in forme for anneau in polygone for sommet in anneau)
    vers = _fusions(emplois, distance, echelle)
    voisinage = _Voisinage(vers.values())
    return [
        [
            [
                _nettoyer(_poser_sur_le_bord([vers[sommet] for sommet in anneau], voisinage, distance, echelle))
                for anneau in polygone
            ]
            for polygone in forme
        ]
        for forme in formes
    ]


def _fusions(emplois: Counter[Sommet], distance: float, echelle: Echelle) -> dict[Sommet, Sommet]:
    """For each vertex the one it becomes: among those within `distance`, the one that most rings use."""
    voisinage = _Voisinage(emplois)
    marges = distance / echelle[0], distance / echelle[1]
    vers: dict[Sommet, Sommet] = {}
    for sommet in sorted(emplois, key=lambda s: (-emplois[s], s)):
        if sommet in vers:
            continue
        vers[sommet] = sommet
        for voisin in voisinage.dans([sommet], *marges):
            if voisin not in vers and _ecart(voisin, sommet, sommet, echelle)[0] <= distance:
                vers[voisin] = sommet
    return vers


def _poser_sur_le_bord(anneau: list[Sommet], voisinage: _Voisinage, distance: float, echelle: Echelle) -> list[Sommet]:
    """Ring with, on each side, the vertices of its neighbours that lie on it."""
    marges = distance / echelle[0], distance / echelle[1]
    complet: list[Sommet] = []
    for a, b in zip(anneau, (*anneau[1:], anneau[0]), strict=True):
        complet.append(a)
        poses = []
        for sommet in voisinage.dans([a, b], *marges):
            if sommet in (a, b):
                continue
            ecart, t = _ecart(sommet, a, b, echelle)
            if ecart <= distance and 0 < t < 1:
                poses.append((t, sommet))
        complet.extend(sommet for _t, sommet in sorted(poses))
    return complet


# --- Arcs --------------------------------------------------------------------------------------------------------


def _jonctions(anneaux: Iterable[Arc]) -> set[Sommet]:
    """Vertices where borders meet or part: not every passage through them has the same two neighbours."""
    voisins: dict[Sommet, frozenset[Sommet]] = {}
    jonctions = set()
    for anneau in anneaux:
        for rang, sommet in enumerate(anneau):
            paire = frozenset((anneau[rang - 1], anneau[(rang + 1) % len(anneau)]))
            if voisins.setdefault(sommet, paire) != paire:
                jonctions.add(sommet)
    return jonctions


def _decouper(anneaux: Iterable[Arc]) -> list[list[Arc]]:
    """Each ring as the list of its arcs, end to end, in its own direction."""
    anneaux = list(anneaux)
    jonctions = _jonctions(anneaux)
    decoupes = []
    for anneau in anneaux:
        coupes = [rang for rang, sommet in enumerate(anneau) if sommet in jonctions]
        if not coupes:
            # Nothing to hold on to: start at the least vertex, so that a hole and the islet that fills it agree.
            coupes = [anneau.index(min(anneau))]
        ouvert = (*anneau[coupes[0] :], *anneau[: coupes[0] + 1])
        bornes = [rang - coupes[0] for rang in coupes] + [len(anneau)]
        decoupes.append([ouvert[a : b + 1] for a, b in pairwise(bornes)])
    return decoupes


def _canonique(arc: Arc) -> Arc:
    return min(arc, arc[::-1])


def _assembler(arcs: list[Arc], reduits: dict[Arc, Arc]) -> list[Sommet]:
    """Open ring made of the simplified arcs."""
    anneau: list[Sommet] = []
    for arc in arcs:
        cle = _canonique(arc)
        reduit = reduits[cle] if cle == arc else reduits[cle][::-1]
        anneau.extend(reduit[:-1])
    return anneau


def _reduire(decoupes: list[list[Arc]], tolerance: float, echelle: Echelle) -> dict[Arc, Arc]:
    """Simplified form of each arc, refined until nothing crosses, flips side or collapses."""
    arcs = {_canonique(arc) for arc in chain.from_iterable(decoupes)}
    voisinage = _Voisinage(chain.from_iterable(arcs))
    essais = dict.fromkeys(arcs, 0)
    reduits = {arc: _douglas_peucker(arc, tolerance, echelle) for arc in arcs}
    while True:
        fautifs = _effondres(decoupes, reduits) | _retournes(reduits, voisinage) | _croises(reduits)
        fautifs = {arc for arc in fautifs if len(reduits[arc]) < len(arc)}
        if not fautifs:
            return reduits
        for arc in fautifs:
            essais[arc] += 1
            fine = tolerance / 2 ** essais[arc]
            reduits[arc] = arc if essais[arc] >= FINESSES else _douglas_peucker(arc, fine, echelle)


def _douglas_peucker(arc: Arc, tolerance: float, echelle: Echelle) -> Arc:
    """Ends kept, then the farthest vertex of each stretch while it is farther than `tolerance` metres."""
    if tolerance <= 0:
        return arc
    gardes = {0, len(arc) - 1}
    pile = [(0, len(arc) - 1)]
    while pile:
        debut, fin = pile.pop()
        loin, rang = tolerance, 0
        for i in range(debut + 1, fin):
            ecart, _t = _ecart(arc[i], arc[debut], arc[fin], echelle)
            if ecart > loin:
                loin, rang = ecart, i
        if rang:
            gardes.add(rang)
            pile += [(debut, rang), (rang, fin)]
    return tuple(arc[i] for i in sorted(gardes))


# --- What a simplification may not do ----------------------------------------------------------------------------


def _effondres(decoupes: list[list[Arc]], reduits: dict[Arc, Arc]) -> set[Arc]:
    """Arcs of the rings that no longer enclose anything, or that turned inside out."""
    fautifs: set[Arc] = set()
    for arcs in decoupes:
        avant = _double_aire([sommet for arc in arcs for sommet in arc[:-1]])
        if avant * _double_aire(_assembler(arcs, reduits)) <= 0:
            fautifs.update(map(_canonique, arcs))
    return fautifs


def _retournes(reduits: dict[Arc, Arc], voisinage: _Voisinage) -> set[Arc]:
    """Arcs with somebody else's vertex between the line and its simplified form."""
    fautifs = set()
    for arc, reduit in reduits.items():
        siens = set(arc)
        rang = 0
        for suivant in reduit[1:]:
            fin = arc.index(suivant, rang + 1)
            troncon = arc[rang : fin + 1]
            rang = fin
            if len(troncon) > 2 and any(
                sommet not in siens and _dans_le_polygone(sommet, troncon) for sommet in voisinage.dans(troncon)
            ):
                fautifs.add(arc)
                break
    return fautifs


def _dans_le_polygone(p: Sommet, anneau: Sequence[Sommet]) -> bool:
    dedans = False
    for a, b in zip(anneau, (*anneau[1:], anneau[0]), strict=True):
        if (a[1] > p[1]) != (b[1] > p[1]):
            bas, haut = (a, b) if a[1] < b[1] else (b, a)
            dedans ^= _cote(bas, haut, p) > 0
    return dedans


def _cote(a: Sommet, b: Sommet, c: Sommet) -> int:
    """Positive when c is on the left of ab, zero when on its line (exact)."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _croises(reduits: dict[Arc, Arc]) -> set[Arc]:
    """Arcs of which two segments meet anywhere else than at a common end. Sweep in order of longitude."""
    segments = sorted(
        ((min(a, b), max(a, b), arc) for arc, reduit in reduits.items() for a, b in pairwise(reduit)),
        key=lambda s: s[0],
    )
    fautifs: set[Arc] = set()
    actifs: list[tuple[Sommet, Sommet, Arc]] = []
    for segment in segments:
        actifs = [actif for actif in actifs if actif[1][0] >= segment[0][0]]
        for actif in actifs:
            if _se_coupent(actif[:2], segment[:2]):
                fautifs.update((actif[2], segment[2]))
        actifs.append(segment)
    return fautifs


def _se_coupent(s: Segment, t: Segment) -> bool:
    """Two segments with a common point that is not an end of both."""
    (a, b), (c, d) = s, t
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    communs = {a, b} & {c, d}
    if len(communs) == 2:
        return True
    if communs:
        (pivot,) = communs
        p, q = (b if a == pivot else a), (d if c == pivot else c)
        # From a common end, they meet again only when one lies along the other.
        meme_ligne = _cote(pivot, p, q) == 0
        return meme_ligne and (p[0] - pivot[0]) * (q[0] - pivot[0]) + (p[1] - pivot[1]) * (q[1] - pivot[1]) > 0
    o1, o2, o3, o4 = _cote(a, b, c), _cote(a, b, d), _cote(c, d, a), _cote(c, d, b)
    if (o1 > 0) != (o2 > 0) and (o3 > 0) != (o4 > 0) and 0 not in (o1, o2, o3, o4):
        return True
    return any(o == 0 and _entre(p, *q) for o, p, q in ((o1, c, s), (o2, d, s), (o3, a, t), (o4, b, t)))


def _entre(p: Sommet, a: Sommet, b: Sommet) -> bool:
    """p, known to be on the line ab, is on the segment."""
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])
