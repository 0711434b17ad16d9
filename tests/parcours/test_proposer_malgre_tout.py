"""Proposing on a telephone, whatever goes wrong on the way: nothing typed is lost, and one idea comes of it."""

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.parcours.conftest import MOT_DE_PASSE, attendre_que, violations

FORMULAIRE = "/idees/boites/permanente/proposer/"
TITRE = "Des bancs à l’ombre près du lavoir"
TEXTE = "Au lavoir il n’y a pas un siège, et les anciens rentrent chez eux épuisés."
COPIES = "Object.keys(localStorage).filter((cle) => cle.startsWith('es-brouillon:')).length"
CE_QUI_EST = """
import json
from idees.models import Idee
print(json.dumps([
    {"titre": i.titre, "texte": i.texte, "etat": i.etat, "lieu": i.latitude is not None, "par": i.auteur and i.auteur.pseudonyme,
     "photos": [p.alternative for p in i.photos.all()]} for i in Idee.objects.order_by("pk")
]))
"""
SANS_SESSION = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"


def photo(nom="lavoir.jpg") -> dict:
    sortie = io.BytesIO()
    Image.new("RGB", (800, 600), (120, 160, 140)).save(sortie, "JPEG")
    return {"name": nom, "mimeType": "image/jpeg", "buffer": sortie.getvalue()}


def idees(site) -> list[dict]:
    return json.loads(site.executer(CE_QUI_EST))


def se_reconnecter(personne, adresse):
    """From the page where one is, which leads back to the idea."""
    personne.appuie("Se connecter")
    page = personne.page
    page.locator("main [name=login]").fill(adresse)
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/idees/\d+/modifier/"))


@pytest.fixture(autouse=True)
def _page_blanche(site):
    yield
    site.executer("from idees.models import Idee; Idee.objects.filter(etat='brouillon').delete()")


def test_le_reseau_coupe_puis_la_session_perdue_rien_n_est_perdu(site, quelqu_un):
    camille = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    page = camille.va(FORMULAIRE)
    etat = page.locator("[data-es-brouillon-etat]")
    page.locator("[name=titre]").fill(TITRE)
    expect(etat).to_contain_text("Enregistré à")
    assert [(i["titre"], i["etat"]) for i in idees(site)] == [(TITRE, "brouillon")]

    # In the tramway, under the bridge.
    camille.contexte.set_offline(True)
    page.locator("[name=texte]").fill(TEXTE)
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    expect(etat).to_have_text("Pas de réseau : gardé sur cet appareil")
    camille.appuie("Continuer")
    camille.appuie("Continuer")
    camille.appuie("Envoyer mon idée")
    expect(page.locator("[name=texte]")).to_have_value(TEXTE)
    expect(etat).to_have_text("Pas de réseau : gardé sur cet appareil")
    assert violations(page) == []
    # The browser is closed, and opened again elsewhere. What it says of the bridge (the map) is no complaint.
    camille.plaintes.clear()
    page.close()
    camille.contexte.set_offline(False)
    camille.page = page = camille.contexte.new_page()
    page.on("console", camille._noter)
    camille.va(FORMULAIRE)
    camille.lit("Reprendre ce que vous aviez écrit ?")
    camille.lit(TITRE)
    assert violations(page) == []
    camille.appuie("Reprendre")
    expect(page.locator("[name=texte]")).to_have_value(TEXTE)
    expect(page.locator("[data-es-brouillon-etat]")).to_contain_text("Enregistré à")

    # The place by its name, then the session ends on the server; the photo was not sent yet.
    camille.appuie("Continuer")
    page.locator("[name=lieu_en_mots]").press_sequentially("rez")
    expect(page.locator("datalist option")).to_have_count(1)
    page.locator("[name=lieu_en_mots]").fill("Rezé")
    camille.lit("Le point est placé.")
    expect(page.locator("[name=latitude]")).to_have_value(re.compile(r"^47"))
    camille.appuie("Continuer")
    site.executer(SANS_SESSION)
    page.locator("[name=photo]").set_input_files([photo()])
    page.locator("[name=alternative]").fill("Le lavoir en plein soleil")
    expect(page.locator("[data-es-brouillon-etat]")).to_contain_text("Vous n’êtes plus connecté")
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est gardée")
    assert violations(page) == []
    se_reconnecter(camille, "voisin.un@essai.example")
    expect(page.locator("[name=titre]")).to_have_value(TITRE)
    expect(page.locator("[name=texte]")).to_have_value(TEXTE)
    expect(page.locator("[name=latitude]")).to_have_value(re.compile(r"^47"))
    camille.appuie("Continuer")
    camille.appuie("Continuer")
    expect(page.locator(".photo--gardee img")).to_be_visible()
    assert page.locator(".photo--gardee img").evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est bien reçue")
    assert idees(site) == [
        {
            "titre": TITRE,
            "texte": TEXTE,
            "etat": "a_moderer",
            "lieu": True,
            "par": "Voisin Un",
            "photos": ["Le lavoir en plein soleil"],
        }
    ]
    attendre_que(page, f"{COPIES} === 0")  # the page forgets them once it has loaded
    # The form of before, found again in the history: its idea is the answer.
    camille.va(FORMULAIRE)
    expect(page.locator("[data-es-brouillon-reprise]")).to_be_hidden()


