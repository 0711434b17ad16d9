"""What was promised is told with pictures and euros, then the whole projet is told, leaning on its chronology."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.parcours.conftest import violations

PLACE = """
from datetime import timedelta
from comptes.models import Utilisateur
from django.utils import timezone
from idees.models import Boite, Idee
from projets.models import Etape, Projet, Thematique
from reponses.actions import planifier_jalon, rendre_avis
from reponses.models import Reponse, Service
from socle.permissions import SYSTEME
from timeline.etapes import franchir
qui = {p.pseudonyme: p for p in Utilisateur.objects.all()}
agent, elue, auteur = qui["Alix Agent"], qui["Élue Fictive"], qui["Voisin Un"]
dans = lambda jours: timezone.localdate() + timedelta(days=jours)
projet = Projet.objects.create(titre="La place du lavoir", slug="lavoir", resume="Une place inventée.", referente=agent,
    perimetre="La place.", non_negociable="Les arbres.", decideur="Le conseil fictif.", niveau="concertation",
    calendrier="Un an.", modalite_reponse="Une réponse signée.")
franchir(projet.annoncer, par=agent)
etape = Etape.objects.create(projet=projet, titre="Proposer", genre="contribution", ouvre=["proposer", "soutenir"],
    ouvre_le=timezone.now() - timedelta(days=1), ferme_le=timezone.now() + timedelta(days=30))
boite = Boite.objects.create(titre="Le lavoir", slug="le-lavoir", description="Vos idées.", service=Service.objects.get(),
    seuil_soutiens=3, delai_reponse=60, etape=etape)
idee = Idee.objects.create(boite=boite, auteur=auteur, titre="Des bancs à l’ombre", texte="Au lavoir, pas un seul siège.",
    thematique=Thematique.objects.first())
franchir(idee.soumettre, par=auteur)
franchir(idee.publier, par=qui["Nadia Fictive"])
franchir(idee.prendre, par=agent, service=boite.service)
reponse = Reponse.objects.create(cible=idee, sens="go", motif="interet_general", texte="Oui, nous posons des bancs.",
    premiere_etape="Choisir les lieux", premiere_etape_le=dans(30), cout_estime=5000,
    cout_justification="Devis fictif.", cout_le=dans(0), redigee_par=agent)
franchir(reponse.consulter, par=agent, services=[boite.service], attendu_le=dans(10))
rendre_avis(reponse.avis.get(), par=agent, texte="Favorable.")
franchir(reponse.presenter, par=agent, signataire=elue)
franchir(reponse.signer, par=elue)
franchir(reponse.publier, par=agent)
planifier_jalon(reponse, par=agent, titre="Poser trois bancs", prevu_le=dans(60))
print(reponse.pk, idee.pk)
"""


def photo(couleur) -> dict:
    sortie = io.BytesIO()
    Image.new("RGB", (900, 600), couleur).save(sortie, "JPEG")
    return {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": sortie.getvalue()}


@pytest.fixture(scope="module")
def lieux(site):
    reponse, idee = site.executer(PLACE).split()
    return {"reponse": f"/reponses/{reponse}/", "idee": f"/idees/{idee}/"}


def test_la_realisation_se_raconte(site, quelqu_un, lieux):
    agent = quelqu_un(site, "alix.agent@essai.example")
    page = agent.va(lieux["reponse"])
    page.get_by_role("link", name=re.compile("Dire que c’est fait.*Choisir les lieux")).click()
    page.locator("[name=texte]").fill("Les habitantes ont choisi trois lieux, à pied.")
    page.locator("[name=depense]").fill("1200")
    page.locator("#id_photo_avant").set_input_files(photo("#7a8b6f"))
    page.locator("[name=alternative_avant]").fill("La place sans banc")
    page.locator("#id_photo_apres").set_input_files(photo("#c9b27c"))
    page.locator("[name=alternative_apres]").fill("Trois croix à la craie")
    assert violations(page) == []
    agent.appuie("Oui, c’est fait")
    agent.lit("1 étape faite sur 2.")
    agent.lit("1 200 € dépensés sur 5 000 € estimés")

    page.get_by_role("link", name=re.compile("Annoncer un retard.*Poser trois bancs")).click()
    page.locator("[name=titre]").fill("Le bois arrive tard")
    page.locator("[name=texte]").fill("La scierie a brûlé.")
    page.locator("[name=attendue_le]").fill("2099-05-04")
    assert violations(page) == []
    agent.appuie("Annoncer le retard")
    agent.lit("désormais attendue le 4 mai 2099")
    assert violations(page) == []

    visiteuse = quelqu_un(site, largeur=360, javascript=False)
    page = visiteuse.va(lieux["idee"])
    visiteuse.lit("Le bois arrive tard")
    expect(page.get_by_alt_text("La place sans banc")).to_have_count(1)


def test_le_recit_se_compose_sans_javascript_et_se_lit(site, quelqu_un, lieux):
    agent = quelqu_un(site, "alix.agent@essai.example", javascript=False)
    page = agent.va("/projets/lavoir/recit/composer/")
    agent.appuie("Commencer")
    page.locator("[name=titre]").fill("Trois bancs, une place")
    agent.appuie("Garder le titre")
    page.locator("[name=texte]").fill("Tout est parti d’**une idée**.")
    agent.appuie("Ajouter ce texte")
    page.get_by_label("L’idée Des bancs").first.check()
    agent.appuie("Citer ces entrées")
    page.locator("[name=photo]").set_input_files(photo("#3f6f7a"))
    page.locator("[name=alternative]").fill("La place en été")
    page.locator("[name=credit]").fill("Service fictif")
    agent.appuie("Ajouter cette photo")
    page.locator("[name=reponse]").select_option(index=1)
    agent.appuie("Ajouter ces chiffres")
    page.get_by_role("button", name="Monter le passage 4").click()
    agent.lit("1 passage s’appuie sur la chronologie (entrées citées : 1).")

    relit = quelqu_un(site, "alix.agent@essai.example")
    page = relit.va("/projets/lavoir/recit/composer/")
    assert violations(page) == []
    relit.appuie("Publier le récit")
    relit.appuie("Publier le récit")
    relit.lit("Tout est parti d’une idée")

    visiteuse = quelqu_un(site, largeur=360)
    page = visiteuse.va("/projets/lavoir/")
    visiteuse.appuie("Lire le récit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trois bancs, une place")
    expect(page.get_by_alt_text("La place en été")).to_be_visible()
    assert violations(page) == []
    visiteuse.appuie("Version à imprimer")
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert violations(page) == []
