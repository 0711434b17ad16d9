"""Invented neighbours for the tests: a grid of countries with wiggly, shared borders."""

import struct
from itertools import pairwise

from hypothesis import strategies as st

PAS = 0.01  # degrees, side of a tile
OUEST, SUD = -1.6, 47.2


@st.composite
def pavages(draw):
    """(tiles as GeoJSON MultiPolygons, area covered in square degrees being the same whatever the wiggles).

    Each border is a line with up to six vertices moved sideways by less than half a tile, drawn once and used by both
    neighbours; the outer frame stays straight so that the total is known.
    """
    colonnes = draw(st.integers(1, 4))
    lignes = draw(st.integers(1, 3))

    def bord(a, b, exterieur):
        ecarts = draw(st.lists(st.floats(-0.4, 0.4), min_size=0, max_size=6))
        if exterieur:
            ecarts = [0.0] * len(ecarts)
        points = [a]
        for rang, ecart in enumerate(ecarts, start=1):
            t = rang / (len(ecarts) + 1)
            # Wiggles fade towards the corners, so that two borders never cross there.
            ecart *= PAS * min(t, 1 - t)
            dx, dy = b[0] - a[0], b[1] - a[1]
            points.append((a[0] + t * dx - ecart * dy / PAS, a[1] + t * dy + ecart * dx / PAS))
        return [*points, b]

    def coin(i, j):
        return (OUEST + i * PAS, SUD + j * PAS)

    horizontaux = {
        (i, j): bord(coin(i, j), coin(i + 1, j), j in (0, lignes)) for i in range(colonnes) for j in range(lignes + 1)
    }
    verticaux = {
        (i, j): bord(coin(i, j), coin(i, j + 1), i in (0, colonnes)) for i in range(colonnes + 1) for j in range(lignes)
    }
    tuiles = []
    for i in range(colonnes):
        for j in range(lignes):
            anneau = (
                horizontaux[i, j][:-1]
                + verticaux[i + 1, j][:-1]
                + horizontaux[i, j + 1][::-1][:-1]
                + verticaux[i, j][::-1]
            )
            debut = draw(st.integers(0, len(anneau) - 2))
            anneau = anneau[debut:-1] + anneau[: debut + 1]
            if draw(st.booleans()):
                anneau.reverse()
            tuiles.append({"type": "MultiPolygon", "coordinates": [[anneau]]})
    return tuiles, (colonnes, lignes)


def cotes(geometrie):
    """Directed sides of every ring."""
    return [
        (tuple(a), tuple(b))
        for polygone in geometrie["coordinates"]
        for anneau in polygone
        for a, b in pairwise(anneau)
    ]


def carre(x, y, cote, sens=1):
    points = [(x, y), (x + cote, y), (x + cote, y + cote), (x, y + cote), (x, y)]
    return points[::sens]


def wkb_multipolygone(parties, ordre="<"):
    octets = b"\x01" if ordre == "<" else b"\x00"
    sortie = octets + struct.pack(f"{ordre}II", 6, len(parties))
    for partie in parties:
        sortie += octets + struct.pack(f"{ordre}II", 3, len(partie))
        for anneau in partie:
            sortie += struct.pack(f"{ordre}I", len(anneau))
            sortie += b"".join(struct.pack(f"{ordre}dd", *position) for position in anneau)
    return sortie


def wkb_point(lon, lat):
    return b"\x01" + struct.pack("<Idd", 1, lon, lat)
