"""HEAD: what GET answers, without its body, and nothing done. Link checkers and monitors ask so."""

import pytest
from django.http import HttpResponse

from idees.models import Soutien
from socle.middleware import LectureSansCorps
from tests.fabriques import IdeeFabrique

pytestmark = pytest.mark.django_db

ADRESSES = [
    "/", "/idees/", "/idees/{idee}/", "/idees/proposer/", "/projets/", "/chronologie/atom.xml", "/calendrier.ics", "/api/",
    "/api/v1/idees/", "/comptes/login/", "/comptes/signup/", "/mon-espace/", "/bureau/", "/sante", "/nulle-part/",
    "/idees/{idee}/soutien/", "/notifications/lues/",
]  # fmt: skip


@pytest.mark.parametrize("adresse", ADRESSES)
@pytest.mark.parametrize("entree", [False, True])
def test_la_meme_reponse_sans_le_corps(client, citoyenne, adresse, entree):
    if entree:
        client.force_login(citoyenne)
    adresse = adresse.format(idee=IdeeFabrique(etat="publiee").pk)
    lue, tete = client.get(adresse), client.head(adresse)
    assert (tete.status_code, tete.get("Content-Type"), tete.get("Location"), tete.get("Allow")) == (
        lue.status_code, lue.get("Content-Type"), lue.get("Location"), lue.get("Allow"),
    )  # fmt: skip
    assert b"".join(tete) == b""


def test_la_page_montre_et_ne_fait_rien(rf):
    """A view that acts unless it is asked by GET."""
    faits = []

    def vue(request):
        if request.method != "GET":
            faits.append(request.method)
        return HttpResponse("vu")

    demande = rf.head("/")
    assert LectureSansCorps(vue)(demande).status_code == 200
    assert (faits, demande.method) == ([], "HEAD")


def test_rien_n_est_soutenu(client, citoyenne):
    client.force_login(citoyenne)
    assert client.head(f"/idees/{IdeeFabrique(etat='publiee').pk}/soutien/?action=donner").status_code == 405
    assert not Soutien.objects.exists()
