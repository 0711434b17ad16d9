"""Every page of the demonstration, as each person, on a phone and on a desk: axe-core finds nothing, nothing overflows, nothing
is asked of another site, and the page says the same without JavaScript.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Error

from comptes.demonstration import DOMAINE
from portail.demonstration.personnes import MOT_DE_PASSE
from tests.parcours.conftest import ATTENTE, violations
from tests.parcours.pages import EN_SOMBRE, PAGES, STATUTS, TROUVER, VUES, nom_de_page
from tests.parcours.preparees import PREPARER

#: By far the longest of the stories: the workers share it, each with a site of its own.
ENSEMBLE = pytest.mark.xdist_group("pages-ensemble")
PAR_GROUPE = 35
#: The phone first: what a page decides when it opens, it decides on the small screen; then the window grows.
LARGEURS = (360, 1280)
#: What changes when the window grows: colours one over another, what scrolls, and the links and buttons that only a large
#: screen shows. The other rules read the same page on the phone.
REGLES_DE_LARGEUR = (
    "color-contrast", "link-in-text-block", "scrollable-region-focusable", "landmark-unique", "link-name", "button-name",
)  # fmt: skip

#: Time for the page to take its new width, or its new colours. Asked by `wait_for_function`, which has a deadline: a page
#: that is not let run a script would never answer.
DEUX_IMAGES = "() => new Promise(fini => requestAnimationFrame(() => requestAnimationFrame(() => fini(true))))"
#: A colour that changes passes it on to what is inside: each level would have its transition, however short, after the one
#: above. So none is on its way when axe-core reads them.
SANS_TRANSITION = """() => {
    const feuille = new CSSStyleSheet();
    feuille.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets = [feuille];
}"""
DEBORDE = "document.documentElement.scrollWidth > innerWidth"
#: Of the page as it stands, and of the one that the server sent: a parser runs no script.
TITRES = """recue => [document, new DOMParser().parseFromString(recue, "text/html")].map(page =>
    [...page.querySelectorAll("main h1, main h2")].map(titre => titre.textContent.trim().replace(/\\s+/g, " ")))"""
#: Of the page that the server sent: what would do nothing in a browser without JavaScript.
INERTES = """recue => {
    const page = new DOMParser().parseFromString(recue, "text/html");
    const montre = element => !element.closest("[hidden], template");
    return [
        ...[...page.querySelectorAll("button[type=button], a:not([href]), a[href='#'], a[href^='javascript:']")].filter(montre),
        ...[...page.forms].filter(forme => montre(forme) && ![...forme.elements].some(e => e.type === "submit" && montre(e))),
    ].map(element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160));
}"""

#: The door before what cannot be taken back: behind it, once the password is typed again, is the page.
CONFIRMER = "/comptes/reauthenticate/"

#: The gallery shows buttons that do nothing. Django's forms have a shortcut to what a list holds, made by a script.
INERTES_ADMIS = {"/composants/", "/administration/comptes/utilisateur/{citoyenne}/change/"}


@pytest.fixture(scope="module")
def adresses(site_demonstration):
    return dict(ligne.split() for ligne in site_demonstration.executer(PREPARER + TROUVER).splitlines())


def ouvrir(quelqu_un, site, qui, **options):
    personne = quelqu_un(site, **options)
    return personne.se_connecte(f"{qui}@{DOMAINE}", MOT_DE_PASSE) if qui else personne


def parts():
    """The pages of each person, in parts of about the same length."""
    for qui, pages in PAGES.items():
        nombre = -(-len(pages) // PAR_GROUPE)
        for rang in range(nombre):
            part = f"{qui or 'visiteuse'}-{rang + 1}"
            groupe = ENSEMBLE if nombre == 1 else pytest.mark.xdist_group(f"pages-{part}")
            yield pytest.param(qui, pages[rang::nombre], marks=groupe, id=part)


@ENSEMBLE
def test_chaque_adresse_trouvee_est_celle_de_la_page_annoncee(adresses):
    assert {nom: nom_de(adresses[nom]) for nom in VUES} == VUES


@pytest.mark.parametrize(("qui", "pages"), [*parts()])
def test_chaque_page_se_lit(site_demonstration, adresses, quelqu_un, qui, pages):
    """Each page is opened on a phone, then the window grows; then in the dark. It says the same without JavaScript."""
    page = ouvrir(quelqu_un, site_demonstration, qui).page
    fautes = []
    for gabarit in pages:
        try:
            trouvees = lire(page, gabarit, adresses, sombre=gabarit in EN_SOMBRE.get(qui, ()))
        except Error as panne:  # the next page may be read all the same
            trouvees = [str(panne)]
        fautes += [f"{gabarit}, {trouvee}" for trouvee in trouvees]
    assert fautes == []


def lire(page, gabarit, adresses, *, sombre) -> list[str]:
    """What is wrong in a page."""
    page.set_viewport_size({"width": LARGEURS[0], "height": 800})
    adresse = gabarit.format(**adresses)
    reponse = page.goto(adresse)
    if urlsplit(page.url).path == CONFIRMER != adresse:
        page.locator("main [name=password]").fill(MOT_DE_PASSE)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**{adresse}")
        reponse = page.goto(adresse)
    trouvees = [f"à {LARGEURS[0]} px : {faute}" for faute in a_cette_largeur(page)]
    page.set_viewport_size({"width": LARGEURS[1], "height": 800})
    trouvees += [f"à {LARGEURS[1]} px : {faute}" for faute in a_cette_largeur(page, *REGLES_DE_LARGEUR)]
    if sombre:
        trouvees += [f"en sombre : {faute}" for faute in en_sombre(page)]
    if reponse.status != STATUTS.get(gabarit, 200):
        trouvees.append(f"réponse {reponse.status}")
    elif gabarit not in STATUTS and nom_de(page.url) != nom_de(adresse):
        trouvees.append(f"mène à {page.url}")
    montres, recus = page.evaluate(TITRES, reponse.text())
    if montres != recus:
        trouvees.append(f"{montres}, sans JavaScript {recus}")
    if gabarit not in INERTES_ADMIS:
        trouvees += [f"ne fait rien sans JavaScript : {inerte}" for inerte in page.evaluate(INERTES, reponse.text())]
    if page.locator("h1").count() != 1:
        trouvees.append(f"{page.locator('h1').count()} titres h1")
    return trouvees


def nom_de(adresse) -> str:
    """The page at an address: a door that asks for a password is not the page behind it."""
    trouvee = resolve(urlsplit(adresse).path)
    return nom_de_page(trouvee.view_name, trouvee.func)


def a_cette_largeur(page, *regles) -> list[str]:
    page.wait_for_function(DEUX_IMAGES, timeout=ATTENTE)
    return violations(page, *regles) + ["déborde"] * page.evaluate(DEBORDE)


def en_sombre(page) -> list[str]:
    """Only colours change: the other rules have read the page in the light."""
    page.evaluate(SANS_TRANSITION)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DEUX_IMAGES, timeout=ATTENTE)
    trouvees = violations(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    return trouvees


@ENSEMBLE
def test_un_tableau_plus_large_que_l_ecran_defile_seul(site_demonstration, quelqu_un):
    """Words for screen readers alone, far on its right, are not far on the right of the page: « – » in the figures."""
    page = quelqu_un(site_demonstration, largeur=360).va("/reponses/chiffres/")
    assert page.locator(".table-responsive td .visually-hidden").count() > 0
    page.evaluate("document.querySelectorAll('.table-responsive td').forEach(c => { c.style.minWidth = '20rem' })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@ENSEMBLE
def test_au_clavier_on_va_au_contenu_puis_on_soutient(site_demonstration, adresses, quelqu_un):
    personne = ouvrir(quelqu_un, site_demonstration, "citoyenne")
    page = personne.va(adresses["idee"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "soutiens" in (page.evaluate("document.activeElement.innerText") or ""):
            break
    page.keyboard.press("Enter")
    personne.lit("Vous soutenez cette idée")


@ENSEMBLE
def test_soutenir_vient_apres_le_texte_au_telephone_et_a_cote_sur_un_bureau(site_demonstration, adresses, quelqu_un):
    """One order for the eye, the keyboard and the voice: the side of the page stands where a phone shows it."""
    page = quelqu_un(site_demonstration, largeur=360).va(adresses["idee"])
    texte, soutiens, photo, frise = (
        page.locator(f"#suivi {quoi}").first for quoi in (".prose", "#soutiens", ".photo-idee", "#titre-frise")
    )
    hauts = [quoi.bounding_box()["y"] for quoi in (texte, soutiens, photo, frise)]
    assert hauts == sorted(hauts)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(DEUX_IMAGES)
    a_gauche, a_droite, dessous = (quoi.bounding_box() for quoi in (texte, soutiens, photo))
    assert a_gauche["x"] + a_gauche["width"] <= a_droite["x"] and a_droite["y"] < dessous["y"]
    assert dessous["y"] - a_gauche["y"] - a_gauche["height"] < 40, "the second part follows the first"
    fil = page.locator("#discussion").bounding_box()
    suivi = page.locator("#suivi").bounding_box()
    assert fil["y"] - suivi["y"] - suivi["height"] >= 24, "the discussion does not touch what is above"


@ENSEMBLE
def test_deux_messages_ne_se_touchent_pas(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration).va("/projets/grand-debat-longevite/")
    un, deux = (page.locator("main .bandeau").nth(rang).bounding_box() for rang in (0, 1))
    assert 8 <= deux["y"] - un["y"] - un["height"] <= 24
