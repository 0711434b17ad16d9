"""A citizen without an account answers on a telephone, by the keyboard alone, whatever the network does; she corrects with
her code, takes her answer back. Results open to everybody when it is over, and not before."""

import re

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

PREPARER = """
from consultations.questionnaire import Choix, Condition, Genre, Page, Question, Questionnaire, Saut
from tests.consultations.fabriques import consultation
oui_non = (Choix("a", "Oui, souvent"), Choix("b", "Non, jamais"))
consultation(Questionnaire((
    Page("p1", "Vous et la place", (Question("q1", Genre.UNIQUE, "Venez-vous sur la place ?", obligatoire=True, choix=oui_non),),
         (Saut(Condition.CHOISI, "p3", "q1", "b"),)),
    Page("p2", "Votre visite", (Question("q2", Genre.ECHELLE, "Y êtes-vous bien ?", debut="pas du tout", fin="très"),
                                Question("q3", Genre.LIEU, "Où manque-t-il un banc ?"))),
    Page("p3", "Pour finir", (Question("q4", Genre.TEXTE_LONG, "Que faut-il changer ?"),)),
)), titre="La place et vous")
"""
FERMER = """
from tests.consultations.fabriques import fermer
from consultations.models import Consultation
fermer(Consultation.objects.get())
"""
COMPTE = "from consultations.models import Participation; print(Participation.objects.comptees().count())"
ADRESSE = "/consultations/la-place-et-vous/"


@pytest.fixture(scope="module", autouse=True)
def _consultation(site):
    site.executer(PREPARER)


def au_clavier(page, *touches):
    for touche in touches:
        page.keyboard.press(touche)


def jusqu_a(page, selecteur, limite=60):
    """Tab until the focus is there, as somebody without a mouse does."""
    for _pas in range(limite):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selecteur):
            return
    raise AssertionError(f"le clavier n'atteint pas {selecteur}")


