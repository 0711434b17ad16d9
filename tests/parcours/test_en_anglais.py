"""The site in English, on a phone: axe-core finds nothing, nothing is wider than the screen, and what is French says so."""

import pytest

from comptes.demonstration import DOMAINE
from tests.parcours.conftest import violations
from tests.parcours.pages import STATUT, TROUVER

PAGES = {
    "": [
        "/votes/budget-participatif-a-vous-de-choisir/voter/", "/votes/budget-participatif-a-vous-de-choisir/voter/2/",
        "/votes/budget-participatif-a-vous-de-choisir/propositions/un-verger-pour-lecole/", "{vote_fini}resultats/",
        "{sondage}resultats/", "{bilan}resultats/", "{bilan}resultats/croiser/", "/questions/2/", "{panel}tirages/1/",
        "/", "/idees/", "{idee}", "{idee_repondue}", "/projets/", "{projet}", "/chronologie/", "{entree}", "/reponses/", "{reponse}",
        "/reponses/attendues/", "/votes/", "/communautes/", "{communaute}", "/consultations/", "{bilan}", "{recit}", "/comptes/signup/",
        "/comment-ca-marche/", "/idees/proposer/", "{boite}", "{fusion}", "{consultation}", "{signaler}",
    ],
    "citoyenne": [
        "/mon-espace/", "{proposer}", "{ma_reponse_officielle}", "{consultation}repondre/", "/notifications/",
        "{consultation}relire/", "{ma_reponse}",
    ],
    "agent": [
        "/bureau/", "{rediger}", "{conduire}", "/bureau/consultations/", "/bureau/votes/", "{reunir}",
        "/bureau/lots/nouveau/", "/bureau/deposer/",
    ],
}  # fmt: skip

#: What is called the same in every language, one a line: places and people.
NOMS = """
from comptes.models import Utilisateur
from territoires.models import Territoire
for noms in (Territoire.objects.values_list("nom", flat=True), Utilisateur.objects.values_list("pseudonyme", flat=True)):
    print(*filter(None, noms), sep="\\n")
"""

#: Words that every French sentence has, and no English one.
MOTS_FRANCAIS = "les|des|une|vous|votre|est|sont|pour|avec|dans|qui|cette|nous|sur|pas|être"

#: The text that has such words, beside the names, where the page lets a voice read them as English: the words, and their element.
#: An <option> is left out: it is written by Django, and what it says is said again in words elsewhere.
FRANCAIS_MUET = """([mots, noms]) => {
    const francais = new RegExp(`(?<![\\\\p{L}-])(${mots})(?![\\\\p{L}-])`, "iu");
    const marche = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), trouves = [];
    while (marche.nextNode()) {
        const dits = marche.currentNode.data.trim().replace(/\\s+/g, " "), parent = marche.currentNode.parentElement;
        if (parent.closest("[lang]").lang.startsWith("fr") || parent.matches("script, style, textarea, option")) continue;
        const reste = noms.reduce((texte, nom) => texte.replaceAll(nom, ""), dits);
        if (francais.test(reste)) trouves.push(`${dits.slice(0, 80)} (${[parent.localName, ...parent.classList].join(".")})`);
    }
    return trouves;
}"""


@pytest.mark.parametrize("qui", PAGES)
def test_la_page_anglaise_se_lit(site_demonstration, quelqu_un, qui):
    adresses = dict(ligne.split() for ligne in site_demonstration.executer(TROUVER).splitlines())
    noms = sorted(site_demonstration.executer(NOMS).splitlines(), key=len, reverse=True)
    personne = quelqu_un(site_demonstration, f"{qui}@{DOMAINE}" if qui else "", largeur=360, langue="en-GB")
    fautes = []
    for gabarit in PAGES[qui]:
        page = personne.va(gabarit.format(**adresses))
        assert page.evaluate(STATUT) == 200
        assert page.locator("html").get_attribute("lang") == "en"
        dits = violations(page) + ["déborde"] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
        muets = page.evaluate(FRANCAIS_MUET, [MOTS_FRANCAIS, noms])
        fautes += [f"{gabarit} : {dit}" for dit in [*dits, *muets]]
    assert fautes == []
