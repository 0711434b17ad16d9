"""An agent builds a questionnaire with a jump and a place on the map, without a line of code, and walks it as people will."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

GARDER = os.environ.get("ESTUAIRE_IMAGES", "")  # a folder, to look at the pages
AGENT = "alix.agent@essai.example"


def regarder(personne, nom):
    """Axe, which is a script, finds nothing; nothing overflows; a picture is kept if a folder is named."""
    page = personne.page
    assert not personne.javascript or violations(page) == [], nom
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), nom
    if GARDER:
        largeur = page.viewport_size["width"]
        page.screenshot(path=Path(GARDER) / f"{nom}-{largeur}.png", full_page=True)


def creer(agent, titre):
    page = agent.va("/bureau/")
    agent.appuie("Préparer des consultations")
    regarder(agent, "composer-bureau")
    agent.appuie("Nouvelle consultation")
    regarder(agent, "composer-regles")
    page.locator("main [name=titre]").fill(titre)
    page.locator("main [name=ouvre_le]").fill("2099-03-01T08:00")
    page.locator("main [name=ferme_le]").fill("2099-03-31T23:00")
    agent.appuie("Créer, puis écrire les questions")
    agent.lit("Il n’y a encore aucune question.")


def ajouter(agent, n, genre, question, **champs):
    """One element at the end of page `n`."""
    page = agent.page
    page.get_by_label(f"Ajouter à la page {n}").select_option(genre)
    page.get_by_role("button", name=f"Ajouter à la page {n}", exact=True).click()
    page.locator("main [name=intitule]").fill(question)
    for nom, texte in champs.items():
        page.locator(f"main [name={nom}]").fill(texte)
    agent.appuie("Ajouter au questionnaire")
    agent.lit(question)


def titre_de(page, n):
    return page.locator(".feuillet__titre").nth(n - 1)


@pytest.mark.parametrize(("largeur", "javascript"), [(1280, True), (360, False)])
def test_un_agent_compose_un_questionnaire_et_le_regarde(site, quelqu_un, largeur, javascript):
    agent = quelqu_un(site, AGENT, largeur=largeur, javascript=javascript)
    page = agent.page
    agent.javascript = javascript
    creer(agent, f"Le square, à {largeur} pixels")

    # Three pages: a choice, then a place for those who come, then a last word.
    ajouter(agent, 1, "unique", "Venez-vous au square ?", nouveaux_choix="Oui\nNon\nParfois")
    agent.appuie("Ajouter une page")
    expect(titre_de(page, 2)).to_have_text("Page 2")
    ajouter(agent, 2, "lieu", "Où mettre un banc ?")
    ajouter(agent, 2, "explication", "Les bancs sont en bois du pays.")
    agent.appuie("Ajouter une page")
    expect(titre_de(page, 3)).to_have_text("Page 3")
    agent.lit("La page 3 est vide.")
    ajouter(agent, 3, "texte_long", "Autre chose à nous dire ?")
    agent.lit("3 questions. On arrive à chaque page")

    # What explains comes before what it explains.
    monter = page.get_by_role("button", name="Monter : Les bancs sont en bois du pays.")
    monter.press("Enter")
    expect(page.locator(".feuillet").nth(1).locator(".element__intitule").first).to_contain_text("Les bancs")
    if javascript:
        expect(monter).to_be_focused()  # to go on from the keyboard
    regarder(agent, "composer-questions")

    # Those who do not come jump over the map.
    page.get_by_role("link", name="Titre et sauts de la page 1").click()
    page.locator("main [name=titre]").fill("Vous et le square")
    agent.appuie("Enregistrer")
    page.get_by_role("link", name="Titre et sauts de la page 1").click()
    agent.appuie("Ajouter un saut")
    page.locator("main [name=si]").select_option(label="« Non » est coché")
    page.locator("main [name=vers]").select_option(label="page 3")
    regarder(agent, "composer-saut")
    agent.appuie("Enregistrer le saut")
    agent.lit("Si « Non » est coché à « Venez-vous au square ? » : page 3")
    regarder(agent, "composer-page")
    agent.appuie("Revenir aux questions")
    agent.lit("page 2 ou page 3")

    # What the jump asks about does not go away unseen.
    page.get_by_role("link", name="Modifier : Venez-vous au square ?").click()
    page.get_by_role("button", name="Retirer : Non").click()
    agent.lit("Un saut de la page 1 dépend du choix « Non » : retirez-le d’abord.")
    regarder(agent, "composer-element")
    page.locator("main [name=intitule]").fill("Venez-vous parfois au square ?")
    page.get_by_role("button", name="Monter : Parfois").click()
    expect(page.locator("main [name=intitule]")).to_have_value("Venez-vous parfois au square ?")
    agent.appuie("Enregistrer")
    agent.lit("Venez-vous parfois au square ?")

    # As people will meet it: « no » skips the map, « yes » shows it.
    agent.appuie("Voir comme une personne qui répond")
    agent.lit("Elle répond sans compte.")
    regarder(agent, "composer-apercu")
    page.get_by_label("Non", exact=True).check()
    agent.appuie("Suivant")
    agent.lit("Autre chose à nous dire ?")
    agent.appuie("Précédent")
    expect(page.get_by_label("Non", exact=True)).to_be_checked()
    page.get_by_label("Oui", exact=True).check()
    agent.appuie("Suivant")
    agent.lit("Où mettre un banc ?")
    if javascript:
        expect(page.locator(".leaflet-container")).to_be_visible()
    regarder(agent, "composer-apercu-carte")
    agent.appuie("Suivant")
    page.locator("main textarea").fill("Merci pour les bancs.")
    agent.appuie("Suivant")
    agent.lit("Fin du questionnaire")
    agent.lit("Merci pour les bancs.")
    regarder(agent, "composer-apercu-fin")
    agent.page.get_by_role("link", name="Au guichet, avec un agent").click()
    agent.lit("Elle repart avec un reçu imprimé")

    # Announced, then copied.
    agent.page.get_by_role("link", name="Revenir aux questions").click()
    agent.appuie("Annoncer la consultation")
    agent.lit("Ses questions et ses règles seront publiques.")
    agent.appuie("Annoncer la consultation")
    agent.lit("Ces questions sont publiées")
    regarder(agent, "composer-annoncee")
    agent.appuie("Faire une copie")
    expect(page.locator("main [name=titre]")).to_have_value(f"Copie de Le square, à {largeur} pixels")
    assert (
        site.executer("from consultations.models import Participation; print(Participation.objects.count())").strip()
        == "0"
    ), "a preview writes nothing"
