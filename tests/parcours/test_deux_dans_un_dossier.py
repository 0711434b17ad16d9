"""Two agents in the same dossier, each in her browser: they see each other write, and nothing of either is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.conftest import violations

DANS_UN_MOIS = (timezone.localdate() + timedelta(days=30)).isoformat()
DANS_DEUX_MOIS = (timezone.localdate() + timedelta(days=60)).isoformat()

UN_BROUILLON = f"""
from datetime import date
from allauth.account.models import EmailAddress
from comptes.models import Role, Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from reponses.actions import rediger
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
basile = Utilisateur.objects.create_user("basile.agent@essai.example", "Basile Agent", "une phrase assez longue")
EmailAddress.objects.create(user=basile, email=basile.email, verified=True, primary=True)
Role.objects.create(personne=basile, role="agent")
idee = Idee.objects.create(boite=Boite.objects.get(), titre="Une fontaine au square", texte="Il n’y a pas d’eau au square.",
    thematique=Thematique.objects.get(), auteur=qui("Voisin Un"))
franchir(idee.soumettre, par=qui("Voisin Un"))
franchir(idee.publier, par=qui("Nadia Fictive"))
franchir(idee.prendre, par=qui("Alix Agent"), service=idee.boite.service)
reponse = rediger(idee, par=qui("Alix Agent"), sens="go", motif="interet_general", texte="Oui, une fontaine.",
    premiere_etape="Choisir le lieu", premiere_etape_le=date.fromisoformat("{DANS_UN_MOIS}"))
