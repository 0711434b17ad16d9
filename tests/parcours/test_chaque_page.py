"""Every page of the demonstration, as each person, on a phone and on a desk: axe-core finds nothing, nothing overflows, nothing
is asked of another site, and the page says the same without JavaScript.
"""

import pytest

from comptes.demonstration import DOMAINE
from portail.demonstration.personnes import MOT_DE_PASSE
from tests.parcours.conftest import violations
from tests.parcours.pages import PAGES, STATUT, TROUVER

#: By far the longest of the stories: the workers share it, each with a site of its own.
DEHORS, DEDANS, ENSEMBLE = (pytest.mark.xdist_group(f"pages-{qui}") for qui in ("dehors", "dedans", "ensemble"))
#: The phone first: what a page decides when it opens, it decides on the small screen; then the window grows.
LARGEURS = (360, 1280)
EN_SOMBRE = {"", "citoyenne"}

GROUPES = {"": DEHORS, "citoyenne": DEDANS}

#: Time for the page to take its new width.
DEUX_IMAGES = "new Promise(fini => requestAnimationFrame(() => requestAnimationFrame(fini)))"


@pytest.fixture(scope="module")
def adresses(site_demonstration):
    return dict(ligne.split() for ligne in site_demonstration.executer(TROUVER).splitlines())


def ouvrir(quelqu_un, site, qui, **options):
    personne = quelqu_un(site, **options)
    return personne.se_connecte(f"{qui}@{DOMAINE}", MOT_DE_PASSE) if qui else personne


@pytest.mark.parametrize("qui", [pytest.param(qui, marks=GROUPES.get(qui, ENSEMBLE)) for qui in PAGES])
def test_chaque_page_se_lit(site_demonstration, adresses, quelqu_un, qui):
    """Each page is opened on a phone, then the window grows; then in the dark. To a visitor it says the same without JavaScript."""
    personne = ouvrir(quelqu_un, site_demonstration, qui)
    sans_javascript = None if qui else quelqu_un(site_demonstration, javascript=False)
    fautes = []
    for gabarit in PAGES[qui]:
        personne.page.set_viewport_size({"width": LARGEURS[0], "height": 800})
        page = personne.va(gabarit.format(**adresses))
        for largeur in LARGEURS:
            fautes += [f"{gabarit} à {largeur} px : {faute}" for faute in a_cette_largeur(page, largeur)]
        if qui in EN_SOMBRE:
            fautes += [f"{gabarit}, en sombre : {faute}" for faute in en_sombre(page)]
        if (page.evaluate(STATUT) == 200) is (gabarit == "/nulle-part/"):
            fautes.append(f"{gabarit} : réponse {page.evaluate(STATUT)}")
        if page.locator("h1").count() != 1:
            fautes.append(f"{gabarit} : {page.locator('h1').count()} titres h1")
        if sans_javascript and titres(page) != titres(sans_javascript.va(gabarit.format(**adresses))):
            fautes.append(f"{gabarit} : {titres(page)}, sans JavaScript {titres(sans_javascript.page)}")
    assert fautes == []


def a_cette_largeur(page, largeur) -> list[str]:
    page.set_viewport_size({"width": largeur, "height": 800})
    page.evaluate(DEUX_IMAGES)
    deborde = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + ["déborde"] * deborde


def en_sombre(page) -> list[str]:
    """Opened again, so that no colour is on its way. Only colours change: the other rules have read the page in the light."""
    page.emulate_media(color_scheme="dark")
    page.reload()
    trouvees = violations(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    return trouvees


def titres(page) -> list[str]:
    return page.locator("main h1, main h2").all_inner_texts()


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
