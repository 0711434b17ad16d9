"""The site in English, on a phone: nothing for axe-core to find, nothing wider than the screen."""

import pytest

from comptes.demonstration import DOMAINE
from tests.parcours.conftest import violations
from tests.parcours.pages import STATUT, TROUVER

PAGES = {
    "": [
        "/", "/idees/", "{idee}", "{idee_repondue}", "/projets/", "{projet}", "/chronologie/", "{entree}", "/reponses/", "{reponse}",
        "/reponses/attendues/", "/votes/", "/communautes/", "{communaute}", "/consultations/", "{bilan}", "{recit}", "/comptes/signup/",
        "/comment-ca-marche/",
    ],
    "citoyenne": ["/mon-espace/", "{proposer}", "{ma_reponse_officielle}", "{consultation}repondre/", "/notifications/"],
    "agent": ["/bureau/", "{rediger}", "{conduire}"],
}  # fmt: skip


@pytest.mark.parametrize("qui", PAGES)
def test_la_page_anglaise_se_lit(site_demonstration, quelqu_un, qui):
    adresses = dict(ligne.split() for ligne in site_demonstration.executer(TROUVER).splitlines())
    personne = quelqu_un(site_demonstration, f"{qui}@{DOMAINE}" if qui else "", largeur=360, langue="en-GB")
    fautes = []
    for gabarit in PAGES[qui]:
        page = personne.va(gabarit.format(**adresses))
        assert page.evaluate(STATUT) == 200
        assert page.locator("html").get_attribute("lang") == "en"
        dits = violations(page) + ["déborde"] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
        fautes += [f"{gabarit} : {dit}" for dit in dits]
    assert fautes == []
