import pytest
from django.core.cache import cache

from api.cadence import Anonymes, Ecritures, Personnes
from tests.fabriques import IdeeFabrique

pytestmark = pytest.mark.django_db


def limiter(monkeypatch, classe, scope, taux):
    monkeypatch.setattr(classe, "THROTTLE_RATES", {**classe.THROTTLE_RATES, scope: taux})


def test_qui_demande_trop_attend(api, monkeypatch):
    limiter(monkeypatch, Anonymes, "anon", "3/min")
    client = api()
    reponses = [client.get("/api/v1/thematiques/") for _ in range(5)]
    assert [r.status_code for r in reponses] == [200, 200, 200, 429, 429]
    assert int(reponses[-1].headers["Retry-After"]) > 0
    assert "Attendez" in reponses[-1].json()["detail"]
    assert api().get("/api/v1/thematiques/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_un_en_tete_invente_ne_donne_pas_une_autre_adresse(api, monkeypatch):
    limiter(monkeypatch, Anonymes, "anon", "1/min")
    statuts = [
        api().get("/api/v1/thematiques/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)
    ]
    assert statuts == [200, 429, 429]


def test_ecrire_se_compte_a_part(api, citoyenne, monkeypatch):
    limiter(monkeypatch, Ecritures, "ecriture", "2/min")
    client, soutien = api(citoyenne), f"/api/v1/idees/{IdeeFabrique(etat='publiee').pk}/soutien/"
    assert [client.put(soutien).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/idees/").status_code == 200


def test_un_cache_mort_ne_ferme_pas_le_site(api, citoyenne, monkeypatch, caplog):
    def mort(*args, **kwargs):
        raise ConnectionError("plus de cache")

    idee = IdeeFabrique(etat="publiee")
    for classe in (Anonymes, Personnes, Ecritures):
        monkeypatch.setattr(classe, "cache", type("CacheMort", (), {"get": mort, "set": mort})())
    assert api().get("/api/v1/idees/").status_code == 200
    assert api(citoyenne).put(f"/api/v1/idees/{idee.pk}/soutien/").status_code == 200
    assert "cache indisponible" in caplog.text
    cache.clear()
