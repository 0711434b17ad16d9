"""An answer that is not clear: its author says so, the mediator reads it again, the team makes it precise, the author reads it."""

import re

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

REPONDUE = """
from datetime import timedelta
from allauth.account.models import EmailAddress
from django.utils import timezone
from comptes.models import Role, Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from reponses.actions import rediger, rendre_avis
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
m = Utilisateur.objects.create_user("meline.mediatrice@essai.example", "Méline Médiatrice", "une phrase assez longue")
EmailAddress.objects.create(user=m, email=m.email, verified=True, primary=True)
Role.objects.create(personne=m, role="mediatrice")
camille, alix, elue = qui("Voisin Un"), qui("Alix Agent"), qui("Élue Fictive")
jours = lambda n: timezone.localdate() + timedelta(days=n)
idee = Idee.objects.create(boite=Boite.objects.get(), auteur=camille, titre="Une fontaine devant l’école",
    texte="Les enfants ont soif en sortant de classe.", thematique=Thematique.objects.get())
franchir(idee.soumettre, par=camille)
franchir(idee.publier, par=qui("Nadia Fictive"))
franchir(idee.prendre, par=alix, service=idee.boite.service)
reponse = rediger(idee, par=alix, sens="go", motif="interet_general", texte="Oui, dans le cadre de la programmation en cours.",
    premiere_etape="Étudier les réseaux", premiere_etape_le=jours(40))
franchir(reponse.consulter, par=alix, services=[idee.boite.service], attendu_le=jours(5))
[rendre_avis(avis, par=alix, texte="Favorable.") for avis in reponse.avis.all()]
franchir(reponse.presenter, par=alix, signataire=elue)
franchir(reponse.signer, par=elue)
franchir(reponse.publier, par=alix)
print(reponse.pk)
"""
CORRIGER = """
from comptes.models import Utilisateur
from reponses.actions import corriger, rendre_avis
from reponses.models import Reponse
from timeline.etapes import franchir
alix = Utilisateur.objects.get(pseudonyme="Alix Agent")
elue = Utilisateur.objects.get(pseudonyme="Élue Fictive")
reponse = Reponse.objects.get(corrige=None)
correction = corriger(reponse, par=alix, motif=reponse.motif, texte="Oui : la fontaine sera posée avant la rentrée de septembre.",
    premiere_etape=reponse.premiere_etape, premiere_etape_le=reponse.premiere_etape_le)
franchir(correction.consulter, par=alix, services=[reponse.avis.get().service], attendu_le=reponse.premiere_etape_le)
[rendre_avis(avis, par=alix, texte="Favorable.") for avis in correction.avis.all()]
franchir(correction.presenter, par=alix, signataire=elue)
franchir(correction.signer, par=elue)
franchir(correction.publier, par=alix)
"""


@pytest.fixture(scope="module")
def reponse(site) -> str:
    return f"/reponses/{site.executer(REPONDUE).split()[-1]}/"


def sans_faute(personne):
    for largeur in (360, 1280):
        personne.page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(personne.page) == []
        assert not personne.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_1_son_autrice_dit_que_ce_n_est_pas_clair_et_demande_une_seconde_lecture(site, quelqu_un, reponse):
    camille = quelqu_un(site, "voisin.un@essai.example", largeur=360, javascript=False)
    page = camille.va(reponse)
    page.locator("main [name=avis][value=pas_claire]").check()
    page.locator("main [name=mot]").fill("Quand ?")
    camille.appuie("Donner mon avis")
    camille.lit("Merci : c’est noté.")
    expect(page.locator("main [name=avis][value=pas_claire]")).to_be_checked()
    camille.appuie("Cette réponse ne me répond pas : demander une seconde lecture")
    camille.page.locator("main [name=raison]").fill("On ne sait pas quand elle sera posée.")
    camille.appuie("Demander une seconde lecture")
    camille.lit("une personne qui n’a pas préparé cette réponse la relira")
    camille.lit("Une seconde lecture")


def test_2_les_autres_ne_lisent_pas_ses_mots(site, quelqu_un, reponse):
    visiteur = quelqu_un(site)
    visiteur.va(reponse)
    visiteur.lit("Une seconde lecture")
    expect(visiteur.page.locator("main")).not_to_contain_text("On ne sait pas quand")
    sans_faute(visiteur)


def test_3_la_mediatrice_relit_et_dit_ce_qu_il_faut_preciser(site, quelqu_un, reponse):
    meline = quelqu_un(site, "meline.mediatrice@essai.example")
    meline.va("/bureau/mediation/")
    sans_faute(meline)
    meline.appuie("Une fontaine devant l’école")
    meline.lit("On ne sait pas quand elle sera posée.")
    meline.appuie("Relire cette réponse")
    meline.appuie("Demander une précision")
    meline.page.locator("main form button[type=submit]").first.click()
    meline.lit("Écrivez ce que vous avez lu")
    meline.page.locator("main [name=conclusion]").fill(
        "« La programmation en cours » ne dit pas de date. Donnez un mois."
    )
    meline.page.locator("main form button[type=submit]").first.click()
    expect(meline.page).to_have_url(re.compile(r"/reponses/\d+/"))
    meline.lit("Une précision est attendue au plus tard le")
    sans_faute(meline)


def test_4_la_precision_parait_et_chacune_la_lit(site, quelqu_un, reponse):
    site.executer(CORRIGER)
    camille = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    camille.va(reponse)
    camille.lit("Donnez un mois.")
    camille.lit("La précision est publiée depuis le")
    camille.lit("Oui, dans le cadre de la programmation en cours.")
    camille.page.get_by_role("link", name=re.compile("Correction du")).first.click()
    camille.lit("avant la rentrée de septembre")
    sans_faute(camille)
