import contextlib
import math
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territoires import geometrie
from territoires.geometrie import GeometrieIllisible
from tests.territoires.tuiles import carre, wkb_multipolygone, wkb_point

pytestmark = pytest.mark.sans_base

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
anneaux_fermes = st.lists(st.tuples(lons, lats), min_size=3, max_size=9).map(lambda a: [*a, a[0]])


@settings(deadline=None)
@given(st.lists(st.lists(anneaux_fermes, min_size=1, max_size=3), min_size=1, max_size=3), st.sampled_from("<>"))
def test_wkb_se_relit_dans_les_deux_ordres_d_octets(parties, ordre):
    lu = geometrie.lire_wkb(wkb_multipolygone(parties, ordre))
    assert lu == {"type": "MultiPolygon", "coordinates": parties}


def test_wkb_polygone_simple_et_point():
    polygone = wkb_multipolygone([[carre(0, 0, 1)]])[9:]
    assert geometrie.lire_wkb(polygone) == {"type": "MultiPolygon", "coordinates": [[carre(0, 0, 1)]]}
    assert geometrie.lire_wkb(wkb_point(-1.5, 47.2)) == {"type": "Point", "coordinates": (-1.5, 47.2)}


def test_wkb_accepte_le_srid_de_postgis():
    octets = b"\x01" + struct.pack("<IIdd", 1 | geometrie.DRAPEAU_SRID, 4326, -1.5, 47.2)
    assert geometrie.lire_wkb(octets)["coordinates"] == (-1.5, 47.2)


BON = wkb_multipolygone([[carre(0, 0, 1)]])


@pytest.mark.parametrize(
    ("octets", "raison"),
    [
        (b"", "tronquée"),
        (b"\x01", "tronquée"),
        (b"\x07" + BON[1:], "ordre des octets"),
        (BON[:-1], "tronquée"),
        (BON + b"\x00", "octets en trop"),
        (b"\x01" + struct.pack("<II", 2, 0), "genre WKB"),
        (b"\x01" + struct.pack("<I", 1006), "genre WKB"),
        (b"\x01" + struct.pack("<II", 3 | geometrie.DRAPEAU_SRID, 2154), "système de coordonnées"),
        (b"\x01" + struct.pack("<II", 6, 0), "vide"),
        (b"\x01" + struct.pack("<II", 6, 0xFFFFFFFF), "tronquée"),
        (b"\x01" + struct.pack("<III", 3, 1, 0xFFFFFFFF), "tronquée"),
        (b"\x01" + struct.pack("<II", 6, 1) + wkb_point(0, 0), "partie inattendue"),
        (wkb_point(math.nan, 47), "hors du globe"),
        (wkb_point(181, 47), "hors du globe"),
        (wkb_multipolygone([[[(0, 0), (1, 0), (0, math.inf), (0, 0)]]]), "longitude et une latitude"),
        (wkb_multipolygone([[[(0, 0), (1, 0), (1, 1), (0, 1)]]]), "finit là où il commence"),
        (wkb_multipolygone([[[(0, 0), (1, 0), (0, 0)]]]), "quatre positions"),
        (wkb_multipolygone([[]]), "partie vide"),
    ],
)
def test_wkb_refuse(octets, raison):
    with pytest.raises(GeometrieIllisible, match=raison):
        geometrie.lire_wkb(octets)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(BON)
def test_wkb_ne_connait_qu_une_erreur(octets):
    """Any bytes give a geometry or GeometrieIllisible, nothing else."""
    with contextlib.suppress(GeometrieIllisible):
        geometrie.lire_wkb(octets)


@pytest.mark.parametrize(
    "contour",
    [
        None,
        [],
        "POLYGON",
        {},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [carre(0, 0, 1)[:-1]]},
        {"type": "Polygon", "coordinates": [[["0", 0]] * 4]},
        {"type": "Polygon", "coordinates": [[[0, 0, 0]] * 4]},
        {"type": "Polygon", "coordinates": [[[True, 0]] * 4]},
        {"type": "Polygon", "coordinates": [[[math.nan, 0]] * 4]},
        {"type": "Polygon", "coordinates": [[[10**400, 0]] * 4]},
        {"type": "MultiPolygon", "coordinates": [carre(0, 0, 1)]},
        {"type": "Polygon", "coordinates": [[[0, 0]] * (geometrie.SOMMETS_MAX + 1)]},
    ],
)
def test_contour_refuse(contour):
    with pytest.raises(GeometrieIllisible):
        geometrie.verifier(contour)


