"""Two members write, sign and send an idea together; then a working group follows it step by step. On a phone and on a desk."""

import os

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

UN, DEUX, TROIS = (f"voisin.{n}@essai.example" for n in ("un", "deux", "trois"))
MODERATRICE, AGENT = "nadia.fictive@essai.example", "alix.agent@essai.example"
UNE_COMMUNAUTE = """
from comptes.models import Utilisateur
from communautes import actions
from timeline.etapes import franchir
un, deux = (Utilisateur.objects.get(email=f"voisin.{n}@essai.example") for n in ("un", "deux"))
agent = Utilisateur.objects.get(email="alix.agent@essai.example")
communaute = actions.fonder(
    par=un, nom="Les lavandières fictives", resume="On se retrouve au lavoir inventé.", description="Pour de faux.",
    charte="On s’écoute.", acces="sur_demande",
)
franchir(communaute.ouvrir, par=agent, referente=agent)
franchir(actions.rejoindre(communaute, par=deux).accueillir, par=un)
print(communaute.slug)
"""
PRENDRE = """
from comptes.models import Utilisateur
from idees.models import Idee
from timeline.etapes import franchir
idee = Idee.objects.get()
franchir(idee.prendre, par=Utilisateur.objects.get(email="alix.agent@essai.example"), service=idee.boite.service)
"""
LARGEURS = (360, 1280)


@pytest.fixture(scope="module")
def slug(site) -> str:
    return site.executer(UNE_COMMUNAUTE).split()[-1]


def sans_faute(personne, nom=""):
    """Clean at both widths; the pictures are kept where `IMAGES` says, for eyes."""
    for largeur in LARGEURS:
        personne.page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(personne.page) == []
        assert not personne.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if nom and (dossier := os.environ.get("IMAGES")):
            personne.page.screenshot(path=f"{dossier}/{nom}_{largeur}.png", full_page=True)


def test_1_deux_membres_ecrivent_et_signent(site, quelqu_un, slug):
    un = quelqu_un(site, UN)
    un.va(f"/communautes/{slug}/ecrits/")
    un.lit("Aucun texte n’est encore ouvert")
    sans_faute(un, "vide")
    un.appuie("Commencer un texte")
    un.appuie("Ouvrir ce texte")
    un.lit("Donnez un titre à votre idée.")
    sans_faute(un, "erreurs")
    un.page.locator("main [name=titre]").fill("Des bancs au lavoir")
    un.page.locator("main [name=texte]").fill("Des bancs à l’ombre du lavoir, pour souffler un peu.")
    un.appuie("Ouvrir ce texte")
    un.lit("Le texte est ouvert")
    sans_faute(un, "ebauche")
    un.appuie("Écrire dans ce texte")

    # Somebody else writes meanwhile, without JavaScript, on a phone.
    deux = quelqu_un(site, DEUX, largeur=360, javascript=False)
    deux.va(f"/communautes/{slug}/ecrits/")
    deux.appuie("Des bancs au lavoir")
    deux.appuie("Écrire dans ce texte")
    deux.page.locator("main [name=texte]").fill("Des bancs et une fontaine à l’ombre du lavoir, pour souffler un peu.")
    deux.page.locator("main [name=resume]").fill("La fontaine")
    deux.appuie("Enregistrer une version")
    deux.lit("La version 2 est enregistrée.")

    un.page.locator("main [name=texte]").fill("Des bancs à l’ombre du lavoir, et un abri, pour souffler un peu.")
    un.appuie("Enregistrer une version")
    un.lit("Quelqu’un a enregistré un autre texte pendant que vous écriviez.")
    expect(un.page.locator("main del").first).to_contain_text("fontaine")
    sans_faute(un, "conflit")
    un.page.locator("main [name=texte]").fill("Des bancs, une fontaine et un abri au lavoir, pour souffler un peu.")
    un.page.locator("main [name=signer]").check()
    un.appuie("Enregistrer une version")
    un.lit("La version 3 est enregistrée, et vous l’avez signée.")

    un.appuie("Toutes les versions")
    un.page.locator("main [name=de]").select_option("1")
    un.appuie("Comparer")
    un.lit("De la version 1 à la version 3")
    sans_faute(un, "versions")
    un.appuie("Version 2")
    un.lit("La fontaine")
    sans_faute(un, "version")

    deux.va(f"/communautes/{slug}/ecrits/")
    deux.appuie("Des bancs au lavoir")
    deux.lit("a signé la version 3")
    deux.appuie("Signer la version 3")
    deux.lit("Votre nom est sur ce texte.")


def test_2_elles_le_deposent_ensemble_et_les_deux_noms_sont_sur_l_idee(site, quelqu_un, slug):
    deux = quelqu_un(site, DEUX)
    deux.va(f"/communautes/{slug}/ecrits/")
    sans_faute(deux, "liste")
    deux.appuie("Des bancs au lavoir")
    deux.appuie("Déposer dans une boîte")
    deux.lit("Les noms sur l’idée")
    sans_faute(deux, "deposer")
    deux.page.locator("main [name=thematique]").select_option(label="Vie de quartier")
    deux.appuie("Déposer ensemble")
    deux.lit("Votre idée est bien reçue.")
    deux.lit("Voisin Deux, avec Voisin Un")

    moderatrice = quelqu_un(site, MODERATRICE)
    moderatrice.va("/moderation/")
    moderatrice.appuie("Publier")

    visiteur = quelqu_un(site, largeur=360)
    visiteur.va("/idees/")
    visiteur.appuie("Des bancs au lavoir")
    visiteur.lit("Voisin Deux, avec Voisin Un")
    visiteur.lit("Écrite à plusieurs dans la communauté Les lavandières fictives")
    sans_faute(visiteur, "idee")

    un = quelqu_un(site, UN)
    un.va(f"/communautes/{slug}/ecrits/")
    un.appuie("Des bancs au lavoir")
    un.lit("Ce texte est devenu une idée")
    un.lit("Ouverte aux soutiens")
    sans_faute(un, "deposee")

    # Somebody who is not in reads that the place exists, and nothing of what is written there.
    trois = quelqu_un(site, TROIS)
    assert trois.page.goto(f"/communautes/{slug}/ecrits/").status == 403


def test_3_un_groupe_de_travail_s_ouvre_sur_l_idee(site, quelqu_un, slug):
    site.executer(PRENDRE)
    agent = quelqu_un(site, AGENT)
    agent.va("/idees/")
    agent.appuie("Des bancs au lavoir")
    agent.appuie("Fonder un groupe de travail")
    sans_faute(agent, "fonder")
    agent.page.locator("main [name=animatrice]").select_option(label="Voisin Deux")
    agent.page.locator("main [name=experte]").fill("Voisin Trois")
    agent.appuie("Ouvrir le groupe")
    agent.lit("Le groupe de travail est ouvert.")
    agent.appuie("Le projet pas à pas")
    agent.lit("La réponse de la collectivité")
    agent.lit("s’ouvre autour de l’idée")
    sans_faute(agent, "pas_a_pas")

    visiteur = quelqu_un(site, largeur=360)
    visiteur.va("/idees/")
    visiteur.appuie("Des bancs au lavoir")
    visiteur.appuie("Rejoindre le groupe")
    visiteur.lit("Ce groupe travaille sur l’idée")
    sans_faute(visiteur, "groupe")
    visiteur.appuie("Le projet pas à pas")
    visiteur.lit("pour souffler un peu")
    sans_faute(visiteur, "pas_a_pas_visiteur")
