"""What no database can hold, in an address or in a field: nobody gets an error page of it."""

import pytest
from django.urls import reverse

from idees.urls import urlpatterns
from tests.fabriques import IdeeFabrique
from tests.idees.sans_compte import confier, depot

pytestmark = pytest.mark.django_db

DEMESURE = 10**20
VALEURS = {"int": DEMESURE, "slug": "x", "str": "x"}
NUMEROTEES = [u for u in urlpatterns if any(type(c).__name__ == "IntConverter" for c in u.pattern.converters.values())]


def adresse_de(route) -> str:
    noms = {nom: type(c).__name__.removesuffix("Converter").lower() for nom, c in route.pattern.converters.items()}
    return reverse(f"idees:{route.name}", kwargs={nom: VALEURS.get(genre, "x") for nom, genre in noms.items()})


@pytest.mark.parametrize("route", NUMEROTEES, ids=lambda route: str(route.pattern))
@pytest.mark.parametrize("qui", ["agent", "sans_compte"])
def test_un_numero_demesure_n_est_le_numero_de_rien(client, agent, route, qui):
    if qui == "agent":
        client.force_login(agent)
    else:
        confier(client, depot().idee)
    for methode in (client.get, client.post):
        assert methode(adresse_de(route)).status_code in {302, 404, 405}


@pytest.mark.parametrize(
    "redaction", ["9" * 5_000, "²", "-1", "\x00", "12"], ids=["démesurée", "exposant", "négative", "nulle", "fausse"]
)
def test_une_redaction_illisible_ne_retient_pas_un_soutien(client, citoyenne, redaction):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)
    reponse = client.post(reverse("idees:soutien", args=[idee.pk]), {"action": "donner", "redaction": redaction})
    assert reponse.status_code == (409 if redaction == "12" else 302)
    assert idee.soutiens.count() == (redaction != "12")


@pytest.mark.parametrize("nom", ["semblables", "completer", "rejoindre"])
def test_un_caractere_nul_ne_fait_rien_tomber(client, nom):
    idee = IdeeFabrique(etat="publiee")
    arguments = [] if nom == "semblables" else [idee.pk]
    saisi = {"titre": "Des bancs\x00", "texte": "\x00 à l’ombre", "boite": "\x00", "brouillon": "\x00", "sauf": "\x00"}
    assert client.post(reverse(f"idees:{nom}", args=arguments), saisi).status_code in {200, 302}
    assert client.get(reverse(f"idees:{nom}", args=arguments[:1]), saisi).status_code in {200, 405}
