"""The address of a button, opened as a page: by the history of a browser, or by a sign-in that led back to it."""

import pytest

from socle.adresses import page_au_dessus
from tests.fabriques import IdeeFabrique

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("langue", "mots"),
    [("fr", "Il n’y a rien à lire à cette adresse"), ("en", "There is nothing to read at this address")],
)
def test_une_page_le_dit(client, citoyenne, langue, mots):
    client.force_login(citoyenne)
    reponse = client.get("/notifications/lues/", headers={"Accept-Language": langue})
    assert reponse.status_code == 405
    assert reponse["Allow"] == "POST"
    assert mots in reponse.content.decode()


def test_elle_mene_a_la_page_du_bouton(client, citoyenne):
    client.force_login(citoyenne)
    idee = IdeeFabrique(etat="publiee")
    assert f'href="/idees/{idee.pk}/"' in client.get(f"/idees/{idee.pk}/soutien/").content.decode()
    assert "Revenir à la page" not in client.get("/langue/setlang/").content.decode()


@pytest.mark.parametrize(
    ("chemin", "page"),
    [
        ("/idees/2/soutien/", "/idees/2/"),
        ("/communautes/x/sondages/1/voter/", "/communautes/x/sondages/1/"),
        ("/notifications/lues/", "/notifications/"),
        ("/langue/setlang/", ""),
        ("//ailleurs.example/", ""),
        ("/\\ailleurs.example/a/", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_la_page_au_dessus(chemin, page):
    assert page_au_dessus(chemin) == page


def test_un_programme_a_ses_propres_mots(client, citoyenne):
    client.force_login(citoyenne)
    reponse = client.get("/api/v1/notifications/lecture/", headers={"Accept": "application/json"})
    assert (reponse.status_code, reponse.headers["Content-Type"]) == (405, "application/json")


def test_une_autre_methode_n_a_pas_de_page(client):
    reponse = client.put("/idees/")
    assert (reponse.status_code, reponse.content) == (405, b"")