def test_une_erreur_ouvre_son_etape_et_le_clavier_suffit(site, quelqu_un):
    camille = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    page = camille.va(FORMULAIRE)
    page.locator("[name=titre]").fill(TITRE)
    page.locator("[name=titre]").press("Enter")  # on to the next step, not sent
    expect(page.locator("[data-es-etape-titre]:visible")).to_contain_text("Étape 2 sur 3")
    assert page.evaluate("document.activeElement.matches('[data-es-etape-titre]')")
    camille.appuie("Revenir")
    page.locator("[name=texte]").fill(TEXTE)
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    camille.appuie("Continuer")
    assert violations(page) == []
    camille.appuie("Continuer")
    page.locator("[name=photo]").set_input_files([photo("a.jpg"), photo("b.jpg")])
    expect(page.locator("[name=alternative]")).to_be_hidden()
    camille.lit("Vous direz ce que montre chaque photo")
    camille.appuie("Envoyer mon idée")
    # The only fault is in the third step: it is the one that is open, and the summary leads there.
    camille.lit("Dites en quelques mots ce que montre la photo.")
    expect(page.locator("[data-es-etape-titre]:visible")).to_contain_text("Étape 3 sur 3")
    assert page.evaluate("document.activeElement.matches('[data-es-resume-erreurs]')")
    assert violations(page) == []
    camille.appuie("Revenir")
    page.locator("[data-es-resume-erreurs] a").last.press("Enter")
    expect(page.locator("[name^=alternative_]").last).to_be_focused()
    page.locator("[name^=alternative_]").first.fill("Le lavoir")
    page.locator("[name^=alternative_]").last.fill("La place vide")
    page.get_by_role("button", name="Mettre avant la photo 2").click()
    expect(page.locator("[name^=alternative_]").first).to_have_value("La place vide")
    expect(page.locator("[data-es-etape-titre]:visible")).to_contain_text("Étape 3 sur 3")
    page.get_by_role("button", name="Enlever la photo 2").click()
    expect(page.locator(".photo--gardee")).to_have_count(1)
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est bien reçue")
    assert idees(site)[-1]["photos"] == ["La place vide"]


def test_un_autre_compte_du_meme_navigateur_ne_lit_pas_la_copie(site, quelqu_un):
    camille = quelqu_un(site, "voisin.un@essai.example")
    page = camille.va(FORMULAIRE)
    camille.contexte.set_offline(True)
    page.locator("[name=titre]").fill("Le secret de Camille")
    expect(page.locator("[data-es-brouillon-etat]")).to_contain_text("gardé sur cet appareil")
    camille.contexte.set_offline(False)
    camille.plaintes.clear()  # what it says of the cut
    page.close()
    camille.page = page = camille.contexte.new_page()
    page.on("console", camille._noter)
    camille.contexte.clear_cookies()  # signed out
    for adresse in ("", "voisin.deux@essai.example"):
        if adresse:
            camille.se_connecte(adresse)
        camille.va(FORMULAIRE)
        expect(page.locator("[name=titre]")).to_have_value("")
        expect(page.locator("[data-es-brouillon-reprise]")).to_be_hidden()
        assert "Le secret" not in page.content()
    camille.contexte.clear_cookies()
    camille.se_connecte("voisin.un@essai.example").va(FORMULAIRE)
    camille.lit("Le secret de Camille")
    camille.appuie("Effacer cette copie")
    assert page.evaluate(COPIES) == 0


def test_sans_javascript_tout_marche_aussi(site, quelqu_un):
    camille = quelqu_un(site, largeur=360, javascript=False)
    page = camille.va(FORMULAIRE)
    page.locator("[name=titre]").fill(TITRE)
    page.locator("[name=texte]").fill("Court.")
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    page.locator("[name=lieu_en_mots]").fill("reze")
    page.locator("[name=photo]").set_input_files([photo("a.jpg"), {**photo("b.txt"), "buffer": b"rien"}])
    camille.appuie("Envoyer mon idée")
    camille.lit("Dites-en un peu plus")
    camille.lit("« b.txt » n’est pas gardée.")
    expect(page.locator(".photo--gardee")).to_have_count(1)
    page.locator("[name=texte]").fill(TEXTE)
    page.locator("[name^=alternative_]").fill("Le lavoir")
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est gardée")
    se_reconnecter(camille, "voisin.trois@essai.example")
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est bien reçue")
    envoyee = idees(site)[-1]
    assert (envoyee["par"], envoyee["lieu"], envoyee["photos"]) == ("Voisin Trois", True, ["Le lavoir"])
