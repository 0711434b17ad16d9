"""The chain of a closed community is given to those who read its inside: what one reads of oneself gives nothing of the rest."""

import pytest
from django.urls import reverse

from communautes.models import Adhesion, Communaute
from tests.communautes.fabriques import adherer, ouvrir
from tests.fabriques import PersonneFabrique
from timeline.models import Chaine

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat


@pytest.mark.parametrize("acces", [A.SUR_DEMANDE, A.SUR_INVITATION])
def test_une_chaine_fermee_n_est_ni_nommee_ni_donnee_au_dehors(client, acces):
    communaute = ouvrir(acces)
    membre, exclue = adherer(communaute), adherer(communaute, etat=E.EXCLUE)
    cle = Chaine.objects.get(communaute=communaute).cle
    fichier = reverse("timeline:registre", args=[cle])
    dehors = [None, exclue, PersonneFabrique(roles=["agent"]), PersonneFabrique(roles=["moderatrice"])]
    for personne in dehors:
        client.logout()
        if personne:
            client.force_login(personne)
        assert client.get(fichier).status_code == 404
        assert cle not in client.get(reverse("timeline:registres")).content.decode()
        assert cle not in client.get("/api/v1/journal/registres/").content.decode()
    client.force_login(membre)
    assert b"".join(client.get(fichier).streaming_content).count(b"\n") == Chaine.objects.get(cle=cle).longueur
    assert cle in client.get(reverse("timeline:registres")).content.decode()
    assert cle in client.get("/api/v1/journal/registres/").content.decode()
