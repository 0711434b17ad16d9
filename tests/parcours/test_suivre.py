"""Following in two ways: with the keyboard alone, on a narrow screen, without JavaScript, and from « mon espace »."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.parcours.conftest import MOT_DE_PASSE, violations

ADRESSE = "voisin.deux@essai.example"
TITRE = "Un banc près de la fontaine"
PREPARER = """
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
idee = Idee.objects.create(boite=Boite.objects.get(), titre="Un banc près de la fontaine",
    texte="Il manque un banc à côté de la fontaine, pour attendre à l’ombre.", thematique=Thematique.objects.get(), auteur=qui("Voisin Un"))
franchir(idee.soumettre, par=qui("Voisin Un"))
franchir(idee.publier, par=qui("Nadia Fictive"))
"""


def ouvrir(personne):
    page = personne.va("/idees/")
    page.get_by_role("link", name=TITRE).first.click()
    return page


def bouton(page, nom):
    return page.locator(".suivre").get_by_role("button", name=re.compile(nom))


def test_1_au_clavier_sur_un_petit_ecran(site, quelqu_un):
    site.executer(PREPARER)
    personne = quelqu_un(site, ADRESSE, largeur=360)
    page = ouvrir(personne)
    assert violations(page) == []
    bouton(page, "Je participe").focus()
    page.keyboard.press("Tab")
    expect(bouton(page, "Je m’informe")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bouton(page, "Je m’informe")).to_have_attribute("aria-pressed", "true")
    expect(bouton(page, "Je m’informe")).to_be_focused()
    personne.lit("Vous suivez les grandes étapes.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(bouton(page, "Je participe")).to_have_attribute("aria-pressed", "true")
    expect(bouton(page, "Je m’informe")).to_have_attribute("aria-pressed", "false")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(bouton(page, "Ne plus suivre")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bouton(page, "Ne plus suivre")).to_have_count(0)
    expect(bouton(page, "Je participe")).to_be_focused()
    page.reload()
    expect(bouton(page, "Je participe")).to_have_attribute("aria-pressed", "false")


def test_2_sans_javascript_puis_dans_mon_espace(site, quelqu_un):
    personne = quelqu_un(site, ADRESSE, javascript=False)
    page = ouvrir(personne)
    bouton(page, "Je m’informe").click()
    personne.lit("Vous suivez les grandes étapes.")
    personne.va("/mon-espace/suivis/")
    ligne = page.locator("main li").filter(has_text=TITRE)
    etapes = ligne.get_by_role("button", name=re.compile("Je m’informe"))
    tout = ligne.get_by_role("button", name=re.compile("Je participe"))
    expect(etapes).to_have_attribute("aria-pressed", "true")
    tout.click()
    expect(tout).to_have_attribute("aria-pressed", "true")
    etapes.click()
    ligne.get_by_role("button", name=re.compile("Ne plus suivre")).click()
    personne.appuie("Annuler, et suivre de nouveau")
    expect(etapes).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("largeur", [360, 1280])
def test_3_chaque_page_se_lit_par_tout_le_monde(site, quelqu_un, largeur):
    personne = quelqu_un(site, ADRESSE, largeur=largeur)
    page = personne.va("/mon-espace/suivis/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page = ouvrir(personne)
    assert violations(page) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_5_la_session_finie_un_geste_mene_a_la_porte_et_la_porte_a_l_idee(site, quelqu_un, javascript):
    personne = quelqu_un(site, ADRESSE, largeur=360, javascript=javascript)
    page = ouvrir(personne)
    idee = page.url
    personne.contexte.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Je soutiens").click()
    expect(page.locator("h1")).to_have_text(["Se connecter"])  # alone, and not inside the idea
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("main [name=login]").fill(ADRESSE)
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(idee)
    expect(page.get_by_role("button", name="Je soutiens")).to_be_visible()
