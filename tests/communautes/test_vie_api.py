"""The API says of communities what their front pages say, and nothing of the inside."""

import pytest

from communautes.models import Adhesion, Communaute
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.fabriques import ProjetFabrique, ThematiqueFabrique

pytestmark = pytest.mark.django_db
A = Communaute.Acces
URL = "/api/v1/communautes/"


def test_ni_membres_ni_nombre_d_une_communaute_fermee(client):
    publique, fermee = ouvrir(), ouvrir(A.SUR_DEMANDE)
    gens = [adherer(publique), adherer(fermee), adherer(fermee, etat=Adhesion.Etat.EXCLUE)]
    client.force_login(gens[1])
    lue = client.get(f"{URL}{fermee.slug}/").json()
    assert lue["membres"] is None
    assert lue["animation"] == [referente_de(fermee).pseudonyme, animatrice_de(fermee).pseudonyme]
    assert client.get(f"{URL}{publique.slug}/").json()["membres"] == 3
    tout = client.get(URL).content.decode() + client.get(f"{URL}{fermee.slug}/").content.decode()
    assert not [elle for elle in gens if elle.pseudonyme in tout]


def test_filtrer(client):
    theme, projet = ThematiqueFabrique(), ProjetFabrique(ouvert=True)
    verte, attachee, demande = ouvrir(thematique=theme), ouvrir(projet=projet), ouvrir(A.SUR_DEMANDE)
    ouvrir(A.SUR_INVITATION, thematique=theme)

    def slugs(filtre):
        return {ligne["slug"] for ligne in client.get(f"{URL}?{filtre}").json()["results"]}

    assert slugs(f"theme={theme.slug}") == {verte.slug}
    assert slugs(f"projet={projet.slug}") == {attachee.slug}
    assert slugs("acces=sur_demande") == {demande.slug}
    assert slugs("etat=close") == set()
    assert client.get(f"{URL}?acces=sur_invitation").json()["results"] == []
    assert client.get(f"{URL}?acces=autre").status_code == 400
