"""One idea followed from « mon espace », from its draft to its realisation: at each stage the sentence changes and a mail leaves."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

TITRE = "Un abri pour attendre le bus sous la pluie"
PREPARER = """
from datetime import timedelta
from django.utils import timezone
from comptes.models import Utilisateur
from idees.actions import soutenir
from idees.models import Boite, Idee
from notifications.abonnements import abonner
from projets.models import Thematique
from reponses.actions import accomplir_jalon, rediger, rendre_avis
from reponses.models import Reponse, Service
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
camille, alix = qui("Voisin Un"), qui("Alix Agent")
idee = Idee.objects.filter(titre="Un abri pour attendre le bus sous la pluie").first()
jours = lambda n: timezone.localdate() + timedelta(days=n)
"""
#: What others do, what her space then says, and what the mail that she gets is about.
ETAPES = [
    (
        """
idee = Idee.objects.create(boite=Boite.objects.get(), titre="Un abri pour attendre le bus sous la pluie",
    texte="À l’arrêt, il pleut sur tout le monde.", thematique=Thematique.objects.get(), auteur=camille)
""",
        "Brouillon commencé le",
        None,
    ),
    ("franchir(idee.soumettre, par=camille)", "en relecture avant d’être publiée", "reçue"),
    ("franchir(idee.publier, par=qui('Nadia Fictive'))", "0 sur 3 pour lancer l’étude", "publiée"),
    (
        """
[soutenir(idee, par=qui(nom)) for nom in ("Voisin Deux", "Voisin Trois")]
franchir(idee.prendre, par=alix, service=idee.boite.service)
""",
        "Réponse attendue le",
        "étude",
    ),
    (
        """
elue = qui("Élue Fictive")
reponse = rediger(idee, par=alix, sens="go", motif="interet_general", texte="Oui : un abri sera posé cet été.",
    premiere_etape="Choisir l’arrêt", premiere_etape_le=jours(30))
franchir(reponse.consulter, par=alix, services=[idee.boite.service], attendu_le=jours(5))
[rendre_avis(avis, par=alix, texte="Favorable.") for avis in reponse.avis.all()]
franchir(reponse.presenter, par=alix, signataire=elue)
franchir(reponse.signer, par=elue)
franchir(reponse.publier, par=alix)
""",
        "première étape : « Choisir l’arrêt », le",
        "la collectivité répond « oui »",
    ),
    ("franchir(idee.realiser, par=alix)", "En réalisation depuis le", "réalisation"),
    (
        "accomplir_jalon(Reponse.objects.sur(idee).get().jalons.get(), par=alix)",
        "étape faite le",
        "étape",
    ),
    ("franchir(idee.achever, par=alix)", "Réalisée le", "c’est réalisé"),
]


def attendre_un_courriel(personne, deja: set[str], mot: str) -> set[str]:
    """Subjects of her mails, once a new one speaks of this."""
    fin = time.monotonic() + 20
    while time.monotonic() < fin:
        page = personne.va("/courriels/?destinataire=voisin.un@essai.example")
        adresses = {
            lien.get_attribute("href"): lien.inner_text() for lien in page.locator("main a[href^='/courriels/']").all()
        }
        nouveaux = {href: objet for href, objet in adresses.items() if href not in deja and re.search(r"/\d+/", href)}
        if any(mot in objet.lower() for objet in nouveaux.values()):
            return deja | nouveaux.keys()
        time.sleep(0.5)
    pytest.fail(f"aucun courriel ne parle de « {mot} » : {adresses}")


def test_1_de_la_proposition_a_la_realisation_avec_chaque_courriel(site, quelqu_un):
    camille = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    deja: set[str] = set()
    for geste, phrase, mot in ETAPES:
        site.executer(PREPARER + geste)
        if mot:
            deja = attendre_un_courriel(camille, deja, mot)
        camille.va("/mon-espace/idees/")
        camille.lit(TITRE)
        camille.lit(phrase)
    assert violations(camille.page) == []


def test_2_ne_plus_suivre_d_un_clic_sans_javascript_et_se_raviser(site, quelqu_un):
    site.executer(PREPARER + "abonner(camille, idee)\nabonner(camille, Boite.objects.get())")
    camille = quelqu_un(site, "voisin.un@essai.example", javascript=False)
    page = camille.va("/mon-espace/suivis/")
    camille.lit(TITRE)
    ligne = page.locator("main li").filter(has_text=TITRE)
    ligne.get_by_role("button", name=re.compile("Ne plus suivre")).click()
    camille.lit(f"Vous ne suivez plus « {TITRE} ».")
    expect(page.locator("main li").filter(has_text=TITRE)).to_have_count(0)
    camille.appuie("Annuler, et suivre de nouveau")
    expect(page.locator("main li").filter(has_text=TITRE)).to_have_count(1)


@pytest.mark.parametrize("largeur", [360, 1280])
def test_3_chaque_page_se_lit_par_tout_le_monde(site, quelqu_un, largeur):
    for adresse in ("voisin.un@essai.example", "voisin.trois@essai.example"):
        personne = quelqu_un(site, adresse, largeur=largeur)
        for nom in ("", "idees/", "soutiens/", "commentaires/", "accords/", "suivis/", "reponses-attendues/"):
            page = personne.va(f"/mon-espace/{nom}")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