def etoile(rayons, centre):
    """Polygon whose vertices turn around `centre` at these distances."""
    points = [
        (
            centre[0] + rayon * math.cos(2 * math.pi * rang / len(rayons)),
            centre[1] + rayon * math.sin(2 * math.pi * rang / len(rayons)),
        )
        for rang, rayon in enumerate(rayons)
    ]
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


@settings(deadline=None)
@given(
    st.lists(st.floats(0.5, 5), min_size=3, max_size=12), st.tuples(st.floats(-100, 100), st.floats(-60, 60)), st.data()
)
def test_contient_une_etoile(rayons, centre, data):
    forme = etoile(rayons, centre)
    rang = data.draw(st.integers(0, len(rayons) - 1))
    part = data.draw(st.floats(0.05, 0.95))
    sommet = forme["coordinates"][0][rang]
    vers = (sommet[0] - centre[0], sommet[1] - centre[1])
    if len(rayons) > 3:  # with three vertices a thin star may leave its centre outside
        assert geometrie.contient(forme, centre[0] + part * vers[0], centre[1] + part * vers[1])
    assert not geometrie.contient(forme, centre[0] + (2 - part) * vers[0], centre[1] + (2 - part) * vers[1])
    assert not geometrie.contient(forme, centre[0] + 50, centre[1])


def test_contient_tient_compte_des_trous_et_des_parties():
    forme = {
        "type": "MultiPolygon",
        "coordinates": [[carre(0, 0, 10), carre(2, 2, 2)], [carre(20, 0, 1, -1)]],
    }
    assert geometrie.contient(forme, 1, 1)
    assert not geometrie.contient(forme, 3, 3)
    assert geometrie.contient(forme, 20.5, 0.5)
    assert not geometrie.contient(forme, 15, 0.5)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
@example(0.0, 0.0, 0.5)
@example(1 / 3, 1 / 3, 1 / 3)
def test_un_point_du_bord_commun_est_d_un_seul_cote(haut, bas, part):
    """Two halves of a square, their border read in opposite directions: never both, never neither."""
    gauche = {"type": "Polygon", "coordinates": [[(-1, 0), (bas, 0), (haut, 1), (-1, 1), (-1, 0)]]}
    droite = {"type": "Polygon", "coordinates": [[(2, 0), (2, 1), (haut, 1), (bas, 0), (2, 0)]]}
    lon, lat = bas + part * (haut - bas), min(part, 0.999)
    assert geometrie.contient(gauche, lon, lat) != geometrie.contient(droite, lon, lat)


def test_mesures_d_un_carre_troue():
    forme = {"type": "Polygon", "coordinates": [carre(0, -1, 2), carre(0.5, -0.5, 1, -1)]}
    assert geometrie.boite(forme) == (0, -1, 2, 1)
    assert geometrie.centroide(forme) == pytest.approx((1, 0))
    degre_carre = geometrie.METRES_PAR_DEGRE**2
    assert geometrie.aire(forme) == pytest.approx(3 * degre_carre)
    # The same, whatever the way the rings run.
    retourne = {"type": "Polygon", "coordinates": [anneau[::-1] for anneau in forme["coordinates"]]}
    assert geometrie.aire(retourne) == pytest.approx(3 * degre_carre)


@pytest.mark.parametrize(
    "anneau",
    [
        [(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 10), (0, 10), (0, 0)],  # a U
        [(0, 0), (10, 0), (10, 1), (1, 1), (1, 9), (10, 9), (10, 10), (0, 10), (0, 0)],  # a C
        carre(0, 0, 1),
    ],
)
def test_point_interieur_est_dedans(anneau):
    forme = {"type": "Polygon", "coordinates": [anneau]}
    assert geometrie.contient(forme, *geometrie.point_interieur(forme))


def test_point_interieur_de_rien():
    with pytest.raises(GeometrieIllisible):
        geometrie.point_interieur({"type": "Polygon", "coordinates": [[(0, 0), (1, 0), (2, 0), (0, 0)]]})
