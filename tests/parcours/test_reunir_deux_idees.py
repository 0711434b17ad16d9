"""Two ideas that ask for the same thing, with forty and thirty supporters: united, one support kept apart, separated again."""

import re

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations
from tests.parcours.test_de_l_idee_a_la_decision import courriels_de, lire_le_courriel

PEUPLER = """
from allauth.account.models import EmailAddress
from comptes.models import Utilisateur
from idees.actions import soutenir
from idees.models import Boite, Idee
from projets.models import Thematique
from timeline.etapes import franchir
Boite.objects.update(seuil_soutiens=100)
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
def idee(titre, auteur):
    i = Idee.objects.create(boite=Boite.objects.get(), titre=titre, texte="De quoi s’asseoir à l’ombre, près du lavoir.",
                            thematique=Thematique.objects.get(), auteur=qui(auteur))
    franchir(i.soumettre, par=i.auteur)
    franchir(i.publier, par=qui("Nadia Fictive"))
    return i
a, b = idee("Des sièges au lavoir", "Voisin Un"), idee("Des bancs près du lavoir", "Voisin Deux")
gens = [Utilisateur.objects.create_user(f"soutien{n}@essai.example", f"Soutien Fictif {n}", "une phrase assez longue") for n in range(60)]
for p in gens:
    EmailAddress.objects.create(user=p, email=p.email, verified=True, primary=True)
for p in gens[:40]: soutenir(a, par=p)
for p in gens[30:]: soutenir(b, par=p)
print(a.pk, b.pk)
"""

COMPTER = """
from idees.models import Soutien
print(*(Soutien.objects.filter(idee=pk).count() for pk in ({a}, {b})))
"""


@pytest.fixture(scope="module")
def deux(site):
    """(A, which goes on; B, which joins it)"""
    return tuple(int(pk) for pk in site.executer(PEUPLER).split())


@pytest.fixture(scope="module")
def memoire():
    return {}


def compter(site, deux) -> list[int]:
    a, b = deux
    return [int(n) for n in site.executer(COMPTER.format(a=a, b=b)).split()]


def sans_faute(personne):
    assert violations(personne.page) == []
    assert not personne.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_1_un_agent_choisit_lit_les_chiffres_et_propose(site, quelqu_un, deux, memoire):
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va(f"/idees/{deux[1]}/")
    alix.appuie("Réunir avec une autre idée")
    page.locator("main [name=q]").fill("sièges lavoir")
    alix.appuie("Chercher")
    sans_faute(alix)
    alix.appuie("Des sièges au lavoir")
    alix.lit("Soutiens ensemble")
    assert page.locator("main .statistique__valeur").all_inner_texts() == ["30", "40", "10", "60"]
    sans_faute(alix)
    alix.appuie("Proposer de les réunir")
    alix.lit("Écrivez pourquoi")
    page.locator("main [name=motif]").fill("Les deux idées demandent de quoi s’asseoir au lavoir.")
    alix.appuie("Proposer de les réunir")
    expect(page).to_have_url(re.compile(r"/idees/fusions/\d+/"))
    memoire["fusion"] = page.url.removeprefix(site.adresse)
    alix.lit("peuvent dire non jusqu’au")
    sans_faute(alix)
    assert compter(site, deux) == [40, 30]


def test_2_les_deux_auteurs_sont_prevenus_et_acceptent(site, quelqu_un, deux, memoire):
    """One without JavaScript, on a phone."""
    for nom, options in (("un", {}), ("deux", {"javascript": False})):
        autrice = quelqu_un(site, f"voisin.{nom}@essai.example", largeur=360, **options)
        lire_le_courriel(autrice, f"voisin.{nom}@essai.example", "/idees/fusions/")
        expect(autrice.page).to_have_url(re.compile(memoire["fusion"]))
        autrice.appuie("Je suis d’accord")
    visiteur = quelqu_un(site, largeur=360)
    visiteur.va(f"/idees/{deux[0]}/")
    visiteur.lit("Née de 2 idées")
    visiteur.lit("60 soutiens")
    sans_faute(visiteur)
    visiteur.va(f"/idees/{deux[1]}/")
    visiteur.lit("Cette idée continue avec une autre")
    sans_faute(visiteur)
    visiteur.va("/idees/")
    assert "Des bancs près du lavoir" not in visiteur.page.locator("main").inner_text()
    assert compter(site, deux) == [60, 30]


def test_3_une_personne_garde_son_soutien_a_part(site, quelqu_un, deux):
    adresse = "soutien59@essai.example"
    personne = quelqu_un(site, adresse, largeur=360, javascript=False)
    assert "Votre soutien continue avec une autre idée" in courriels_de(personne, adresse)
    lire_le_courriel(personne, adresse, "/mon-soutien/")
    personne.lit("Ne plus compter mon soutien là-bas ?")
    assert compter(site, deux) == [60, 30], "reading the page changes nothing"
    personne.appuie("Garder mon soutien à part")
    personne.lit("votre soutien ne compte plus pour l’autre idée")
    assert compter(site, deux) == [59, 30]


def test_4_un_agent_separe_et_tout_revient(site, quelqu_un, deux, memoire):
    temoin = quelqu_un(site)
    temoin.va(f"/idees/{deux[1]}/")
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert")
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va(memoire["fusion"])
    alix.appuie("Séparer les deux idées")
    sans_faute(alix)
    page.locator("main [name=motif]").fill("Ce sont finalement deux endroits.")
    alix.appuie("Séparer les deux idées")
    alix.lit("Ce sont finalement deux endroits.")
    temoin.lit("Ouverte aux soutiens")  # without a reload
    assert compter(site, deux) == [40, 30]
    temoin.va("/chronologie/")
    temoin.lit("chacune retrouve ses soutiens")
    assert "Deux idées sont séparées" in courriels_de(temoin, "soutien3@essai.example")
    site.gerer("verifier_journal")


def test_5_au_clavier_seul(site, quelqu_un, deux):
    """From the idea to the form, and to the proposal, without a mouse."""
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va(f"/idees/{deux[1]}/reunir/?avec={deux[0]}")
    page.locator("main [name=motif]").focus()
    page.keyboard.type("Au clavier.")
    for _fois in range(8):
        page.keyboard.press("Tab")
        if "Proposer" in (page.evaluate("document.activeElement.innerText") or ""):
            break
    page.keyboard.press("Enter")
    alix.lit("Proposée le")
