"""Somebody has an idea that somebody else already had: she sees it while she writes, and supports it instead."""

import re

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

PUBLIEE = """
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from socle.permissions import SYSTEME
from timeline.etapes import franchir
boite = Boite.objects.get(slug="permanente")
boite.moderation = "apres"
boite.save()
idee = Idee.objects.create(
    boite=boite, titre="Des bancs à l’ombre", thematique=Thematique.objects.get(),
    texte="Sur la place du marché, on ne peut s’asseoir nulle part quand il fait chaud.",
    auteur=Utilisateur.objects.get(pseudonyme="Voisin Un"),
)
franchir(idee.soumettre, par=idee.auteur)
print(idee.pk)
"""
TITRE = "Mettre un banc ombragé place du marché"
TEXTE = "Il fait trop chaud l’été : où s’asseoir ?"
ECRIRE = "/idees/boites/permanente/proposer/"


@pytest.fixture(scope="module")
def banc(site):
    return int(site.executer(PUBLIEE))


def soutiens(site) -> list[str]:
    lus = site.executer(
        "from idees.models import Soutien\nprint(*[s.personne.pseudonyme for s in Soutien.objects.all()], sep='|')"
    )
    return [nom for nom in lus.strip().split("|") if nom]


@pytest.mark.parametrize("largeur", [360, 1280])
def test_1_elle_ecrit_et_voit_l_idee_proche_sans_que_rien_ne_saute(site, quelqu_un, banc, largeur):
    personne = quelqu_un(site, "voisin.deux@essai.example", largeur=largeur)
    page = personne.va(ECRIRE)
    titre, texte = page.locator("[name=titre]"), page.locator("[name=texte]")
    titre.click()
    place = titre.bounding_box()
    page.keyboard.type(TITRE, delay=10)
    expect(page.locator("#semblables-compte")).to_contain_text("Une idée proche existe déjà")
    expect(page.locator(f"#semblable-{banc}")).to_contain_text("Des bancs à l’ombre")
    assert titre.bounding_box() == place
    expect(titre).to_be_focused()
    texte.click()
    place = texte.bounding_box()
    page.keyboard.type(TEXTE, delay=5)
    expect(page.locator(f"#semblable-{banc} mark").first).to_be_visible()
    assert texte.bounding_box() == place
    assert violations(page) == []
    # Enter in the title goes on to the next step of a phone, or sends the form; it never gives a support.
    titre.press("Enter")
    if largeur == 360:
        expect(page.locator("[data-es-etape-titre]:visible")).to_contain_text("Étape 2 sur 3")
    else:
        expect(page.locator("main")).to_contain_text("Choisissez le thème le plus proche.")
    assert soutiens(site) == []


def test_2_elle_la_soutient_et_choisit_ce_que_devient_son_texte(site, quelqu_un, banc):
    personne = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    page = personne.va(ECRIRE)
    page.locator("[name=titre]").press_sequentially(TITRE, delay=10)
    page.locator("[name=texte]").fill(TEXTE)
    page.locator(f"#semblable-{banc}").get_by_role("button", name=re.compile("la soutiens")).click()
    personne.lit("Merci ! Vous soutenez cette idée")
    personne.lit(TITRE)
    assert violations(page) == []
    personne.appuie("L’effacer")
    personne.lit("Vous soutenez cette idée")
    assert soutiens(site) == ["Voisin Deux"]


def test_3_sans_compte_elle_passe_par_la_porte_puis_soutient(site, quelqu_un, banc):
    personne = quelqu_un(site)
    page = personne.va(f"/idees/semblables/?titre={TITRE}")
    personne.lit("Des bancs à l’ombre")
    assert violations(page) == []
    page.locator(f"#semblable-{banc}").get_by_role("button", name=re.compile("la soutiens")).click()
    page.locator("main [name=login]").fill("voisin.trois@essai.example")
    page.locator("main [name=password]").fill("une phrase assez longue")
    page.locator("main form button[type=submit]").first.click()
    personne.lit("Soutenir cette idée")
    personne.appuie("Je soutiens")
    personne.lit("Merci ! Vous soutenez cette idée")
    assert soutiens(site) == ["Voisin Deux", "Voisin Trois"]


def test_4_sans_javascript_elle_regarde_avant_d_envoyer_puis_complete(site, quelqu_un, banc):
    personne = quelqu_un(site, "alix.agent@essai.example", javascript=False)
    page = personne.va(ECRIRE)
    page.locator("[name=titre]").fill(TITRE)
    page.locator("[name=texte]").fill(TEXTE)
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    personne.appuie("Envoyer mon idée")
    personne.lit("Avant d’envoyer, regardez")
    page.locator(f"#semblable-{banc}").get_by_role("button", name=re.compile("Je complète")).click()
    expect(page).to_have_url(re.compile(rf"/idees/{banc}/#commentaires-ecrire$"))
    assert page.locator("#commentaires-ecrire [name=texte]").input_value() == f"{TITRE}\n\n{TEXTE}"
    personne.appuie("Publier mon commentaire")
    personne.lit("Votre commentaire est publié.")


def test_5_sans_javascript_elle_peut_envoyer_quand_meme(site, quelqu_un, banc):
    personne = quelqu_un(site, "nadia.fictive@essai.example", javascript=False, largeur=360)
    page = personne.va(ECRIRE)
    page.locator("[name=titre]").fill(TITRE)
    page.locator("[name=texte]").fill(TEXTE)
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    personne.appuie("Envoyer mon idée")
    personne.appuie("Envoyer quand même")
    personne.lit("Votre idée est publiée")
    personne.lit(TITRE)
