"""A discussion between neighbours: it moves in front of both, names are offered, words are corrected and answered."""

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

IDEE = """
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from socle.permissions import SYSTEME
from timeline.etapes import franchir
auteur = Utilisateur.objects.get(pseudonyme="Voisin Un")
idee = Idee.objects.create(boite=Boite.objects.get(), auteur=auteur, titre="Des bancs à l’ombre",
    texte="Au lavoir il n’y a pas un seul siège.", thematique=Thematique.objects.first())
franchir(idee.soumettre, par=auteur)
franchir(idee.publier, par=Utilisateur.objects.get(pseudonyme="Nadia Fictive"))
print(idee.pk)
"""


@pytest.fixture(scope="module")
def adresse(site):
    return f"/idees/{site.executer(IDEE).strip()}/"


def test_la_discussion_bouge_devant_les_autres_sans_rien_perdre(site, quelqu_un, adresse):
    ecrit, lit = quelqu_un(site, "voisin.deux@essai.example", largeur=360), quelqu_un(site, "voisin.un@essai.example")
    page = lit.va(adresse)
    expect(page.locator("#discussion")).to_have_attribute("data-es-flux-etat", "ouvert")
    page.locator("#commentaire-texte").fill("J’étais en train d’écrire")

    ecrit.va(adresse)
    ecrit.page.locator("#commentaire-texte").fill("Des bancs, oui, et tournés vers le lavoir.")
    ecrit.page.get_by_label("Pour", exact=True).check()
    ecrit.appuie("Publier mon commentaire")
    ecrit.lit("Votre commentaire est publié.")

    expect(page.locator("#commentaires")).to_contain_text("tournés vers le lavoir")
    expect(page.locator("#commentaire-texte")).to_have_value("J’étais en train d’écrire")
    assert violations(page) == [] and violations(ecrit.page) == []


def test_nommer_citer_corriger_et_dire_ce_qui_a_change(site, quelqu_un, adresse):
    auteur = quelqu_un(site, "voisin.un@essai.example")
    page = auteur.va(adresse)
    page.locator("#commentaires").get_by_role("link", name="Citer : Voisin Deux").click()
    expect(page.locator(".fil__formulaire .citation")).to_contain_text("tournés vers le lavoir")
    champ = page.locator("#commentaire-texte")
    champ.click()
    page.keyboard.type("Bonne idée @vois")
    page.get_by_role("button", name="Nommer : Voisin Deux").click()
    expect(champ).to_have_value("Bonne idée @Voisin Deux ")
    auteur.appuie("Publier mon commentaire")
    expect(page.locator("#commentaires .mention")).to_have_text("@Voisin Deux")

    page.get_by_role("link", name="Corriger").click()
    page.get_by_label("Votre commentaire").fill("Très bonne idée, @Voisin Deux.")
    auteur.appuie("Enregistrer la correction")
    auteur.lit("Très bonne idée")
    page.get_by_role("link", name="corrigé à").click()
    auteur.lit("Bonne idée @Voisin Deux")
    assert violations(page) == []

    auteur.va(adresse)
    page.get_by_role("link", name="A fait évoluer : Voisin Deux").click()
    page.get_by_label("Qu’est-ce qui a changé").fill("Les bancs seront tournés vers le lavoir.")
    assert violations(page) == []
    auteur.appuie("Le dire à tout le monde")
    auteur.lit("Ce que la discussion a changé")
    assert violations(page) == []


def test_tout_se_fait_aussi_sans_javascript(site, quelqu_un, adresse):
    trois = quelqu_un(site, "voisin.trois@essai.example", largeur=360, javascript=False)
    page = trois.va(adresse)
    page.get_by_role("navigation", name="Positions").get_by_role("link", name="Pour").click()
    trois.lit("tournés vers le lavoir")
    page.get_by_role("link", name="Répondre : Voisin Deux").first.click()
    page.get_by_label("Votre réponse").fill("Et près de l’eau, @Voisin Deux ?")
    trois.appuie("Publier mon commentaire")
    expect(page.locator(".fil__reponses .mention")).to_have_text("@Voisin Deux")
