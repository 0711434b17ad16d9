"""A session that has ended: a gesture leads to the door, and the door leads back to the page, never to the gesture's address."""

import pytest

from tests.comptes.gestes import finir_la_journee
from tests.fabriques import IdeeFabrique, PersonneFabrique

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee")


def gestes(idee) -> list[str]:
    return [f"/idees/{idee.pk}/soutien/", "/notifications/lues/"]


def test_un_geste_ramene_a_la_page_ou_il_est_fait(client, idee):
    for geste in gestes(idee):
        reponse = client.post(geste, headers={"Referer": f"{SITE}/idees/{idee.pk}/?fil=2"})
        assert reponse.status_code == 302
        assert reponse["Location"] == f"/comptes/login/?next=/idees/{idee.pk}/%3Ffil%3D2"


def test_un_fragment_y_mene_toute_la_fenetre(client, idee):
    """Followed by htmx itself, the redirect would put the page of the door inside the idea."""
    for geste in gestes(idee):
        reponse = client.post(geste, headers={"HX-Request": "true", "HX-Current-URL": f"{SITE}/idees/{idee.pk}/"})
        assert reponse.status_code == 200
        assert reponse["HX-Redirect"] == f"/comptes/login/?next=/idees/{idee.pk}/"
        assert reponse.content == b""


@pytest.mark.parametrize(
    "page",
    [
        "", "https://ailleurs.example/idees/1/", "//ailleurs.example/", "javascript:alert(1)", f"{SITE}//ailleurs.example/",
        f"{SITE}/\\ailleurs.example/", f"{SITE}@ailleurs.example/",
    ],
)  # fmt: skip
def test_sans_page_de_ce_site_on_ne_revient_nulle_part(client, idee, page):
    for geste in gestes(idee):
        assert client.post(geste, headers={"Referer": page})["Location"] == "/comptes/login/"


def test_une_page_que_l_on_ouvre_est_celle_ou_l_on_revient(client):
    assert client.get("/mon-espace/?a=1")["Location"] == "/comptes/login/?next=/mon-espace/%3Fa%3D1"


def test_un_suivi_ramene_a_ce_que_l_on_voulait_suivre(client, idee):
    reponse = client.post(f"/suivre/idees.idee/{idee.pk}/", {"action": "suivre"}, headers={"Referer": f"{SITE}/idees/"})
    assert reponse["Location"] == f"/comptes/login/?next=/idees/{idee.pk}/"


def test_une_page_qui_se_montre_aussi_reste_celle_ou_l_on_revient(client, idee):
    ici = f"/idees/{idee.pk}/rejoindre/"
    reponse = client.post(ici, {"titre": "Des bancs"}, headers={"Referer": f"{SITE}/idees/"})
    assert reponse["Location"] == f"/comptes/login/?next={ici}"


def test_une_page_montree_a_l_adresse_d_un_geste_ramene_au_dessus(client, idee):
    """A form to be corrected stays at the address where it was sent: opened again, that shows nothing."""
    reponse = client.post(f"/idees/{idee.pk}/soutien/", headers={"Referer": f"{SITE}/idees/{idee.pk}/soutien/"})
    assert reponse["Location"] == f"/comptes/login/?next=/idees/{idee.pk}/"


def test_changer_de_langue_apres_une_journee_ramene_a_la_page(client, idee):
    """The door sent back to the change of language, which sent back to the door, for ever."""
    agent = PersonneFabrique(roles=["agent"])
    finir_la_journee(client, agent)
    reponse = client.post("/langue/setlang/", {"language": "en"}, headers={"Referer": f"{SITE}/idees/{idee.pk}/"})
    assert reponse["Location"] == f"/comptes/login/?next=/idees/{idee.pk}/"


def test_changer_de_langue_n_est_pas_une_page(client):
    assert client.get("/langue/setlang/").status_code == 405
