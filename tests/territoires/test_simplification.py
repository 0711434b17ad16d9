from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territoires.geometrie import GeometrieIllisible, aire, contient
from territoires.simplification import simplifier
from tests.territoires.tuiles import OUEST, PAS, SUD, carre, cotes, pavages

pytestmark = pytest.mark.sans_base

tolerances = st.sampled_from([0.0, 1.0, 20.0, 100.0, 500.0, 5000.0])
soudures = st.sampled_from([0.0, 5.0])


def polygone(*anneaux):
    return {"type": "Polygon", "coordinates": list(anneaux)}


@settings(deadline=None)
@given(pavages(), tolerances, soudures, st.data())
def test_les_voisins_restent_voisins(pavage, tolerance, soudure, data):
    tuiles, (colonnes, lignes) = pavage
    apres = simplifier(tuiles, tolerance=tolerance, soudure=soudure)
    assert len(apres) == len(tuiles)

    # A side belongs to one country; read the other way, to its neighbour.
    emplois = Counter(cote for tuile in apres for cote in cotes(tuile))
    assert max(emplois.values()) == 1

    # Nothing is counted twice, wherever one looks; nothing is lost either while the frame keeps its corners, which are
    # six hundred metres away from the line that would cut them.
    cadre_garde = tolerance <= 500
    for _ in range(20):
        lon = data.draw(st.floats(OUEST + 1e-6, OUEST + colonnes * PAS - 1e-6))
        lat = data.draw(st.floats(SUD + 1e-6, SUD + lignes * PAS - 1e-6))
        combien = sum(contient(tuile, lon, lat) for tuile in apres)
        assert combien == 1 if cadre_garde else combien <= 1
    if cadre_garde:
        assert sum(map(aire, apres)) == pytest.approx(sum(map(aire, tuiles)), rel=1e-3)
        cadre = Counter(frozenset(cote) for cote in emplois)
        libres = [cote for cote, combien in cadre.items() if combien == 1]
        assert all(est_sur_le_cadre(*cote, colonnes, lignes) for cote in libres)


def est_sur_le_cadre(a, b, colonnes, lignes):
    bords = [(0, OUEST), (0, OUEST + colonnes * PAS), (1, SUD), (1, SUD + lignes * PAS)]
    return any(abs(a[axe] - bord) < 1e-9 and abs(b[axe] - bord) < 1e-9 for axe, bord in bords)


@settings(deadline=None)
@given(pavages(), tolerances)
def test_aucun_sommet_ne_bouge_ni_n_apparait(pavage, tolerance):
    tuiles, _taille = pavage
    for avant, apres in zip(tuiles, simplifier(tuiles, tolerance=tolerance), strict=True):
        # On the same grid: half a unit is not rounded the same way by round(x, 5).
        sommets = {(round(x * 10**5) / 10**5, round(y * 10**5) / 10**5) for (x, y), _ in cotes(avant)}
        assert {a for a, _ in cotes(apres)} <= sommets
        assert len(cotes(apres)) <= len(cotes(avant))


@settings(deadline=None)
@given(pavages(), tolerances)
def test_ce_qui_est_simplifie_est_stable(pavage, tolerance):
    tuiles, _taille = pavage
    une = simplifier(tuiles, tolerance=tolerance)
    assert simplifier(une, tolerance=0) == simplifier(une, tolerance=0, soudure=0)
    aires = [aire(tuile) for tuile in simplifier(une, tolerance=0)]
    assert aires == pytest.approx([aire(tuile) for tuile in une])


def test_un_detail_plus_petit_que_la_tolerance_disparait_et_un_plus_grand_reste():
    # 0.0001° of latitude is eleven metres.
    forme = polygone([(0, 0), (0.05, 0.0001), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0)])
    assert len(cotes(simplifier([forme], tolerance=5)[0])) == 5
    assert len(cotes(simplifier([forme], tolerance=20)[0])) == 4


def test_une_ile_et_le_trou_qu_elle_remplit_gardent_le_meme_bord():
    cote = [(2.0, 2.0), (3.0, 2.0001), (4.0, 2.0), (4.0, 4.0), (3.0, 4.0001), (2.0, 4.0), (2.0, 2.0)]
    tourne = [*cote[3:-1], *cote[:4]]
    mer = polygone(carre(0.0, 0.0, 10.0), cote)
    ile = polygone(tourne[::-1])
    mer2, ile2 = simplifier([mer, ile], tolerance=50)
    trou = {frozenset(c) for c in cotes({"coordinates": [[mer2["coordinates"][0][1]]]})}
    assert trou == {frozenset(c) for c in cotes(ile2)}
    assert len(trou) == 4
    assert not contient(mer2, 3, 3)
    assert contient(ile2, 3, 3)


