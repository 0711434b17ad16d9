"""An agent composes a participatory budget from retained ideas, with their feasibility studies, and announces it; a rule that
somebody then tries to change is refused. At a desk and on a phone, with and without JavaScript."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

GARDER = os.environ.get("ESTUAIRE_IMAGES", "")  # a folder, to look at the pages
AGENT = "alix.agent@essai.example"

#: A projet whose open stage lets people vote, a box with three retained ideas, two services. Prints the number of the stage.
DECOR = """
from datetime import timedelta
from django.utils import timezone
from comptes.models import Utilisateur
from projets.models import Etape, Projet
from reponses.models import Service
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique, ThematiqueFabrique
suffixe = "{suffixe}"
for fabrique in (PersonneFabrique, ServiceFabrique, ThematiqueFabrique):  # two stories share one site
    fabrique.reset_sequence(int(suffixe), force=True)
agent = Utilisateur.objects.get(email="alix.agent@essai.example")
projet = ProjetFabrique(titre=f"Le budget de la ville {{suffixe}}", slug=f"budget-{{suffixe}}", referente=agent, ouvert=True)
maintenant = timezone.now()
etape = Etape.objects.create(projet=projet, titre="Le vote", genre=Etape.Genre.CONTRIBUTION, ouvre=["voter"],
    ouvre_le=maintenant - timedelta(days=1), ferme_le=maintenant + timedelta(days=90))
boite = BoiteFabrique(titre=f"Vos projets {{suffixe}}", slug=f"vos-projets-{{suffixe}}", service=Service.objects.first())
for titre in ("Des bancs à l’ombre", "Une fontaine au marché", "Un terrain de pétanque"):
    IdeeFabrique(titre=titre, boite=boite, etat="retenue")