print(reponse.pk)
"""


@pytest.fixture(scope="module")
def dossier(site):
    return f"/reponses/{site.executer(UN_BROUILLON).strip()}/"


def saine(personne):
    page = personne.page
    for largeur in (360, 1280):
        page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (page.url, largeur)


def champ(personne, nom):
    return personne.page.locator(f"main [name={nom}]")


def test_1_chacune_voit_que_l_autre_ecrit(site, quelqu_un, dossier):
    """Live: a page that is open learns of it; on the dossier, on the form, and without JavaScript when it is loaded."""
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va(dossier)
    expect(alix.page.locator("#dossier")).to_have_attribute("data-es-flux-etat", "ouvert")
    basile = quelqu_un(site, "basile.agent@essai.example")
    basile.va(f"{dossier}modifier/")
    alix.lit("Basile Agent écrit en ce moment dans ce texte.")
    expect(basile.page.locator("#ecrivent")).to_have_attribute("data-es-flux-etat", "ouvert")
    saine(alix)
    alix.va(f"{dossier}modifier/")
    alix.lit("Basile Agent écrit en ce moment dans ce texte.")
    basile.lit("Alix Agent écrit en ce moment dans ce texte.")
    saine(basile)
    ada = quelqu_un(site, "ada.admin@essai.example", javascript=False)
    ada.va(dossier)
    ada.lit("Alix Agent, Basile Agent écrivent en ce moment dans ce texte.")
    assert "en ce moment" not in quelqu_un(site).contexte.request.get(dossier).text()


def test_2_la_seconde_est_prevenue_et_rien_n_est_remplace(site, quelqu_un, dossier):
    alix, basile = (quelqu_un(site, f"{nom}.agent@essai.example") for nom in ("alix", "basile"))
    for personne in (alix, basile):
        personne.va(f"{dossier}modifier/")
        expect(personne.page.locator("#ecrivent")).to_have_attribute("data-es-flux-etat", "ouvert")
    # Alix is still typing when Basile keeps his: she is told without a reload, and her words stay under her fingers.
    champ(alix, "texte").fill("Oui : une fontaine à l’ombre du tilleul.")
    champ(alix, "acte_conseil").fill("Délibération fictive n° 12")
    champ(basile, "texte").fill("Oui : une fontaine près des jeux.")
    champ(basile, "cout_estime").fill("4200")
    champ(basile, "cout_justification").fill("Devis fictif du fontainier.")
    champ(basile, "premiere_etape_le").fill(DANS_DEUX_MOIS)
    basile.appuie("Garder le brouillon")
    expect(basile.page).to_have_url(re.compile(r"/reponses/\d+/$"))
    alix.lit("Basile Agent a gardé un autre texte")
    assert champ(alix, "texte").input_value() == "Oui : une fontaine à l’ombre du tilleul."

    alix.appuie("Garder le brouillon")
    alix.lit("Basile Agent a changé ce texte")
    conflit, repris = (
        alix.page.locator(f"section[aria-labelledby={nom}]") for nom in ("titre-differences", "titre-repris")
    )
    for mots in ("La réponse, en mots simples", "à l’ombre du tilleul", "près des jeux"):
        expect(conflit).to_contain_text(mots)
    assert "Acte du conseil" not in conflit.inner_text()
    for mots in ("Coût estimé, en euros", "Devis fictif du fontainier.", "Date de la première étape"):
        expect(repris).to_contain_text(mots)
    # Hers as she typed it; what she had not touched is the other's now.
    for nom, valeur in {
        "texte": "Oui : une fontaine à l’ombre du tilleul.",
        "acte_conseil": "Délibération fictive n° 12",
        "cout_estime": "4200",
        "cout_justification": "Devis fictif du fontainier.",
        "premiere_etape_le": DANS_DEUX_MOIS,
    }.items():
        assert champ(alix, nom).input_value() == valeur
    saine(alix)
    basile.va(dossier)
    basile.lit("Oui : une fontaine près des jeux.")
    # Knowingly: she joins both.
    champ(alix, "texte").fill("Oui : une fontaine près des jeux, à l’ombre du tilleul.")
    alix.appuie("Garder le brouillon")
    basile.lit("Oui : une fontaine près des jeux, à l’ombre du tilleul.")
    for mots in ("4 200 €", "Devis fictif du fontainier.", "Délibération fictive n° 12"):
        basile.lit(mots)


def test_3_le_brouillon_part_pendant_qu_on_ecrit(site, quelqu_un, dossier):
    """Without JavaScript: told by whom, every word on the page, no button that would lie."""
    alix = quelqu_un(site, "alix.agent@essai.example")
    basile = quelqu_un(site, "basile.agent@essai.example", javascript=False, largeur=360)
    basile.va(f"{dossier}modifier/")
    champ(basile, "texte").fill("Mon paragraphe de dix minutes.")
    alix.va(dossier)
    alix.appuie("Consulter les services")
    alix.page.locator("main [name=services]").first.check()
    alix.page.locator("main [name=attendu_le]").fill(DANS_UN_MOIS)
    alix.appuie("Consulter les services")
    basile.appuie("Garder le brouillon")
    basile.lit("Alix Agent a agi ici")
    assert champ(basile, "texte").input_value() == "Mon paragraphe de dix minutes."
    assert basile.page.get_by_role("button", name="Garder le brouillon").count() == 0
    alix.va(dossier)
    alix.lit("Oui : une fontaine près des jeux, à l’ombre du tilleul.")


def test_4_deux_avis_du_meme_service(site, quelqu_un, dossier):
    alix, basile = (quelqu_un(site, f"{nom}.agent@essai.example") for nom in ("alix", "basile"))
    for personne in (alix, basile):
        personne.va(dossier)
        personne.page.locator("main a[href*='/reponses/avis/']").first.click()
    champ(alix, "texte").fill("Favorable : l’eau est à deux mètres.")
    champ(basile, "texte").fill("Réservé : les racines du tilleul gênent.")
    alix.appuie("Mettre l’avis au dossier")
    basile.appuie("Mettre l’avis au dossier")
    basile.lit("Favorable : l’eau est à deux mètres.")
    assert champ(basile, "texte").input_value() == "Réservé : les racines du tilleul gênent."
    saine(basile)
    site.gerer("verifier_journal")