def test_repondre_corriger_et_retirer_sans_compte_au_clavier(site, quelqu_un):
    camille = quelqu_un(site, None, largeur=360)
    page = camille.va(ADRESSE)
    assert violations(page) == []
    jusqu_a(page, "main a.bouton[href$='/repondre/']")
    page.keyboard.press("Enter")
    expect(page.locator(".avancee__mots")).to_have_text("Page 1 sur 3")
    assert violations(page) == []

    # Going on without an answer: one sentence, at the right place.
    jusqu_a(page, "button[value=suivant]:not(.visually-hidden)")
    page.keyboard.press("Enter")
    expect(page.locator("#question-q1 .question__tort")).to_contain_text("attend une réponse")
    assert violations(page) == []
    jusqu_a(page, "[name=q1]")
    au_clavier(page, "Space")
    expect(page.locator("[name=q1]").first).to_be_checked()
    jusqu_a(page, "button[value=suivant]:not(.visually-hidden)")
    page.keyboard.press("Enter")
    expect(page.locator(".avancee__mots")).to_have_text("Page 2 sur 3")
    expect(page.locator("#question-q3 .lieu__carte")).to_be_visible()
    assert violations(page) == []

    # Under the bridge: what she ticks stays in her browser, and comes back with the page.
    camille.contexte.set_offline(True)
    jusqu_a(page, "[name=q2]")
    au_clavier(page, "Space", "ArrowRight", "ArrowRight")
    jusqu_a(page, "[name='q3.mots']")
    page.keyboard.type("Rezé")
    etat = page.locator("[data-es-questionnaire-etat]")
    expect(etat).to_contain_text("Pas de réseau")
    jusqu_a(page, "button[value=suivant]:not(.visually-hidden)")
    page.keyboard.press("Enter")
    expect(etat).to_contain_text("rien n’est parti")
    camille.plaintes.clear()  # the browser complains of the bridge too
    ici = page.url
    page.goto("about:blank")  # a page that is still there keeps them at once, and has nothing to bring back
    camille.contexte.set_offline(False)
    camille.va(ici)
    expect(page.locator("#id_q2_2")).to_be_checked()
    expect(page.locator("[name='q3.mots']")).to_have_value("Rezé")
    expect(etat).to_contain_text("Gardé à")

    jusqu_a(page, "button[value=suivant]:not(.visually-hidden)")
    page.keyboard.press("Enter")
    expect(page.locator(".avancee__mots")).to_have_text("Page 3 sur 3")
    jusqu_a(page, "textarea[name=q4]")
    page.keyboard.type("De l’ombre, et un point d’eau.")
    jusqu_a(page, "button[value=suivant]:not(.visually-hidden)")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Relisez, puis envoyez")
    camille.lit("De l’ombre, et un point d’eau.")
    camille.lit("Oui, souvent")
    assert violations(page) == []
    jusqu_a(page, "main form .bouton--action")
    page.keyboard.press("Enter")
    camille.lit("Merci, votre réponse est envoyée")
    assert violations(page) == []
    numero, secret = (page.locator(f"#recu-{nom}").inner_text() for nom in ("numero", "secret"))
    assert re.fullmatch(r"\d{9}", numero) and site.executer(COMPTE).strip() == "1"
    assert page.evaluate("Object.keys(localStorage).filter((c) => c.startsWith('es-reponses:')).length") == 0

    # Nobody sees a figure yet.
    camille.va(f"{ADRESSE}resultats/")
    camille.lit("Les résultats seront visibles à la fin de la consultation")
    assert violations(page) == []

    # At home, on another machine, with the code; « Non » now, so the second page is not hers any more.
    chez_elle = quelqu_un(site, None, largeur=1280)
    page = chez_elle.va("/participations/")
    assert violations(page) == []
    page.locator("[name=numero]").fill(numero)
    page.locator("[name=mot]").fill(secret.lower())
    chez_elle.appuie("Ouvrir")
    chez_elle.lit("De l’ombre, et un point d’eau.")
    assert violations(page) == []
    chez_elle.appuie("Corriger ma réponse")
    page.locator("#id_q1_b").check()
    chez_elle.appuie("Continuer")
    expect(page.locator(".avancee__mots")).to_have_text("Page 3 sur 3")
    chez_elle.appuie("Relire mes réponses")
    chez_elle.appuie("Envoyer la correction")
    chez_elle.lit("C’est envoyé")
    expect(page.get_by_text("Y êtes-vous bien ?")).to_have_count(0)

    # She takes it back.
    page.get_by_role("link", name="Retirer ma réponse").click()
    assert violations(page) == []
    chez_elle.appuie("Retirer ma réponse")
    chez_elle.lit("Votre réponse est retirée")
    assert site.executer(COMPTE).strip() == "0"


def test_les_resultats_s_ouvrent_a_la_fin_pour_tout_le_monde(site, quelqu_un):
    """Without JavaScript, all along."""
    voisin = quelqu_un(site, None, largeur=360, javascript=False)
    page = voisin.va(f"{ADRESSE}repondre/")
    page.locator("#id_q1_b").check()
    voisin.appuie("Continuer")
    page.locator("[name=q4]").fill("Rien : elle me va.")
    voisin.appuie("Relire mes réponses")
    page.wait_for_timeout(3000)  # nobody answers in less
    page.get_by_label("Ce que j’ai écrit peut être publié").check()
    voisin.appuie("Envoyer ma réponse")
    voisin.lit("Merci, votre réponse est envoyée")
    voisin.va(f"{ADRESSE}resultats/")
    voisin.lit("Les résultats seront visibles à la fin de la consultation")
    site.executer(FERMER)
    lectrice = quelqu_un(site, None, largeur=360)
    page = lectrice.va(f"{ADRESSE}resultats/")
    resultat = page.locator("section.resultat", has_text="Venez-vous sur la place ?")
    expect(resultat.locator("tr", has_text="Non, jamais")).to_contain_text("100,0 %")
    assert violations(page) == []
    page.get_by_role("link", name="Lire la réponse écrite").click()
    lectrice.lit("Rien : elle me va.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