Service.objects.get_or_create(nom="Voirie fictive")
print(etape.pk)
"""


def regarder(personne, nom):
    """Axe, which is a script, finds nothing; nothing overflows; a picture is kept if a folder is named."""
    page = personne.page
    if GARDER:
        largeur = page.viewport_size["width"]
        page.screenshot(path=Path(GARDER) / f"{nom}-{largeur}.png", full_page=True)
    assert not personne.javascript or violations(page) == [], nom
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), nom


def creer(agent, titre, etape):
    page = agent.va("/bureau/")
    agent.appuie("Préparer des votes")
    regarder(agent, "votes-bureau-vide")
    page.goto(f"/bureau/votes/nouveau/?etape={etape}")
    page.locator("main [name=titre]").fill(titre)
    page.locator("main [name=question]").fill("Que réaliser en premier ?")
    debut = page.locator("main [name=ouvre_le]").input_value()
    page.locator("main [name=ouvre_le]").fill(
        f"{debut[:4]}-12-31T08:00" if debut[5:7] != "12" else f"{int(debut[:4]) + 1}-01-20T08:00"
    )
    regarder(agent, "votes-nouveau")
    agent.appuie("Créer, puis écrire la liste")
    agent.lit("Ajoutez des propositions : il en faut au moins deux.")
    regarder(agent, "votes-composer-vide")


def choisir_la_facon(agent):
    """Equal shares with three choices at most: the site says what it costs, the agent still may."""
    page = agent.page
    agent.appuie("Changer la façon de voter et de compter")
    regarder(agent, "votes-facon")
    page.locator("main [name=regle]").first.select_option("parts-egales")
    if not agent.javascript:
        agent.appuie("Voir les réglages de ce choix")
    agent.lit("30 à 60 %")
    page.locator("main [name=choix_max]").fill("3")
    page.get_by_label("va aux projets suivants", exact=False).check()
    regarder(agent, "votes-facon-parts-egales")
    agent.appuie("Enregistrer cette façon de voter et de compter")
    agent.lit("le reste va aux projets suivants")


def donner_le_budget(agent):
    agent.appuie("Les budgets et leurs enveloppes")
    regarder(agent, "votes-enveloppes")
    agent.page.get_by_role("link", name="Nom et budget").first.click()
    agent.page.locator("main [name=budget]").fill("50 000")
    agent.appuie("Enregistrer")
    agent.lit("50\u00a0000\u00a0€")
    agent.appuie("Revenir au vote")


def prendre_les_idees(agent, suffixe):
    page = agent.page
    agent.appuie("Des idées retenues")
    page.locator("main [name=boite]").select_option(label=f"Vos projets {suffixe} (3)")
    if not agent.javascript:
        agent.appuie("Voir ses idées retenues")
    page.get_by_label("Des bancs à l’ombre").check()
    page.get_by_label("Une fontaine au marché").check()
    page.get_by_label("Un terrain de pétanque").check()
    regarder(agent, "votes-idees")
    agent.appuie("Soumettre ces idées au vote")
    agent.lit("3 propositions sont ajoutées.")


def faire_etudier(agent):
    page = agent.page
    agent.appuie("Les études de faisabilité")
    page.get_by_label("Voirie fictive").check()
    for titre in ("Des bancs à l’ombre", "Une fontaine au marché", "Un terrain de pétanque"):
        page.get_by_role("checkbox", name=titre).check()
    demain = agent.site.executer(
        "from django.utils import timezone; from datetime import timedelta\n"
        "print((timezone.localdate() + timedelta(days=1)).isoformat())"
    ).strip()
    page.locator("main [name=attendue_le]").fill(demain)
    regarder(agent, "votes-demander-des-etudes")
    agent.appuie("Demander ces études")
    agent.lit("3 études sont demandées.")
    for titre, cout in (("Des bancs à l’ombre", "12 000"), ("Une fontaine au marché", "30 000,50")):
        page.get_by_role("link", name=f"Remplir l’étude : Voirie fictive, {titre}").click()
        page.get_by_label("Faisable", exact=True).check()
        page.locator("main [name=motif]").fill("Le sol le permet.")
        page.locator("main [name=cout]").fill(cout)
        page.locator("main [name=cout_motif]").fill("Un chantier semblable.")
        agent.appuie("Rendre l’étude")
        page.get_by_role("button", name=f"Garder ce coût : Voirie fictive, {titre}").click()
        agent.lit(f"Coût retenu : {cout.replace(' ', chr(160))}")
    # The third cannot be done: the service says why, and what could be.
    page.get_by_role("link", name="Remplir l’étude : Voirie fictive, Un terrain de pétanque").click()
    page.get_by_label("Non faisable", exact=True).check()
    page.locator("main [name=motif]").fill("Le sol est pollué.")
    agent.appuie("Rendre l’étude")
    agent.lit("Dites ce qui serait possible à la place.")
    regarder(agent, "votes-etude-refusee")
    page.locator("main [name=alternative]").fill("Le square voisin.")
    agent.appuie("Rendre l’étude")
    regarder(agent, "votes-etudes")
    page.goto(page.url.replace("/etudes/", "/composer/").split("#")[0])
    agent.lit("n’est pas faisable, selon Voirie fictive")
    page.get_by_role("link", name="Enlever : Un terrain de pétanque").click()
    regarder(agent, "votes-enlever")
    agent.appuie("Enlever cette proposition")


@pytest.mark.parametrize(("largeur", "javascript"), [(1280, True), (360, False)])
def test_un_agent_compose_un_budget_et_l_annonce(site, quelqu_un, largeur, javascript):
    agent = quelqu_un(site, AGENT, largeur=largeur, javascript=javascript)
    agent.javascript = javascript
    suffixe = str(largeur)
    etape = site.executer(DECOR.format(suffixe=suffixe)).strip()
    creer(agent, f"Le budget, à {largeur} pixels", etape)
    choisir_la_facon(agent)
    donner_le_budget(agent)
    prendre_les_idees(agent, suffixe)
    faire_etudier(agent)
    agent.lit("Tout y est : ce vote peut être annoncé.")
    regarder(agent, "votes-composer")

    # As people will have it.
    page = agent.page
    composer = page.url
    agent.appuie("Voir comme une personne qui vote")
    agent.lit("Une fontaine au marché")
    regarder(agent, "votes-apercu")
    agent.appuie("Revenir au vote")

    # A colleague has the rules open when it is announced.
    collegue = quelqu_un(site, AGENT, largeur=largeur, javascript=javascript)
    collegue.va(composer.replace("/composer/", "/facon/"))
    agent.appuie("Annoncer le vote")
    agent.lit("ne changeront plus")
    agent.appuie("Annoncer le vote")
    agent.lit("Ce vote est annoncé : son règlement et sa liste sont publics, et ne changent plus.")
    regarder(agent, "votes-composer-annonce")
    collegue.page.locator("main [name=choix_max]").fill("2")
    collegue.appuie("Enregistrer cette façon de voter et de compter")
    expect(collegue.page.locator("body")).to_contain_text("son règlement et sa liste sont publics, et ne changent plus")

    # Anybody reads the list, and what the services said.
    personne = quelqu_un(site, largeur=largeur, javascript=javascript)
    personne.va("/votes/")
    personne.page.get_by_role("link", name=f"Le budget, à {largeur} pixels").first.click()
    personne.va(f"{personne.page.url.partition('#')[0]}propositions/")
    personne.page.get_by_role("link", name="Une fontaine au marché").first.click()
    personne.lit("Le sol le permet.")
    assert (
        site.executer(
            "from votes.models import Scrutin; print(Scrutin.objects.filter(etat='annonce', choix_max=3).count())"
        ).strip()
        != "0"
    )
