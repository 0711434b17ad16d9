"""Entering with the city's own account: allauth's OpenID Connect against a real provider on this machine."""

import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from comptes.models import Utilisateur
from tests.comptes.gestes import est_connecte, lien
from tests.fabriques import PersonneFabrique

with warnings.catch_warnings(record=True):  # authlib announces its next version
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [
    pytest.mark.django_db,
    # What the provider of the tests thinks of its own libraries.
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning", "ignore:get_jwt_config"),
]
DEPART = "/comptes/oidc/collectivite/login/"


@pytest.fixture
def fournisseur(settings):
    personnes = [
        User(sub="verifiee", claims={"email": "verifiee@exemple.fr", "email_verified": True, "name": "Camille Civile"}),
        User(sub="non-verifiee", claims={"email": "autre@exemple.fr", "email_verified": False}),
        User(sub="sans-adresse", claims={"name": "Sans Adresse"}),
    ]
    with run_server_in_thread(user_claims=personnes) as serveur:
        adresse = f"http://localhost:{serveur.server_port}"
        application = {
            "provider_id": "collectivite",
            "name": "Compte de la ville",
            "client_id": "estuaire",
            "secret": "secret-de-test",
            "settings": {"server_url": adresse},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [application]}}
        yield adresse


def passer(client, sub, suite="/idees/"):
    """Our button, their page, their redirection, our callback."""
    depart = client.post(f"{DEPART}?next={suite}")["Location"]
    la_bas = requests.post(depart, data={"sub": sub}, allow_redirects=False, timeout=5)
    return client.get(la_bas.headers["Location"].removeprefix("http://testserver"))


def finir(client, **champs):
    formulaire = client.get("/comptes/3rdparty/signup/").context["form"]
    return client.post(
        "/comptes/3rdparty/signup/",
        {
            "email": formulaire.initial["email"],
            "pseudonyme": formulaire.initial["pseudonyme"],
            "charte": "on",
            **champs,
        },
    )


def test_une_adresse_verifiee_par_la_ville_ouvre_tout_de_suite(client, fournisseur):
    assert passer(client, "verifiee")["Location"] == "/comptes/3rdparty/signup/"
    assert finir(client)["Location"] == "/idees/"
    assert est_connecte(client)
    adresse = EmailAddress.objects.get()
    assert (adresse.email, adresse.verified) == ("verifiee@exemple.fr", True)
    personne = Utilisateur.objects.get()
    assert "Civile" not in personne.pseudonyme
    assert SocialAccount.objects.get().extra_data == {}
    # Next time: no page, no question.
    client.post("/comptes/logout/")
    assert passer(client, "verifiee")["Location"] == "/idees/"
    assert Utilisateur.objects.count() == 1


def test_une_autre_adresse_que_celle_verifiee_se_confirme(client, fournisseur):
    passer(client, "verifiee")
    finir(client, email="perso@exemple.fr")
    assert {(a.email, a.verified) for a in EmailAddress.objects.all()} >= {("perso@exemple.fr", False)}


@pytest.mark.parametrize(
    ("sub", "adresse"), [("non-verifiee", "autre@exemple.fr"), ("sans-adresse", "perso@exemple.fr")]
)
def test_une_adresse_non_verifiee_se_confirme_par_le_lien(client, fournisseur, sub, adresse):
    passer(client, sub)
    assert finir(client, email=adresse)["Location"] == "/comptes/confirm-email/"
    assert not est_connecte(client)
    assert client.post(lien().partition("?")[0])["Location"] == "/idees/"
    assert est_connecte(client)


@pytest.mark.parametrize(
    ("sub", "adresse"), [("verifiee", "verifiee@exemple.fr"), ("non-verifiee", "autre@exemple.fr")]
)
def test_aucune_adresse_donnee_par_un_autre_n_ouvre_un_compte_d_ici(client, fournisseur, sub, adresse):
    PersonneFabrique(email=adresse, pseudonyme="La première")
    passer(client, sub)
    assert finir(client)["Location"] == "/comptes/confirm-email/"
    assert not est_connecte(client)
    assert not SocialAccount.objects.exists()
    assert mail.outbox[0].subject == "Vous avez déjà un compte"


def test_le_depart_porte_state_et_pkce(client, fournisseur):
    parametres = parse_qs(urlsplit(client.post(DEPART)["Location"]).query)
    assert parametres["code_challenge_method"] == ["S256"]
    assert len(parametres["state"][0]) >= 32


def test_le_retour_d_une_ville_ne_sert_pas_chez_franceconnect(client, fournisseur, settings):
    """The state belongs to one provider."""
    settings.SOCIALACCOUNT_PROVIDERS["franceconnect"] = {
        "APPS": [{"client_id": "estuaire", "secret": "s", "settings": {"server_url": fournisseur}}]
    }
    parametres = parse_qs(urlsplit(client.post(DEPART)["Location"]).query)
    reponse = client.get(f"/comptes/franceconnect/login/callback/?code=x&state={parametres['state'][0]}")
    assert reponse.status_code == 401


def test_un_fournisseur_muet_se_dit_en_une_phrase(client, fournisseur, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    reponse = client.post(DEPART)
    assert reponse.status_code == 502
    assert "La connexion n’a pas abouti" in reponse.content.decode()
