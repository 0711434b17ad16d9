"""Every page of the account, seen: French, one title, nothing inline, nothing of the package's own look."""

import base64
import re
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import get_resolver, reverse
from django.utils import translation

from comptes.forms_acces import CLE_MUETTE, CLE_REFUSEE
from tests.comptes.gestes import entrer, inscrire, lien
from tests.fabriques import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
ANGLAIS = re.compile(r"\b(the|your|you|please|sign in|sign up|password|email address|verify|confirm)\b", re.IGNORECASE)

DEHORS = [
    "/comptes/login/", "/comptes/signup/", "/comptes/confirm-email/", "/comptes/confirm-email/inconnu/",
    "/comptes/password/reset/", "/comptes/password/reset/done/", "/comptes/password/reset/key/1-abc/",
    "/comptes/password/reset/key/done/", "/comptes/inactive/", "/comptes/3rdparty/login/cancelled/",
    "/comptes/3rdparty/login/error/", "/comptes/franceconnect/login/",
]  # fmt: skip
DEDANS = [
    "/mon-profil/", "/mon-profil/effacer/", "/comptes/email/", "/comptes/password/change/", "/comptes/logout/",
    "/comptes/sessions/", "/comptes/3rdparty/", "/comptes/2fa/", "/comptes/2fa/totp/deactivate/",
    "/comptes/2fa/webauthn/", "/comptes/2fa/webauthn/add/", "/comptes/2fa/recovery-codes/",
    "/comptes/2fa/recovery-codes/generate/", "/comptes/reauthenticate/", "/comptes/2fa/reauthenticate/",
    "/comptes/2fa/webauthn/reauthenticate/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _franceconnect(settings):
    application = {"client_id": "x", "secret": "x", "settings": {"server_url": "http://127.0.0.1:9"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"franceconnect": {"APPS": [application]}}


def verifier(reponse, statuts=(200,)):
    page = reponse.content.decode()
    assert reponse.status_code in statuts
    assert page.count("<h1") == 1
    assert 'class="lien-evitement"' in page, "not our base.html"
    for balise in re.findall(r"<script([^>]*)>", page):
        assert "src=" in balise or 'type="application/json"' in balise, f"inline script: {balise}"
    assert not re.search(r'<style|\sstyle="|\son[a-z]+="', page)
    assert "unsafe" not in reponse.headers["Content-Security-Policy"]
    for formulaire in re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.DOTALL):
        assert "csrfmiddlewaretoken" in formulaire
    contenu = re.sub(r"<script.*?</script>|<[^>]+>", " ", page[page.index("<main") :], flags=re.DOTALL)
    assert not (trouve := ANGLAIS.search(contenu)), trouve
    # Each field has its label, or is hidden.
    for champ in re.findall(r"<(?:input|select|textarea)[^>]*>", page[page.index("<main") :]):
        if 'type="hidden"' not in champ:
            identifiant = re.search(r' id="([^"]+)"', champ)[1]
            assert f'for="{identifiant}"' in page, champ


@pytest.mark.parametrize("chemin", DEHORS)
def test_pages_du_dehors(client, chemin):
    verifier(client.get(chemin), statuts=(200, 401))


@pytest.fixture
def equipee(client, citoyenne):
    """Signed in a moment ago, with everything that a second factor can have."""
    entrer(client, citoyenne)
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    TOTP.activate(citoyenne, "A" * 32)
    RecoveryCodes.activate(citoyenne)
    Authenticator.objects.create(
        user=citoyenne, type=Authenticator.Type.WEBAUTHN, data={"name": "Mon téléphone", "credential": CLE}
    )
    return citoyenne


#: What a browser gave once for an invented key; enough to list, rename and remove it.
CLE = {
    "authenticatorAttachment": "platform",
    "clientExtensionResults": {"credProps": {"rk": True}},
    "id": "c_4-K5pZP5JzXDwrRVlHVQ",
    "rawId": "c_4-K5pZP5JzXDwrRVlHVQ",
    "response": {
        "attestationObject": (
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NdAAAAAAAAAAAAAAAAAAAA"
            "AAAAAAAAEHP-PiuaWT-Sc1w8K0VZR1WlAQIDJiABIVggq1bC0lpJ2pQg1uHNYpoyJJ2qyBPJp0RMBYGEz06lbLAiWCCCXXsfmU8JKmR2"
            "dpEHbfDdkaXUHPuYrKVXWmYdXjUODg"
        ),
        "clientDataJSON": base64.urlsafe_b64encode(
            b'{"type":"webauthn.create","challenge":"AAAAAAAAAAAAAAAAAAAAAA","origin":"http://testserver"}'
        )
        .rstrip(b"=")
        .decode(),
        "transports": ["internal"],
    },
    "type": "public-key",
}


@pytest.mark.parametrize("chemin", DEDANS)
def test_pages_du_dedans(client, equipee, chemin):
    verifier(client.get(chemin))


def test_pages_d_une_cle(client, equipee):
    cle = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    for geste in ("edit", "remove"):
        verifier(client.get(f"/comptes/2fa/webauthn/keys/{cle.pk}/{geste}/"))


def test_les_pages_d_une_autre_personne_n_existent_pas(client, equipee, autre_navigateur, voisin):
    cle = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    entrer(autre_navigateur, voisin)
    autre_navigateur.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    assert autre_navigateur.get(f"/comptes/2fa/webauthn/keys/{cle.pk}/remove/").status_code == 404


def test_pages_en_chemin(client, autre_navigateur, citoyenne, settings):
    """The ones that need something to have been done just before."""
    verifier(inscrire(client, charte=""), statuts=(422,))
    inscrire(client, pseudonyme="Une autre")
    verifier(client.get(lien()))
    entrer(autre_navigateur, citoyenne)
    autre_navigateur.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    verifier(autre_navigateur.get("/comptes/2fa/totp/activate/"))
    verifier(autre_navigateur.post("/comptes/2fa/totp/activate/", {"code": "1"}), statuts=(422,))
    autre_navigateur.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    verifier(autre_navigateur.get("/comptes/email/"))
    TOTP.activate(citoyenne, "A" * 32)
    autre_navigateur.post("/comptes/logout/")
    verifier(entrer(autre_navigateur, citoyenne, "faux"), statuts=(422,))
    entrer(autre_navigateur, citoyenne)
    verifier(autre_navigateur.get("/comptes/2fa/authenticate/"))
    citoyenne.set_unusable_password()
    citoyenne.save()
    autre_navigateur.force_login(citoyenne)
    verifier(autre_navigateur.get("/comptes/password/set/"))
    Authenticator.objects.all().delete()
    autre_navigateur.logout()
    autre_navigateur.force_login(citoyenne)
    verifier(autre_navigateur.get("/mon-profil/effacer/"), statuts=(403,))
    client.post("/comptes/password/reset/", {"email": citoyenne.email})
    settings.SOCIALACCOUNT_PROVIDERS = {}
    verifier(client.get("/comptes/login/"))


@pytest.mark.parametrize(
    ("chemin", "envoi"),
    [
        ("/comptes/login/", {"login": "camille@exemple.fr", "password": "faux"}),
        ("/comptes/signup/", {"email": "camille@exemple"}),
        ("/comptes/password/reset/", {"email": "sans arobase"}),
    ],
)
def test_un_formulaire_en_erreur_repond_comme_ceux_de_la_maison(client, chemin, envoi):
    reponse = client.post(chemin, envoi)
    assert reponse.status_code == 422
    assert "resume-erreurs" in reponse.content.decode()
    for valeur in envoi.values():
        assert (f'value="{valeur}"' in reponse.content.decode()) is (valeur != "faux"), "what was typed stays"


@pytest.mark.ignore_template_errors  # the page that allauth puts into its JSON, and nobody of the house asks for
def test_un_programme_recoit_toujours_la_reponse_du_paquet(client):
    envoi = {"login": "camille@exemple.fr", "password": "faux"}
    reponse = client.post("/comptes/login/", envoi, headers={"X-Requested-With": "XMLHttpRequest"})
    assert (reponse.status_code, reponse.headers["Content-Type"]) == (400, "application/json")


@pytest.mark.parametrize(
    ("chemin", "envoi"),
    [
        ("/comptes/email/", {"email": "sans arobase", "action_add": "1"}),
        ("/comptes/password/change/", {"oldpassword": "faux", "password1": "a", "password2": "b"}),
        ("/comptes/reauthenticate/", {"password": "faux"}),
        ("/comptes/2fa/reauthenticate/", {"code": "1"}),
        ("/comptes/2fa/webauthn/add/", {"credential": "{}"}),
    ],
)
def test_une_fois_entree_de_meme(client, equipee, chemin, envoi):
    assert client.post(chemin, envoi).status_code == 422


def test_ce_que_la_page_devait_remplir_a_un_nom(client, equipee):
    """A security key that did not answer, an account that is no longer there: the summary does not say « Credential »."""
    page = client.post("/comptes/2fa/webauthn/add/", {"name": "Mon téléphone"}).content.decode()
    assert "Clé d’accès : La clé d’accès n’a pas répondu comme attendu. Recommencez." in page
    page = client.post("/comptes/3rdparty/", {"account": "0"}).content.decode()
    assert "<li>Compte relié : Ce compte n’est pas relié au vôtre, ou ne l’est plus.</li>" in page


@pytest.mark.parametrize(
    "dit",
    [
        "", "{", "[]", "{}", "1", '{"id": "a"}', '{"id": 1}', '{"id": "\\ud800"}', "[" * 100_000, "9" * 5000,
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    ],
    ids=lambda dit: dit[:20],
)  # fmt: skip
@pytest.mark.parametrize(
    "chemin", ["/comptes/2fa/webauthn/add/", "/comptes/2fa/webauthn/login/", "/comptes/2fa/webauthn/reauthenticate/"]
)
def test_une_cle_qui_repond_n_importe_quoi(client, equipee, chemin, dit):
    if "login" in chemin:
        client.logout()
    client.get(chemin)  # which begins the dialogue with the key
    reponse = client.post(chemin, {"credential": dit}, follow=True)
    assert reponse.status_code in {200, 422}
    page = reponse.content.decode()
    assert str(CLE_MUETTE) in page or str(CLE_REFUSEE) in page, page[page.index("<main") :][:2000]


@pytest.mark.parametrize(
    ("chemin", "page"),
    [
        ("/comptes/2fa/webauthn/login/", "/comptes/login/"),
        ("/comptes/2fa/webauthn/reauthenticate/", "/comptes/2fa/webauthn/reauthenticate/"),
    ],
)
def test_une_cle_refusee_laisse_ou_l_on_etait(client, equipee, chemin, page):
    """Same step, same place to go afterwards, one sentence; and never out of the site."""
    if page == "/comptes/login/":
        client.logout()
    for suite, gardee in (("/mon-espace/?a=1", "?next=/mon-espace/?a=1"), ("", ""), ("https://ailleurs.example/", "")):
        reponse = client.post(chemin, {"credential": "{}", "next": suite})
        assert (reponse.status_code, unquote(reponse["Location"])) == (302, page + gardee)
        suivante = client.get(reponse["Location"]).content.decode()
        assert str(CLE_MUETTE) in suivante or str(CLE_REFUSEE) in suivante
        assert ('name="next" value="/mon-espace/?a=1"' in suivante) is bool(gardee)


def test_aucune_page_du_paquet_n_est_oubliee():
    """Each address of allauth that answers to GET is in a list above, or is known not to be a page."""
    sans_page = {
        "account_confirm_login_code",  # signing in by code is off
        "account_set_password", "account_confirm_email", "account_reset_password_from_key", "mfa_activate_totp",
        "mfa_authenticate", "mfa_edit_webauthn", "mfa_remove_webauthn", "socialaccount_signup",  # seen « en chemin »
        "mfa_login_webauthn", "mfa_download_recovery_codes",  # JSON, text
        "openid_connect_login", "openid_connect_callback", "franceconnect_callback",
    }  # fmt: skip
    vues = {*DEHORS, *DEDANS}
    noms = {nom for nom in get_resolver().reverse_dict if isinstance(nom, str)}
    paquet = {
        nom
        for nom in noms
        if nom.startswith(("account_", "mfa_", "socialaccount_", "usersessions_", "franceconnect_", "openid_"))
    }
    assert paquet
    for nom in paquet - sans_page:
        assert reverse(nom) in vues, nom


@pytest.mark.parametrize("chemin", ["/comptes/login/", "/comptes/signup/"])
def test_l_anglais_passe_par_nos_mots(client, chemin):
    with translation.override("en"):
        reponse = client.get(chemin, headers={"Accept-Language": "en"})
    assert '<html lang="en"' in reponse.content.decode()


def test_le_nom_du_site_est_celui_de_la_ville(client):
    """allauth calls `site` the host: the page must not."""
    page = client.get("/comptes/login/").content.decode()
    assert "<title>Se connecter – Estuaire, Nantes Métropole</title>" in page
