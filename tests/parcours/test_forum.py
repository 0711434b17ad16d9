"""Inside a closed community: a thread that people answer, a poll, a text that two people write; outside, nothing of it."""

import io
import os
import re
from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.parcours.conftest import violations

#: A folder, to look at the pages.
GARDER = os.environ.get("ESTUAIRE_IMAGES", "")
numeros = count(1)

COMMUNAUTE = """
from communautes import actions
from comptes.models import Utilisateur
from timeline.etapes import franchir
un, deux, alix = (Utilisateur.objects.get(pseudonyme=nom) for nom in ("Voisin Un", "Voisin Deux", "Alix Agent"))
communaute = actions.fonder(par=un, nom="Le jardin du lavoir", resume="On jardine ensemble.", description="Chaque samedi.",
    charte="On s’écoute.", acces="sur_demande")
franchir(communaute.ouvrir, par=alix, referente=alix)
adhesion = actions.rejoindre(communaute, par=deux)
franchir(adhesion.accueillir, par=un)
print(communaute.slug)
"""


@pytest.fixture(scope="module")
def dedans(site):
    return f"/communautes/{site.executer(COMMUNAUTE).strip()}/"


@pytest.fixture(scope="module")
def notes():
    """What one chapter leaves to the next."""
    return {}


def saine(personne):
    if GARDER:
        largeur = personne.page.viewport_size["width"]
        personne.page.screenshot(path=Path(GARDER) / f"forum-{next(numeros):02}-{largeur}.png", full_page=True)
    assert violations(personne.page) == []
    large = personne.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert large <= 0, "nothing to push sideways"


