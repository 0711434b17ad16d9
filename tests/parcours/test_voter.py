"""A citizen votes on a telephone by the keyboard alone, hears what is left of the budget, is asked who she is only at the end;
she changes her vote without JavaScript. Every page of a vote is read by axe."""

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import MOT_DE_PASSE, attendre_que, violations
from tests.parcours.test_repondre import au_clavier, jusqu_a

PREPARER = """
from tests.votes.parcours_http import FORMES, ouvert_maintenant
ouvert_maintenant(noms=("Le Port", "Les Hauts"), titre="Budget des rues", slug="budget-des-rues",
                  description="Cinquante mille euros pour nos rues.")
for forme in ("choix", "approbation", "points", "mentions", "classement"):
    ouvert_maintenant(forme=forme, titre=f"Vote {forme}", slug=f"vote-{forme}", **FORMES[forme][0])
"""
VOTES = """
from votes.models import Bulletin
for b in Bulletin.objects.filter(scrutin__slug="{slug}").select_related("enveloppe").order_by("pk"):
    print(b.enveloppe.nom, sorted(b.notes.items(), key=lambda n: (n[1], n[0])))
"""
ADRESSE = "/votes/budget-des-rues/"
RESTE = "[data-es-bulletin-reste]"
RELIRE = "button[value=relire]:not(.visually-hidden)"


@pytest.fixture(scope="module", autouse=True)
def _votes(site):
    site.executer(PREPARER)


def sans_espaces(texte) -> str:
    return " ".join(texte.split())


def entend(page, phrase):
    """The live region says it; spaces between thousands are those of the browser."""
    attendre_que(
        page, "([s, p]) => document.querySelector(s).textContent.replace(/\\s/g, ' ').includes(p)", [RESTE, phrase]
    )
    assert page.locator(RESTE).get_attribute("role") == "status"


def cocher(page, cle):
    """By Tab and Space; the order of the list is drawn, so one may have to go round."""
    for _tour in range(2):
        try:
            jusqu_a(page, f"#id_{cle}")
            break
        except AssertionError:
            page.evaluate("document.activeElement.blur()")
    au_clavier(page, "Space")


