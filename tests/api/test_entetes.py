"""Headers, sessions and tokens: what a browser of another site, a cache or a program must not be able to do."""

import pytest
from django.test import Client

from idees.models import Soutien
from tests.fabriques import IdeeFabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def exigeant(citoyenne):
    """A client like a browser: the token is checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(citoyenne)
    return client


@pytest.fixture
def soutien(db):
    return f"/api/v1/idees/{IdeeFabrique(etat='publiee').pk}/soutien/"


def test_sans_jeton_rien_ne_s_ecrit(exigeant, soutien):
    reponse = exigeant.put(soutien)
    assert (reponse.status_code, "X-CSRFToken" in reponse.json()["detail"]) == (403, True)
    for methode, chemin in (("post", "/api/v1/idees/"), ("delete", soutien), ("put", "/api/v1/notifications/lecture/")):
        assert getattr(exigeant, methode)(chemin, "{}", content_type="application/json").status_code == 403
    assert not Soutien.objects.exists()


def test_avec_le_jeton_de_moi_on_ecrit(exigeant, soutien):
    jeton = exigeant.get("/api/v1/moi/").json()["jeton"]
    assert exigeant.put(soutien, headers={"X-CSRFToken": jeton}).status_code == 200
    assert exigeant.delete(soutien, headers={"X-CSRFToken": "faux" * 16}).status_code == 403
    ailleurs = {"X-CSRFToken": jeton, "Origin": "https://ailleurs.exemple.fr"}
    assert exigeant.delete(soutien, headers=ailleurs).status_code == 403
    assert Soutien.objects.count() == 1


def test_un_compte_desactive_n_entre_plus(api, citoyenne):
    client = api(citoyenne)
    assert client.get("/api/v1/moi/").status_code == 200
    citoyenne.is_active = False
    citoyenne.save()
    assert client.get("/api/v1/moi/").status_code == 403


@pytest.mark.parametrize("chemin", ["idees/", "moi/", "idees/999999/", "journal/", "notifications/"])
def test_ce_qu_une_personne_lit_n_est_garde_par_aucun_cache(api, citoyenne, chemin):
    reponse = api(citoyenne).get(f"/api/v1/{chemin}")
    assert "no-store" in reponse.headers["Cache-Control"]
    assert "Cookie" in reponse.headers["Vary"]


@pytest.mark.parametrize("chemin", ["/api/", "/api/lire/", "/api/v1/schema/", "/api/v1/idees/", "/api/v1/rien/"])
def test_chaque_reponse_a_ses_protections_et_n_ouvre_a_aucun_autre_site(db, api, chemin):
    reponse = api().get(chemin, headers={"Origin": "https://ailleurs.exemple.fr", "accept": "*/*"})
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in reponse.headers["Content-Security-Policy"]
    assert "unsafe" not in reponse.headers["Content-Security-Policy"]
    assert [nom for nom in reponse.headers if nom.lower().startswith("access-control")] == []


def test_une_demande_prealable_d_un_autre_site_n_obtient_rien(api, citoyenne):
    entetes = {"Origin": "https://ailleurs.exemple.fr", "Access-Control-Request-Method": "PUT"}
    for client in (api(), api(citoyenne)):
        reponse = client.options("/api/v1/idees/", headers=entetes)
        assert reponse.status_code in {403, 405}
        assert [nom for nom in reponse.headers if nom.lower().startswith("access-control")] == []


def test_qui_veut_du_html_n_en_a_pas(db, api):
    reponse = api().get("/api/v1/idees/", headers={"accept": "text/html"})
    assert (reponse.status_code, reponse.headers["Content-Type"]) == (406, "application/json")
    assert reponse.json() == {"detail": "Cette adresse ne parle que le JSON."}


def test_ce_qu_une_personne_ecrit_reste_du_texte(api, citoyenne):
    idee = IdeeFabrique(etat="publiee", titre="<script>alert(1)</script>")
    reponse = api().get(f"/api/v1/idees/{idee.pk}/")
    assert reponse.headers["Content-Type"] == "application/json"
    assert reponse.json()["titre"] == "<script>alert(1)</script>"


HORS_DE_VUE = [
    ("get", "idees/{brouillon}/"),
    ("get", "idees/{masquee}/"),
    ("get", "idees/{brouillon}/commentaires/"),
    ("get", "projets/{preparation}/"),
    ("get", "projets/{preparation}/documents/"),
    ("get", "reponses/{reponse_brouillon}/"),
    ("get", "commentaires/{commentaire_masque}/"),
    ("get", "commentaires/{commentaire_sous_masque}/"),
    ("get", "boites/{boite_cachee}/"),
    ("get", "journal/{entree_scellee}/"),
    ("put", "idees/{brouillon}/soutien/"),
    ("put", "idees/{brouillon}/suivi/"),
    ("post", "idees/{brouillon}/etapes/soumettre/"),
]


def test_ce_qu_on_ne_voit_pas_repond_comme_ce_qui_n_existe_pas(monde, api, adresse):
    client = api(monde.voisin)
    rien = client.get(adresse("idees/999999/"))
    for methode, chemin in HORS_DE_VUE:
        reponse = getattr(client, methode)(adresse(chemin), content_type="application/json")
        assert (reponse.status_code, reponse.content) == (404, rien.content), (methode, chemin)


def test_ce_qui_est_cache_ne_laisse_pas_de_trace(monde, api, adresse):
    """Titles and words of hidden things are in no list, no sentence, no answer to them."""
    from idees.models import Idee

    Idee.objects.filter(pk=monde.masquee.pk).update(titre="Titre-a-cacher", texte="Texte-a-cacher")
    for chemin in ("idees/", "journal/?limit=100", "reponses/", "moi/suivis/", "notifications/", "projets/"):
        texte = api(monde.voisin).get(adresse(chemin)).content.decode()
        assert "a-cacher" not in texte, chemin
        assert "Ceci sera masqué" not in texte, chemin


def test_la_referente_d_un_projet_n_a_rien_a_dire_sur_un_autre(monde, api, adresse):
    from tests.fabriques import PersonneFabrique, ProjetFabrique

    referente = PersonneFabrique()
    ProjetFabrique(slug="le-sien", referente=referente, annonce=False)
    client = api(referente)
    assert client.get(adresse("projets/le-sien/")).status_code == 200
    assert client.get(adresse("projets/{preparation}/")).status_code == 404
    vide = {"data": "{}", "content_type": "application/json"}
    assert client.post(adresse("projets/{preparation}/etapes/annoncer/"), **vide).status_code == 404
    assert client.post(adresse("projets/{projet}/etapes/analyser/"), **vide).status_code == 403
    assert client.post(adresse("idees/{publiee}/etapes/prendre/"), **vide).status_code == 403
    assert client.get(adresse("reponses/{reponse_brouillon}/")).status_code == 404
