"""Where a form says that it came from: a page of this site, or nothing. Every door that goes back somewhere is tried."""

import pytest
from django.urls import reverse

from commentaires.actions import commenter
from tests.fabriques import IdeeFabrique, PersonneFabrique

pytestmark = pytest.mark.django_db

NULLE_PART = [
    "zzz", "-1", "9" * 30, "a b", "a\x00b", "?page=2", "#ici", "idees:liste", "../idees/", "https://ailleurs.exemple/",
    "//ailleurs.exemple", "/\\ailleurs.exemple", "javascript:alert(1)", "http:zzz", " /idees/", "",
]  # fmt: skip
ICI = ["/idees/?page=2", "http://testserver/idees/?page=2"]


@pytest.fixture
def portes(client, citoyenne):
    """door -> (address, what is sent, where it goes when nothing is asked)."""
    idee = IdeeFabrique(etat="publiee", auteur=citoyenne)
    commentaire = commenter(idee, par=PersonneFabrique(), texte="Des bancs, oui.")
    client.force_login(citoyenne)
    return {
        "accord": (
            reverse("commentaires:accord", args=[commentaire.pk]), {"action": "donner"}, commentaire.get_absolute_url(),
        ),
        "suivre": (
            reverse("notifications:suivre", args=["idees.idee", idee.pk]), {"action": "suivre"}, idee.get_absolute_url(),
        ),
        "apparence": ("/apparence/", {"theme": "sombre"}, "/"),
    }  # fmt: skip


@pytest.mark.parametrize("suite", NULLE_PART)
def test_ce_qui_n_est_pas_une_page_d_ici_ne_mene_nulle_part(client, portes, suite):
    for porte, (adresse, envoi, sinon) in portes.items():
        reponse = client.post(adresse, {**envoi, "suite": suite})
        assert (reponse.status_code, reponse["Location"]) == (302, sinon), porte


@pytest.mark.parametrize("suite", ICI)
def test_on_revient_a_la_page_d_ou_l_on_vient(client, portes, suite):
    for porte, (adresse, envoi, _sinon) in portes.items():
        assert client.post(adresse, {**envoi, "suite": suite})["Location"].partition("#")[0] == suite, porte
