"""What only a browser can tell of an account: a real key ceremony, and leaving for another site under our policy."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.comptes.fournisseurs import CLIENT, SECRET_CLIENT, FauxFranceConnect
from tests.parcours.conftest import violations
from tests.site_reel import SiteReel

CAMILLE, SACHA, MOT_DE_PASSE = "camille@essai.example", "sacha@essai.example", "une phrase assez longue"
DEUX_PERSONNES = f"""
from comptes.models import Utilisateur
for adresse in ("{CAMILLE}", "{SACHA}"):
    p = Utilisateur.objects.create_user(adresse, adresse.partition("@")[0], "{MOT_DE_PASSE}")
    p.emailaddress_set.create(email=p.email, verified=True, primary=True)
"""
APPLICATION = f"""
from allauth.mfa.totp.internal.auth import TOTP
from comptes.models import Utilisateur
TOTP.activate(Utilisateur.objects.get(email="{CAMILLE}"), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
"""
#: Beside those of the key itself.
FACTEUR = [f"/comptes/2fa/{chemin}/" for chemin in (
    "totp/deactivate", "recovery-codes", "recovery-codes/generate", "reauthenticate", "webauthn/reauthenticate",
)]  # fmt: skip


@pytest.fixture(scope="module")
def franceconnect():
    with FauxFranceConnect().servi() as faux:
        yield faux


@pytest.fixture(scope="module")
def site(tmp_path_factory, franceconnect):
    site = SiteReel(
        tmp_path_factory.mktemp("portes"),
        FRANCECONNECT_ADRESSE=franceconnect.adresse,
        FRANCECONNECT_CLIENT=CLIENT,
        FRANCECONNECT_SECRET=SECRET_CLIENT,
    )
    site.migrer()
    site.executer(DEUX_PERSONNES)
    site.demarrer()
    yield site
    site.arreter()


@pytest.fixture
def page(navigateur: Browser, site):
    # A key belongs to a name, never to a number: the site is visited as localhost.
    contexte = navigateur.new_context(locale="fr-FR", base_url=f"http://localhost:{site.port}")
    contexte.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page = contexte.new_page()
    refus: list[str] = []
    page.on(
        "console", lambda message: refus.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    contexte.close()
    assert refus == []


def brancher_une_cle(page, *, repond=True):
    lien = page.context.new_cdp_session(page)
    lien.send("WebAuthn.enable")
    cle = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": repond, "automaticPresenceSimulation": True,
    }  # fmt: skip
    lien.send("WebAuthn.addVirtualAuthenticator", {"options": cle})


def envoyer(page):
    page.locator("main form button[type=submit]").first.click()


def entrer(page, adresse, suite=""):
    page.goto(f"/comptes/login/{suite}")
    page.locator("main [name=login]").fill(adresse)
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    envoyer(page)


def sortir(page):
    page.goto("/comptes/logout/")
    envoyer(page)


def saine(page):
    """Nothing to say against the page on a phone and on a desk, and nothing overflows."""
    for largeur in (360, 1280):
        page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(page) == [], page.url
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (page.url, largeur)


def test_une_cle_d_acces_du_premier_jour_au_quotidien(page, site):
    brancher_une_cle(page)
    entrer(page, CAMILLE)
    page.goto("/comptes/2fa/webauthn/add/")
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    envoyer(page)
    page.locator("main [name=name]").fill("Mon téléphone")
    page.locator("main [name=passwordless]").check()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("main")).to_contain_text("Vos codes de secours sont prêts.")
    page.goto("/comptes/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Mon téléphone")
    saine(page)

    # What only somebody with a second factor opens: her key, her codes, her application.
    site.executer(APPLICATION)
    cle = page.locator("main a[href$='/edit/']").first.get_attribute("href").removesuffix("edit/")
    for chemin in (f"{cle}edit/", f"{cle}remove/", *FACTEUR):
        page.goto(chemin)
        assert page.url.endswith(chemin), page.url
        saine(page)

    # Alone, from the sign-in page, and on to where she was going.
    sortir(page)
    page.goto("/comptes/login/?next=/chronologie/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(re.compile(r":\d+/chronologie/$"))

    # As the second step after a password.
    sortir(page)
    entrer(page, CAMILLE, "?next=/chronologie/")
    expect(page.locator("h1")).to_have_text("Deuxième étape")
    saine(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(re.compile(r":\d+/chronologie/$"))


def test_une_cle_qui_ne_repond_pas_le_dit_en_francais(page):
    brancher_une_cle(page, repond=False)
    page.goto("/comptes/login/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("La clé n’a pas répondu, ou vous avez annulé.")


@pytest.mark.parametrize("javascript", [False, True], ids=["sans JavaScript", "adresse en chiffres"])
def test_ou_une_cle_ne_peut_pas_marcher_rien_ne_la_promet(navigateur, site, javascript):
    contexte = navigateur.new_context(locale="fr-FR", java_script_enabled=javascript, base_url=site.adresse)
    contexte.set_default_timeout(30_000)
    page = contexte.new_page()
    page.goto("/comptes/login/")
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_have_count(0)
    entrer(page, SACHA)
    page.goto("/comptes/2fa/webauthn/add/")
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    envoyer(page)
    expect(page.locator("main")).to_contain_text("Choisissez un autre moyen.")
    expect(page.get_by_role("button", name="Ajouter cette clé")).to_have_count(0)
    contexte.close()


def test_partir_chez_franceconnect_et_en_revenir(page, franceconnect):
    page.goto("/comptes/login/?next=/chronologie/")
    page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    expect(page.locator("h1")).to_have_text("Encore une page")
    page.locator("main [name=charte]").check()
    envoyer(page)
    expect(page.locator("h1")).to_have_text("Ouvrez votre boîte mail")
    page.goto("/courriels/")
    page.locator("main a[href^='/courriels/']").first.click()
    lien = page.locator("main a[href*='confirm-email']").first.get_attribute("href")
    page.goto(lien.replace("127.0.0.1", "localhost"))
    envoyer(page)
    expect(page).to_have_url(re.compile(r":\d+/chronologie/$"))
    sortir(page)
    expect(page).to_have_url(re.compile(f"^{re.escape(franceconnect.adresse)}/session/end"))