def test_l_ilot_reste_du_bon_cote_du_rivage():
    """A bay that would be cut off keeps its islet outside the mainland (the second condition of Saalfeld)."""
    terre = polygone([(0, 0), (0.1, 0), (0.1, 0.05), (0.06, 0.05), (0.05, 0.045), (0.04, 0.05), (0, 0.05), (0, 0)])
    ilot = polygone(carre(0.0495, 0.047, 0.001))
    terre2, ilot2 = simplifier([terre, ilot], tolerance=600)
    assert not contient(terre2, 0.05, 0.0475)
    assert contient(ilot2, 0.05, 0.0475)
    # Without the islet the bay goes.
    assert contient(simplifier([terre], tolerance=600)[0], 0.05, 0.0475)


def test_rien_ne_s_effondre_meme_a_tolerance_enorme():
    triangle = polygone([(0, 0), (0.001, 0), (0, 0.001), (0, 0)])
    assert len(cotes(simplifier([triangle], tolerance=1e6)[0])) == 3


def test_la_soudure_ferme_les_fentes_de_la_source():
    """As at La Montagne: one vertex twice, a few metres apart, and one that only one of the neighbours has."""
    gauche = polygone([(0, 0), (0.1, 0), (0.10003, 0.05), (0.1, 0.1), (0, 0.1), (0, 0)])
    droite = polygone([(0.1, 0.00002), (0.2, 0), (0.2, 0.1), (0.1, 0.1), (0.1, 0.00002)])
    a, b = simplifier([gauche, droite], tolerance=0, soudure=20)
    bords = Counter(frozenset(cote) for forme in (a, b) for cote in cotes(forme))
    assert sorted(bords.values()) == [1] * 6 + [2] * 2
    assert aire(a) + aire(b) == pytest.approx(aire(polygone(carre(0, 0, 0.1))) * 2, rel=1e-3)


def test_les_anneaux_tournent_comme_le_veut_geojson():
    forme = simplifier([polygone(carre(0, 0, 3, -1), carre(1, 1, 1))], tolerance=0)[0]
    exterieur, trou = forme["coordinates"][0]
    assert exterieur[0] == exterieur[-1]
    # Shoelace: counterclockwise outside, clockwise inside.
    signes = [sum(a[0] * b[1] - b[0] * a[1] for a, b in cotes({"coordinates": [[x]]})) for x in (exterieur, trou)]
    assert signes[0] > 0 > signes[1]


def test_les_miettes_disparaissent_et_le_vide_se_dit():
    miette = carre(5, 5, 1e-7)
    forme = {"type": "MultiPolygon", "coordinates": [[carre(0, 0, 1), miette], [miette]]}
    assert simplifier([forme], tolerance=0)[0]["coordinates"] == [[[list(map(float, p)) for p in carre(0, 0, 1)]]]
    with pytest.raises(GeometrieIllisible, match="plus de surface"):
        simplifier([{"type": "MultiPolygon", "coordinates": [[miette]]}], tolerance=0)
    assert simplifier([], tolerance=10) == []


def test_un_aller_retour_est_retire():
    epine = polygone([(0, 0), (1, 0), (2, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
    assert simplifier([epine], tolerance=0)[0]["coordinates"][0][0] == [
        [0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0],
    ]  # fmt: skip


def a_gauche(a, b, c):
    """Sign of the turn abc, exact on rounded degrees."""
    (ax, ay), (bx, by), (cx, cy) = (tuple(round(v * 1e5) for v in p) for p in (a, b, c))
    produit = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return (produit > 0) - (produit < 0)


def se_croise(forme):
    tous = cotes(forme)
    return any(
        a_gauche(a, b, c) * a_gauche(a, b, d) < 0 and a_gauche(c, d, a) * a_gauche(c, d, b) < 0
        for rang, (a, b) in enumerate(tous)
        for c, d in tous[rang + 1 :]
    )


# Found at random: Douglas–Peucker alone makes this coast cross itself.
COTE_TORDUE = [
    (0.00428, 0.0027), (0.00087, 0.00558), (-0.00368, 0.003), (-0.00595, 0.00182), (-0.00635, 0.00419),
    (-0.00583, 0.0009), (-0.00387, 0.00108), (-0.00092, -0.00644), (0.00019, -0.00217), (0.00178, -0.00593),
    (0.00337, -0.00109), (0.0075, -2e-05),
]  # fmt: skip


@pytest.mark.parametrize("tolerance", [50, 100, 200, 400])
def test_une_ligne_ne_se_croise_pas(tolerance):
    forme = simplifier([polygone([*COTE_TORDUE, COTE_TORDUE[0]])], tolerance=tolerance)[0]
    assert not se_croise(forme)
    assert len(cotes(forme)) < len(COTE_TORDUE) or tolerance < 100