def photo() -> dict:
    sortie = io.BytesIO()
    Image.new("RGB", (640, 400), "seagreen").save(sortie, "JPEG")
    return {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": sortie.getvalue()}


@pytest.mark.parametrize("largeur", [360, 1280])
def test_1_vide_puis_le_premier_sujet(site, quelqu_un, dedans, notes, largeur):
    elle = quelqu_un(site, "voisin.deux@essai.example", largeur=largeur)
    for section in ("forum", "sondages", "documents"):
        elle.va(f"{dedans}{section}/")
        saine(elle)
    elle.va(f"{dedans}forum/")
    if largeur == 360:
        elle.lit("Personne n’a encore ouvert de sujet")
        elle.appuie("Ouvrir le premier sujet")
    else:
        elle.appuie("Ouvrir un sujet")
    saine(elle)
    page = elle.page
    page.get_by_label("Titre").fill(f"Une rampe pour le lavoir {largeur}")
    page.get_by_label("Votre message").fill("Trois marches :\n\n- une poussette,\n- un fauteuil.")
    page.locator("[name=photo]").set_input_files(photo())
    elle.appuie("Publier mon sujet")
    elle.lit("Dites en quelques mots ce que montre la photo")
    saine(elle)
    expect(page.get_by_label("Votre message")).to_have_value("Trois marches :\n\n- une poussette,\n- un fauteuil.")
    page.locator("[name=photo]").set_input_files(photo())
    page.get_by_label("Ce que montre la photo").fill("Trois marches de pierre")
    elle.appuie("Publier mon sujet")
    elle.lit("Votre sujet est ouvert.")
    expect(page.get_by_role("img", name="Trois marches de pierre")).to_be_visible()
    assert page.locator("#sujet img").evaluate("i => i.naturalWidth") == 640
    saine(elle)
    notes["sujet"] = re.sub(r"^https?://[^/]+", "", page.url)


def test_2_repondre_citer_nommer_sous_les_yeux_de_l_autre(site, quelqu_un, dedans, notes):
    elle, alix = quelqu_un(site, "voisin.deux@essai.example"), quelqu_un(site, "alix.agent@essai.example")
    lit = elle.va(notes["sujet"])
    lit.locator("#commentaire-texte").fill("Qui viendrait mesurer les marches ?")
    elle.appuie("Publier mon commentaire")
    elle.lit("Votre commentaire est publié.")
    expect(lit.locator("#discussion")).to_have_attribute("data-es-flux-etat", "ouvert")
    page = alix.va(notes["sujet"])
    page.get_by_role("link", name="Citer : Voisin Deux").click()
    champ = page.locator("#commentaire-texte")
    champ.click()
    page.keyboard.type("Je viens avec un mètre, @vois")
    page.get_by_role("button", name="Nommer : Voisin Deux").click()
    page.get_by_label("Au nom de la collectivité").check()
    saine(alix)
    alix.appuie("Publier mon commentaire")
    alix.lit("Parole officielle")
    expect(lit.locator("#discussion .mention")).to_have_text("@Voisin Deux")
    expect(lit.locator("#discussion .citation")).to_contain_text("mesurer les marches")
    saine(elle)
    elle.va("/notifications/")
    elle.lit("commentaire")


def test_3_epingler_et_fermer_se_voient_chez_l_autre(site, quelqu_un, dedans, notes):
    elle, hote = quelqu_un(site, "voisin.deux@essai.example"), quelqu_un(site, "voisin.un@essai.example", largeur=360)
    lit = elle.va(notes["sujet"])
    for bloc in ("#sujet", "#discussion"):
        expect(lit.locator(bloc)).to_have_attribute("data-es-flux-etat", "ouvert")
    hote.va(notes["sujet"])
    hote.appuie("Épingler")
    hote.lit("Le sujet reste en tête.")
    hote.appuie("Fermer ce sujet")
    expect(hote.page).to_have_url(re.compile("/etapes/"))  # a link, then a button of the same name
    hote.appuie("Fermer ce sujet")
    hote.lit("La discussion est fermée")
    saine(hote)
    expect(lit.locator("#discussion")).to_contain_text("La discussion est fermée")
    expect(lit.locator("#sujet")).to_contain_text("Épinglé")
    saine(elle)
    hote.va(f"{dedans}forum/?q=poussette")
    hote.lit("2 sujets pour « poussette ».")
    saine(hote)


def test_4_un_sondage_au_clavier_sur_un_telephone(site, quelqu_un, dedans, notes):
    hote = quelqu_un(site, "voisin.un@essai.example")
    page = hote.va(f"{dedans}sondages/nouveau/")
    saine(hote)
    page.get_by_label("Votre question").fill("Quel jour mesurer ?")
    page.get_by_label("Les réponses possibles").fill("Mardi soir\nSamedi matin\nDimanche")
    hote.appuie("Lancer le sondage")
    hote.lit("Votre sondage est lancé.")
    assert page.locator("#resultats").count() == 0
    notes["sondage"] = re.sub(r"^https?://[^/]+", "", page.url)

    elle = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    telephone = elle.va(notes["sondage"])
    saine(elle)
    premiere = telephone.get_by_role("radio", name="Mardi soir")
    for _ in range(80):
        telephone.keyboard.press("Tab")
        if premiere.evaluate("e => e === document.activeElement"):
            break
    telephone.keyboard.press("Space")
    telephone.keyboard.press("ArrowDown")
    expect(telephone.get_by_role("radio", name="Samedi matin")).to_be_checked()
    telephone.keyboard.press("Tab")
    telephone.keyboard.press("Enter")
    elle.lit("Votre réponse est comptée.")
    expect(telephone.locator("#resultats tbody tr").nth(1)).to_contain_text("100,0 %")
    saine(elle)

    hote.va(notes["sondage"])
    hote.appuie("Terminer ce sondage")
    hote.appuie("Terminer ce sondage")
    hote.lit("1 personne a répondu.")
    saine(hote)


@pytest.mark.parametrize("largeur", [360])
def test_5_un_texte_en_deux_versions(site, quelqu_un, dedans, notes, largeur):
    elle, hote = (
        quelqu_un(site, f"voisin.{nom}@essai.example", largeur=largeur, javascript=False) for nom in ("deux", "un")
    )
    page = elle.va(f"{dedans}documents/nouveau/texte/")
    page.get_by_label("Titre").fill("Notre demande")
    page.locator("#id_texte").fill("Nous demandons une rampe en bois.")
    elle.appuie("Partager avec les membres")
    elle.lit("Nous demandons une rampe en bois.")
    notes["document"] = re.sub(r"^https?://[^/]+", "", page.url)
    for personne in (elle, hote):
        personne.va(f"{notes['document']}modifier/")
    hote.page.locator("#id_texte").fill("Nous demandons une rampe en pierre.")
    hote.page.get_by_label("Ce qui change").fill("La pierre dure plus")
    hote.appuie("Enregistrer cette version")
    hote.lit("rampe en pierre")
    page.locator("#id_texte").fill("Nous demandons une rampe en bois, avec une main courante.")
    page.get_by_label("Ce qui change").fill("La main courante")
    elle.appuie("Enregistrer cette version")
    elle.lit("Voisin Un a enregistré une autre version")
    expect(page.locator("ins").first).to_be_visible()
    expect(page.get_by_label("Ce qui change")).to_have_value("La main courante")
    page.locator("#id_texte").fill("Nous demandons une rampe en pierre, avec une main courante.")
    elle.appuie("Enregistrer cette version")
    elle.lit("avec une main courante")
    page.get_by_role("link", name="Version 3").click()
    expect(page.locator("ins")).to_contain_text("avec une main courante")

    lu = quelqu_un(site, "voisin.deux@essai.example")
    for adresse in (notes["document"], f"{notes['document']}versions/3/", f"{notes['document']}modifier/",
                    f"{dedans}documents/", f"{dedans}documents/nouveau/fichier/"):  # fmt: skip
        lu.va(adresse)
        saine(lu)


def test_6_dehors_on_ne_voit_rien(site, quelqu_un, dedans, notes):
    for personne in (quelqu_un(site), quelqu_un(site, "voisin.trois@essai.example", largeur=360)):
        for adresse in (notes["sujet"], notes["sondage"], notes["document"], f"{dedans}forum/"):
            reponse = personne.page.goto(adresse)
            assert reponse.status == 403
            personne.lit("réservée aux membres")
            assert "rampe" not in personne.page.content()
            saine(personne)
        personne.va(dedans)
        assert "rampe" not in personne.page.content() and personne.page.get_by_role("link", name="Forum").count() == 0