def test_voter_au_clavier_sur_un_telephone(site, quelqu_un):
    camille = quelqu_un(site, None, largeur=360)
    page = camille.va("/votes/")
    assert violations(page) == []
    page = camille.va(ADRESSE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    jusqu_a(page, "main a.bouton--action")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Voter")
    assert violations(page) == []
    jusqu_a(page, "main a.bouton--action")
    page.keyboard.press("Enter")
    expect(page.locator("legend").first).to_have_text("Toute la ville")
    entend(page, "Il reste 50 000 € sur 50 000 €")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not page.locator("[data-es-bulletin-compter]").is_visible()

    cocher(page, "p1")
    entend(page, "Il reste 40 000 € sur 50 000 €")
    cocher(page, "p2")
    entend(page, "Il reste 10 000 € sur 50 000 €")
    cocher(page, "p3")
    entend(page, "dépasse le budget de 15 000 €")
    assert violations(page) == []
    # What has the focus is never behind the bar that says what is left.
    assert page.evaluate(
        "document.activeElement.getBoundingClientRect().bottom <= document.querySelector('.bulletin__bas').getBoundingClientRect().top + 1"
    )

    jusqu_a(page, RELIRE)
    page.keyboard.press("Enter")
    expect(page.locator("[data-es-resume-erreurs]")).to_be_focused()
    camille.lit("dépasse le budget")
    expect(page.locator("#id_p3")).to_be_checked()
    assert violations(page) == []
    cocher(page, "p3")
    entend(page, "Il reste 10 000 €")
    jusqu_a(page, RELIRE)
    page.keyboard.press("Enter")
    camille.lit("Dites qui vous êtes pour voter")
    camille.lit("Fontaine du marché")
    assert violations(page) == []
    assert site.executer(VOTES.format(slug="budget-des-rues")) == ""

    jusqu_a(page, "main .actions a.bouton--principal")
    page.keyboard.press("Enter")
    expect(page.locator("main [name=login]")).to_be_visible()
    jusqu_a(page, "main [name=login]")
    page.keyboard.type("voisin.un@essai.example")
    jusqu_a(page, "main [name=password]")
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Relisez, puis votez")
    camille.lit("Fontaine du marché")
    assert violations(page) == []
    jusqu_a(page, "main button[value=voter]")
    page.keyboard.press("Enter")
    camille.lit("Votre vote est enregistré")
    camille.lit("pourraient voir ce que vous avez voté")
    camille.lit("Il vous reste un vote")
    assert violations(page) == []

    # One place of her choice.
    jusqu_a(page, "main a.bouton--action")
    page.keyboard.press("Enter")
    page.locator("main .vote-territoires a", has_text="Le Port").press("Enter")
    expect(page.locator("legend").first).to_have_text("Le Port")
    entend(page, "Il reste 20 000 € sur 20 000 €")
    cocher(page, "e2-2")
    entend(page, "Il reste 0 €")
    jusqu_a(page, RELIRE)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Relisez, puis votez")
    jusqu_a(page, "main button[value=voter]")
    page.keyboard.press("Enter")
    camille.lit("Votre vote est enregistré")
    assert violations(page) == []
    assert site.executer(VOTES.format(slug="budget-des-rues")).splitlines() == [
        "Toute la ville [('p1', 1), ('p2', 1)]",
        "Le Port [('e2-2', 1)]",
    ]


def test_changer_son_vote_sans_javascript(site, quelqu_un):
    chez_elle = quelqu_un(site, "voisin.un@essai.example", largeur=360, javascript=False)
    page = chez_elle.va(ADRESSE)
    chez_elle.lit("Vous avez voté")
    chez_elle.appuie("Changer mon vote")
    page.locator("main a.bouton", has_text="Changer mon vote").first.click()
    expect(page.locator("#id_p1")).to_be_checked()
    page.locator("#id_p1").uncheck()
    page.locator("#id_p3").check()
    chez_elle.appuie("Calculer ce qui reste")
    assert "dépasse le budget de 5 000 €" in sans_espaces(page.locator(RESTE).inner_text())
    page.locator("#id_p2").uncheck()
    chez_elle.appuie("Calculer ce qui reste")
    assert "Il reste 25 000 € sur 50 000 €" in sans_espaces(page.locator(RESTE).inner_text())
    chez_elle.appuie("Relire mon vote")
    chez_elle.lit("Ce bulletin remplace votre vote actuel")
    chez_elle.appuie("Modifier mon choix")
    expect(page.locator("#id_p3")).to_be_checked()
    chez_elle.appuie("Relire mon vote")
    chez_elle.appuie("Je vote")
    chez_elle.lit("Votre vote est enregistré")
    assert site.executer(VOTES.format(slug="budget-des-rues")).splitlines()[0] == "Toute la ville [('p3', 1)]"


def test_classer_avec_les_fleches_ou_avec_les_nombres(site, quelqu_un):
    voisin = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    page = voisin.va("/votes/vote-classement/voter/")
    assert violations(page) == []
    ligne = {cle: page.locator("[data-es-ligne]", has=page.locator(f"#id_{cle}")) for cle in ("p1", "p2", "p3")}
    for cle in ("p3", "p1"):
        ligne[cle].get_by_role("button", name="Monter").press("Enter")
    ligne["p1"].get_by_role("button", name="Monter").press("Enter")
    expect(page.locator("#es-annonces")).to_have_text("Bancs de la place : place 1 sur 2")
    assert [page.locator(f"#id_{cle}").input_value() for cle in ("p1", "p2", "p3")] == ["1", "", "2"]
    page.locator("#id_p2").fill("3")
    voisin.appuie("Relire mon vote")
    voisin.lit("place 1")
    assert violations(page) == []
    voisin.appuie("Je vote")
    voisin.lit("Votre vote est enregistré")
    assert "[('p1', 1), ('p3', 2), ('p2', 3)]" in site.executer(VOTES.format(slug="vote-classement"))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("forme", ["choix", "approbation", "points", "mentions"])
def test_chaque_facon_de_voter(site, quelqu_un, forme, javascript):
    adresse = f"voisin.{'trois' if javascript else 'deux'}@essai.example"
    voisin = quelqu_un(site, adresse, largeur=360, javascript=javascript)
    page = voisin.va(f"/votes/vote-{forme}/voter/")
    if forme == "points":
        page.locator("#id_p1").fill("6")
        if javascript:
            entend(page, "Points restants : 4 sur 10")
    elif forme == "mentions":
        page.locator("#id_p1_3").check()
    else:
        page.locator("#id_p1").check()
    if javascript:
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360 if javascript else True
    voisin.appuie("Relire mon vote")
    voisin.lit("Bancs de la place")
    voisin.appuie("Je vote")
    voisin.lit("Votre vote est enregistré")


@pytest.mark.parametrize("largeur", [360, 1280])
def test_ce_que_tout_le_monde_lit(site, quelqu_un, largeur):
    visiteur = quelqu_un(site, None, largeur=largeur)
    for suite in ("", "propositions/", "propositions/?ordre=publie", "propositions/p1/", "verifier/"):
        page = visiteur.va(f"{ADRESSE}{suite}")
        assert violations(page) == [], suite
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur, suite
        assert page.locator("h1").count() == 1
    visiteur.va("/")
    visiteur.lit("En ce moment :")
    with page.expect_download() as recu:
        page.goto(ADRESSE)
        page.get_by_role("link", name="Télécharger le règlement").click()
    assert recu.value.suggested_filename == "reglement-budget-des-rues.json"
