"""An idea supported, corrected and written by two people, as their browsers show it, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations
from tests.parcours.test_de_l_idee_a_la_decision import lire_le_courriel

AUTRICE, AMIE, SOUTIEN = (f"voisin.{n}@essai.example" for n in ("un", "deux", "trois"))
UNE_IDEE_SOUTENUE = """
from comptes.models import Utilisateur
from idees.actions import soutenir
from idees.models import Boite, Idee
from projets.models import Thematique
from socle.permissions import SYSTEME
from timeline.etapes import franchir
un, trois = (Utilisateur.objects.get(email=f"voisin.{n}@essai.example") for n in ("un", "trois"))
boite = Boite.objects.get()
boite.moderation = "apres"
boite.save()
idee = Idee.objects.create(
    boite=boite, auteur=un, titre="Des bancs au lavoir", texte="Des bancs à l’ombre du lavoir, pour souffler.",
    thematique=Thematique.objects.get(),
)
franchir(idee.soumettre, par=un)
idee.refresh_from_db()
soutenir(idee, par=trois)
print(idee.pk)
"""


@pytest.fixture(scope="module")
def idee(site) -> str:
    return site.executer(UNE_IDEE_SOUTENUE).split()[-1]


def sans_faute(personne):
    assert violations(personne.page) == []
    assert not personne.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_1_l_autrice_corrige_et_le_soutien_lit_ce_qui_change(site, quelqu_un, idee):
    autrice = quelqu_un(site, AUTRICE, largeur=360, javascript=False)
    autrice.va(f"/idees/{idee}/")
    autrice.appuie("Modifier mon idée")
    autrice.page.locator("main [name=texte]").fill("Des bancs et une fontaine à l’ombre du lavoir, pour souffler.")
    autrice.appuie("Enregistrer")
    autrice.lit("Les personnes qui soutiennent ou suivent l’idée sont prévenues.")
    autrice.lit("modifiée le")

    soutien = quelqu_un(site, SOUTIEN)
    lire_le_courriel(soutien, SOUTIEN, f"/idees/{idee}/versions/2/")
    soutien.lit("et une fontaine")
    expect(soutien.page.locator("main ins")).to_contain_text("et une fontaine")
    soutien.lit("enlevez votre soutien")
    for largeur in (360, 1280):
        soutien.page.set_viewport_size({"width": largeur, "height": 800})
        sans_faute(soutien)
    soutien.page.emulate_media(color_scheme="dark")
    sans_faute(soutien)


@pytest.mark.parametrize("largeur", [360, 1280])
def test_2_les_pages_de_l_equipe_sont_sans_faute(site, quelqu_un, idee, largeur):
    autrice = quelqu_un(site, AUTRICE, largeur=largeur)
    for chemin in ("", "corriger/", "versions/", "versions/1/", "equipe/"):
        autrice.va(f"/idees/{idee}/{chemin}")
        sans_faute(autrice)


def test_3_l_autrice_invite_et_son_amie_accepte_puis_part(site, quelqu_un, idee):
    autrice = quelqu_un(site, AUTRICE)
    autrice.va(f"/idees/{idee}/")
    autrice.appuie("Écrire à plusieurs")
    autrice.page.locator("main [name=qui]").fill("Voisin Deux")
    autrice.appuie("Envoyer l’invitation")
    autrice.lit("L’invitation est envoyée.")

    amie = quelqu_un(site, largeur=360)
    lire_le_courriel(amie, AMIE, "/idees/invitations/")
    amie.lit("Voisin Un vous propose d’être co-auteur")
    sans_faute(amie)
    amie.appuie("Se connecter")
    amie.page.locator("main [name=login]").fill(AMIE)
    amie.page.locator("main [name=password]").fill("une phrase assez longue")
    amie.page.locator("main form button[type=submit]").first.click()
    sans_faute(amie)
    amie.appuie("Accepter l’invitation")
    amie.lit("Voisin Un, avec Voisin Deux")
    amie.appuie("Écrire à plusieurs")
    amie.appuie("Quitter cette idée")
    amie.appuie("Quitter cette idée")
    amie.va(f"/idees/{idee}/")
    expect(amie.page.locator("main")).not_to_contain_text("avec Voisin Deux")
