"""A vote that is over: an agent compares two rules before, counts after, proclaims; before that nobody reads a figure, then
everybody does, and a loser's page says why. One elected option becomes a projet."""

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

PREPARER = """
from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin, voter_pour
agent = PersonneFabrique(email="agent@exemple.test", roles=["agent"], verifiee=True)
scrutin("brouillon", agent=agent, titre="Vote à venir")
ouvert = scrutin("ouvert", agent=agent, titre="Vote de la place")
for cles in (("p1", "p2"), ("p2",), ("p2", "p3"), ("p3",), ()):
    voter_pour(ouvert, *cles)
amener(ouvert, "clos", agent=agent)
"""


@pytest.fixture(scope="module", autouse=True)
def _votes(site):
    site.executer(PREPARER)


def test_simuler_compter_proclamer(site, quelqu_un):
    agent = quelqu_un(site, "agent@exemple.test")
    visiteuse = quelqu_un(site, None, largeur=360)

    # Before a vote: two rules, side by side, on imagined ballots.
    page = agent.va("/bureau/votes/vote-1/simuler/")
    assert violations(page) == []
    page.get_by_label("Budget : parts égales (Method of Equal Shares)").check()
    page.get_by_role("button", name="Lancer la simulation").click()
    expect(page.locator("#suivi-comptage")).to_contain_text("Terminé", timeout=90_000)
    expect(page.locator(".comparaison > section")).to_have_count(2)
    assert violations(page) == []

    # After it: nobody reads anything, the team included.
    lue = visiteuse.va("/votes/vote-2/resultats/")
    expect(lue.locator("main")).to_contain_text("personne ne les voit, pas même l’équipe")
    page = agent.va("/bureau/votes/vote-2/comptage/")
    assert violations(page) == []
    page.get_by_role("button", name="Compter les bulletins").click()
    expect(page.locator("#suivi-comptage")).to_contain_text("Le résultat est scellé", timeout=90_000)
    expect(page.locator("main")).not_to_contain_text("Fontaine")
    expect(visiteuse.va("/votes/vote-2/resultats/").locator("main")).not_to_contain_text("Fontaine")

    page.get_by_role("link", name="Proclamer les résultats").or_(
        page.get_by_role("button", name="Proclamer les résultats")
    ).first.click()
    if page.get_by_role("button", name="Proclamer les résultats").count():
        page.get_by_role("button", name="Proclamer les résultats").first.click()

    # Everybody, on a telephone: what is elected, and why the rest is not.
    lue = visiteuse.va("/votes/vote-2/resultats/")
    expect(lue.get_by_role("row", name="Fontaine du marché")).to_contain_text("Retenu")
    assert violations(lue) == []
    assert lue.evaluate("document.documentElement.scrollWidth") <= 360
    lue.get_by_role("link", name="Arbres de la rue").first.click()
    expect(lue.locator("h1")).to_have_text("Arbres de la rue")
    expect(lue.locator("main")).to_contain_text("il manquait 5 000")
    assert violations(lue) == []

    # What is elected goes on.
    page = agent.va("/votes/vote-2/resultats/p2/")
    page.get_by_role("link", name="Ouvrir son projet").click()
    assert violations(page) == []
    expect(page.get_by_label("Titre")).to_have_value("Fontaine du marché")


def test_un_comptage_plus_rapide_que_la_page_se_montre_fini(site, quelqu_un):
    """It ends after the page was drawn and before its websocket opens: nobody is left looking at « En cours »."""
    agent = quelqu_un(site, "agent@exemple.test")
    site.executer(
        "from django.utils import timezone\n"
        "from votes.models import Comptage, Scrutin\n"
        "Comptage.objects.create(scrutin=Scrutin.objects.get(slug='vote-1'), genre='simulation', avance_le=timezone.now(),\n"
        "    pk=900, demande={'regles': ['plus-votes'], 'passe': '', 'votantes': 5, 'choix': 2, 'graine': 1})"
    )

    def finir(route):
        site.executer("from votes import comptage\ncomptage.executer(900)")
        route.continue_()

    agent.page.route("**/flux*.js", finir)
    page = agent.va("/bureau/votes/vote-1/comptage/900/")
    expect(page.locator("#suivi-comptage")).to_contain_text("Terminé", timeout=20_000)
