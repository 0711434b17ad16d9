"""The same rights without a screen: an agent writes an idea down for somebody, who follows it at home, then makes it hers."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

TITRE = "Une rampe à l’entrée de la mairie annexe"
GARDER = os.environ.get("ESTUAIRE_IMAGES", "")  # a folder, to look at the pages
ADRESSE = "Odile Inventée\n3 impasse Imaginaire\n44000 NANTES"

TIENT = """
from types import SimpleNamespace
from django.contrib.sessions.backends.db import SessionStore
from idees.depositaires import tenir
from idees.models import Boite, Idee
from projets.models import Thematique
boite = Boite.objects.get()
boite.qui = "toutes"; boite.save()
idee = Idee.objects.create(boite=boite, titre="Des pommiers dans le square", thematique=Thematique.objects.first(),
                           texte="Des fruits pour tout le monde, et de l’ombre en été.")
session = SessionStore()
tenir(SimpleNamespace(session=session), idee)
session.save()
print(idee.pk, session.session_key)
"""


def regarder(personne, nom, *, papier=False, axe=True):
    """Axe finds nothing, nothing overflows; a picture is kept if a folder is named."""
    page = personne.page
    if axe:
        assert violations(page) == [], nom
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), nom
    if papier:
        page.emulate_media(media="print")
        expect(page.locator(".entete").first).to_be_hidden()
        expect(page.locator("main .qr").first).to_be_visible()
    if GARDER:
        page.screenshot(path=Path(GARDER) / f"{nom}.png", full_page=True)
        if papier:
            page.pdf(path=Path(GARDER) / f"{nom}.pdf", prefer_css_page_size=True)
    page.emulate_media(media="screen")


def saisir(agent, *, javascript=True) -> tuple[str, str]:
    """(number, secret) of the receipt."""
    page = agent.va("/bureau/")
    agent.appuie("Saisir une idée pour quelqu’un")
    regarder(agent, "saisir")
    page.locator("main [name=canal][value=courrier]").check()
    page.locator("main [name=boite]").select_option(label="Boîte permanente")
    page.locator("main [name=titre]").fill(TITRE)
    page.locator("main [name=texte]").fill("Ma voisine est en fauteuil : elle attend dehors qu’on vienne lui ouvrir.")
    page.locator("main [name=thematique]").select_option(index=1)
    page.locator("main [name=nom]").fill("Odile 44")
    page.locator("main [name=adresse_postale]").fill("Odile")
    agent.appuie("Enregistrer et faire le reçu")
    agent.lit("Écrivez au moins deux lignes")
    expect(page.locator("main [name=titre]")).to_have_value(TITRE)
    page.locator("main [name=adresse_postale]").fill(ADRESSE)
    agent.appuie("Enregistrer et faire le reçu")
    agent.lit("L’idée est enregistrée")
    regarder(agent, "recu", papier=True)
    return page.locator("#recu-numero").inner_text(), page.locator("#recu-secret").inner_text()


def ouvrir(personne, numero, secret, bouton="Ouvrir le suivi"):
    page = personne.page
    expect(page.locator("main [name=numero]")).to_have_value(numero)
    page.locator("main [name=mot]").fill(secret)
    personne.appuie(bouton)


def s_inscrire(odile):
    page = odile.va("/comptes/signup/")
    page.locator("main [name=email]").fill("odile@essai.example")
    page.locator("main [name=pseudonyme]").fill("Odile Exemple")
    page.locator("main [name=password1]").fill("une phrase assez longue")
    page.locator("main [name=password2]").fill("une phrase assez longue")
    page.locator("main [name=charte]").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/confirm-email/"))
    page = odile.va("/courriels/?destinataire=odile@essai.example")
    page.locator("main a[href^='/courriels/']").first.click()
    page.locator("main a[href*='confirm-email']").first.click()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/mon-espace/"))


def test_du_guichet_a_la_maison(site, quelqu_un):
    agent = quelqu_un(site, "alix.agent@essai.example")
    numero, secret = saisir(agent)
    assert re.fullmatch(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", secret)

    # Her acknowledgement by letter, once.
    agent.va("/bureau/lettres/")
    regarder(agent, "lettres")
    agent.page.locator("main .bureau__ligne a").first.click()
    agent.lit("3 impasse Imaginaire")
    regarder(agent, "accuse", papier=True)
    agent.appuie("Elle est envoyée")
    agent.lit("Toutes les lettres sont parties")

    # At home, on her phone, from the QR code.
    odile = quelqu_un(site, largeur=360)
    odile.va(f"/idees/suivre/?numero={numero}")
    regarder(odile, "suivre-360")
    ouvrir(odile, numero, "0000-0000-0000-0000-0000")
    odile.lit("Ce numéro et ce secret ne vont pas ensemble")
    ouvrir(odile, numero, secret.lower())
    odile.lit("Ce qu’elle est devenue")
    assert secret not in odile.page.content() + odile.page.url
    regarder(odile, "suivi-360")

    # Read and published by somebody else.
    moderatrice = quelqu_un(site, "nadia.fictive@essai.example")
    moderatrice.va("/moderation/")
    moderatrice.lit("Odile 44")
    moderatrice.appuie("Publier")
    odile.page.reload()
    odile.lit("Publiée le")
    odile.va(f"/idees/{numero}/")
    odile.lit("C’est votre idée")
    regarder(odile, "idee-360")

    # She makes an account; the idea becomes its own.
    s_inscrire(odile)
    odile.va(f"/idees/rattacher/?numero={numero}")
    regarder(odile, "rattacher-360")
    ouvrir(odile, numero, secret, "Rattacher à mon compte")
    odile.lit("maintenant dans votre espace")
    odile.lit("Odile Exemple")
    odile.va("/mon-espace/")
    odile.lit(TITRE)
    autre = quelqu_un(site)
    autre.va(f"/idees/suivre/?numero={numero}")
    ouvrir(autre, numero, secret)
    autre.lit("Ce numéro et ce secret ne vont pas ensemble")


@pytest.mark.parametrize("javascript", [True, False])
def test_en_ligne_sans_compte(site, quelqu_un, javascript):
    """From the draft that her browser holds; the same without JavaScript."""
    numero, session = site.executer(TIENT).split()
    camille = quelqu_un(site, largeur=360, javascript=javascript)
    camille.contexte.add_cookies([{"name": "sessionid", "value": session, "url": site.adresse}])
    page = camille.va(f"/idees/{numero}/deposer/")
    if javascript:
        regarder(camille, "deposer-360")
    page.wait_for_timeout(3500)  # the time that it takes to read
    camille.appuie("Envoyer mon idée")
    camille.lit("Cochez cette case pour envoyer votre idée")
    page.locator("main [name=courriel]").fill("camille@essai.example")
    page.locator("main [name=charte]").check()
    page.wait_for_timeout(3500)
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est bien arrivée")
    secret = page.locator("#recu-secret").inner_text()
    assert page.locator("#recu-numero").inner_text() == numero
    expect(page.locator("[data-es-imprimer]")).to_be_visible(visible=javascript)
    if javascript:
        regarder(camille, "recu-360", papier=True)
    camille.appuie("J’ai gardé mon secret, suivre mon idée")
    camille.lit("Ce qu’elle est devenue")
    assert secret not in page.content()
    camille.appuie("Abandonner mon idée")
    camille.page.locator("main form button[type=submit]").first.click()
    camille.lit("Vous l’avez retirée")
