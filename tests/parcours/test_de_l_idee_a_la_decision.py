"""The main job end to end, with four people and their browsers: from « j'ai une idée » to a signed answer on the chronology."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

TITRE = "Des bancs à l’ombre près du lavoir"
DANS_UN_MOIS = (timezone.localdate() + timedelta(days=30)).isoformat()


def une_photo() -> bytes:
    """A picture that carries a position, as a phone's does."""
    image = Image.new("RGB", (1200, 900), (120, 160, 140))
    exif = Image.Exif()
    exif[0x010F] = "TelephoneFictif"
    exif.get_ifd(0x8825)[1] = "N"
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", exif=exif)
    return sortie.getvalue()


def s_inscrire(camille):
    """By the form, then by the link of the mail."""
    page = camille.va("/comptes/signup/")
    page.locator("main [name=email]").fill("camille@essai.example")
    page.locator("main [name=pseudonyme]").fill("Camille Exemple")
    page.locator("main [name=password1]").fill("une phrase assez longue")
    page.locator("main [name=password2]").fill("une phrase assez longue")
    page.locator("main [name=charte]").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/confirm-email/"))
    lire_le_courriel(camille, "camille@essai.example", "confirm-email")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/mon-espace/"))


def lire_le_courriel(personne, destinataire, contient=""):
    """Open the newest mail to somebody; follow its link that contains these words, if any are given."""
    page = personne.va(f"/courriels/?destinataire={destinataire}")
    page.locator("main a[href^='/courriels/']").first.click()
    if contient:
        page.locator(f"main a[href*='{contient}']").first.click()
    return page


def courriels_de(personne, destinataire) -> str:
    page = personne.va(f"/courriels/?destinataire={destinataire}")
    return page.locator("main").inner_text()


def signer(elue):
    """From the dossier: she reads, says that she has read, and signs."""
    elue.page.locator("main a[href*='/signer/']").first.click()
    elue.page.locator("main [name=confirmee]").check()
    elue.appuie("Signer la réponse")


@pytest.fixture(scope="module")
def numero():
    """The idea of the story, once proposed."""
    return {}


def test_1_camille_s_inscrit_et_propose_avec_un_lieu_et_une_photo(site, quelqu_un, numero):
    camille = quelqu_un(site, largeur=360)
    s_inscrire(camille)
    page = camille.va("/idees/proposer/")
    # Sent too early: a sentence beside the field, and what was typed stays.
    page.locator("[name=titre]").fill("Court")
    page.locator("[name=texte]").fill("Au lavoir il n’y a pas un siège, et les anciens rentrent chez eux épuisés.")
    camille.appuie("Continuer")
    camille.appuie("Continuer")
    camille.appuie("Envoyer mon idée")
    camille.lit("Choisissez le thème le plus proche.")
    assert page.locator("[name=texte]").input_value().startswith("Au lavoir")
    page.locator("[name=titre]").fill(TITRE)
    page.locator("[name=thematique]").select_option(label="Vie de quartier")
    camille.appuie("Continuer")
    page.locator("[name=commune]").select_option(label="Rezé")
    page.locator("[name=lieu_en_mots]").fill("Devant le lavoir")
    carte = page.locator("[data-es-lieu] .leaflet-container")
    carte.scroll_into_view_if_needed()
    carte.click(position={"x": 150, "y": 120})
    expect(page.locator("[name=latitude]")).to_have_value(re.compile(r"^4[67]"))
    camille.appuie("Continuer")
    page.locator("[name=photo]").set_input_files(
        {"name": "lavoir.jpg", "mimeType": "image/jpeg", "buffer": une_photo()}
    )
    page.locator("[name=alternative]").fill("Le lavoir en plein soleil, sans un seul banc")
    camille.appuie("Envoyer mon idée")
    camille.lit("Votre idée est bien reçue")
    numero["url"] = page.url.removeprefix(site.adresse)
    numero["pk"] = numero["url"].strip("/").split("/")[-1]
    photo = page.locator("main .photo-idee img").get_attribute("src")
    contenu = camille.contexte.request.get(photo).body()
    assert b"TelephoneFictif" not in contenu and Image.open(io.BytesIO(contenu)).getexif().get_ifd(0x8825) == {}
    # Nobody else sees it yet.
    assert quelqu_un(site).contexte.request.get(numero["url"]).status == 404


def test_2_une_moderatrice_la_publie(site, quelqu_un, numero):
    nadia = quelqu_un(site, "nadia.fictive@essai.example")
    nadia.va("/moderation/")
    nadia.lit("Au lavoir il n’y a pas un siège")
    nadia.appuie("Publier")
    visiteur = quelqu_un(site)
    visiteur.va(numero["url"])
    visiteur.lit("Ouverte aux soutiens")
    assert "publiée" in courriels_de(visiteur, "camille@essai.example")


def test_3_les_voisins_soutiennent_l_horloge_demarre_et_une_page_ouverte_le_voit(site, quelqu_un, numero):
    temoin = quelqu_un(site)
    temoin.va(numero["url"])
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert")
    for voisin in ("un", "deux", "trois"):
        personne = quelqu_un(site, f"voisin.{voisin}@essai.example", largeur=360)
        personne.va(numero["url"])
        personne.appuie("Je soutiens")
        personne.lit("Vous soutenez cette idée")
    # Without a reload:
    temoin.lit("a réuni 3 soutiens : la collectivité doit répondre")
    temoin.lit("Réponse dans 60 jours au plus tard")
    temoin.lit("Espaces publics")


def test_4_un_agent_instruit_et_une_elue_signe(site, quelqu_un, numero):
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va("/bureau/")
    alix.lit(TITRE)
    page = alix.va(numero["url"])
    alix.appuie("Rédiger la réponse officielle")
    page.locator("main [name=sens][value=go]").check()
    page.locator("main [name=motif]").select_option("interet_general")
    page.locator("main [name=texte]").fill("Oui : deux bancs à dossier seront posés sous les tilleuls.")
    # A go without its first step is refused beside the field; the text stays.
    page.locator("main form button[type=submit]").first.click()
    alix.lit("Un oui annonce une première étape")
    assert page.locator("main [name=texte]").input_value().startswith("Oui : deux bancs")
    page.locator("main [name=premiere_etape]").fill("Choisir les deux bancs avec les habitués")
    page.locator("main [name=premiere_etape_le]").fill(DANS_UN_MOIS)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/reponses/\d+/"))
    numero["dossier"] = page.url.removeprefix(site.adresse)
    # Secret until published.
    assert quelqu_un(site).contexte.request.get(numero["dossier"]).status == 404
    alix.appuie("Consulter les services")
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill(DANS_UN_MOIS)
    alix.appuie("Consulter les services")
    page.locator("main a[href*='/reponses/avis/']").first.click()
    page.locator("main [name=texte]").fill("Favorable : les réseaux ne gênent pas.")
    page.locator("main form button[type=submit]").first.click()
    alix.va(numero["dossier"])
    alix.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    alix.appuie("Envoyer à la signature")
    elue = quelqu_un(site, "elue.fictive@essai.example")
    elue.va("/bureau/signatures/")
    elue.lit(TITRE)
    elue.va(numero["dossier"])
    elue.lit("Favorable : les réseaux ne gênent pas.")
    signer(elue)
    elue.va(numero["dossier"])
    elue.lit("Signée")


def test_5_la_publication_se_voit_sans_recharger(site, quelqu_un, numero):
    temoin, suiveur = quelqu_un(site), quelqu_un(site, largeur=360)
    temoin.va("/chronologie/")
    suiveur.va(numero["url"])
    for personne, morceau in ((temoin, "#frise-vivante"), (suiveur, "#suivi")):
        expect(personne.page.locator(morceau)).to_have_attribute("data-es-flux-etat", "ouvert")
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va(numero["dossier"])
    alix.appuie("Publier la réponse")
    alix.appuie("Publier la réponse")
    temoin.lit("est retenue")
    suiveur.lit("Oui : deux bancs à dossier seront posés sous les tilleuls.")
    suiveur.lit("Vice-présidente fictive")
    for destinataire in ("camille", "voisin.un", "voisin.deux", "voisin.trois"):
        assert "réponse" in courriels_de(temoin, f"{destinataire}@essai.example").lower()


def test_6_un_projet_s_ouvre_et_garde_l_idee_et_ses_soutiens(site, quelqu_un, numero):
    temoin = quelqu_un(site)
    temoin.va("/chronologie/")
    expect(temoin.page.locator("#frise-vivante")).to_have_attribute("data-es-flux-etat", "ouvert")
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va(numero["url"])
    alix.appuie("Ouvrir un projet à partir de cette idée")
    # Without its frame, no projet: each missing piece says so, the title stays.
    alix.appuie("Ouvrir et annoncer le projet")
    expect(page.locator("main [name=perimetre]")).to_have_attribute("aria-invalid", "true")
    for champ in ("perimetre", "non_negociable", "decideur", "calendrier", "modalite_reponse"):
        page.locator(f"main [name={champ}]").fill(f"Le cadre, partie {champ}.")
    page.locator("main [name=niveau]").select_option("concertation")
    alix.appuie("Ouvrir et annoncer le projet")
    expect(page).to_have_url(re.compile("/projets/"))
    numero["projet"] = page.url.removeprefix(site.adresse)
    temoin.lit("Un projet s’ouvre à partir de l’idée")
    visiteur = quelqu_un(site, largeur=360)
    visiteur.va(numero["projet"])
    visiteur.lit(TITRE)
    visiteur.lit("Le cadre, partie perimetre.")
    assert "projet" in courriels_de(temoin, "voisin.deux@essai.example").lower()


def test_7_une_reponse_signee_ne_se_change_plus_par_aucune_porte(site, quelqu_un, numero):
    pk = numero["dossier"].strip("/").split("/")[-1]
    alix = quelqu_un(site, "alix.agent@essai.example")
    assert alix.contexte.request.get(f"/reponses/{pk}/modifier/").status == 409
    page = alix.va(numero["url"])
    jeton = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    entetes = {"X-CSRFToken": jeton, "Referer": site.adresse}
    for methode in ("put", "patch", "delete"):
        reponse = getattr(alix.contexte.request, methode)(
            f"/api/v1/reponses/{pk}/", data={"texte": "Autre chose"}, headers=entetes
        )
        assert reponse.status == 405
    ada = quelqu_un(site, "ada.admin@essai.example")
    page = ada.va(f"/administration/reponses/reponse/{pk}/change/")
    assert page.locator("[name=texte]").count() == 0 and page.locator("[name=_save]").count() == 0
    issue = site.executer(f"""
from django.db import connection, DatabaseError
from reponses.models import Reponse
from timeline.models import RegistreScelle
r = Reponse.objects.get(pk={pk})
r.texte = "Autre chose"
for geste in (r.save, r.delete, lambda: Reponse.objects.filter(pk=r.pk).update(texte="x"),
              lambda: Reponse.objects.filter(pk=r.pk).delete(),
              lambda: Reponse.objects.bulk_update([r], ["texte"]),
              lambda: connection.cursor().execute("UPDATE reponses_reponse SET texte='x'")):
    try:
        geste()
        print("change")
    except (RegistreScelle, DatabaseError):
        print("refus")
""")
    assert issue.split() == ["refus"] * 6
    site.gerer("verifier_journal")


def test_8_un_non_porte_sa_raison_et_une_autre_voie(site, quelqu_un, numero):
    site.executer("""
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
idee = Idee.objects.create(
    boite=Boite.objects.get(), titre="Un parking gratuit sous la place", texte="Creusons un parking.",
    thematique=Thematique.objects.get(), auteur=qui("Voisin Un"),
)
franchir(idee.soumettre, par=qui("Voisin Un"))
franchir(idee.publier, par=qui("Nadia Fictive"))
franchir(idee.prendre, par=qui("Alix Agent"), service=idee.boite.service)
""")
    alix = quelqu_un(site, "alix.agent@essai.example", javascript=False)
    page = alix.va("/bureau/")
    page.locator("main article, main li, main tr").filter(has_text="Un parking gratuit").get_by_role(
        "link", name=re.compile("réponse")
    ).first.click()
    page.locator("main [name=sens][value=no_go]").check()
    page.locator("main [name=motif]").select_option("cout")
    page.locator("main [name=texte]").fill("Non : ce parking coûterait plus que tous les arbres de la ville.")
    page.locator("main form button[type=submit]").first.click()
    alix.lit("Un non propose autre chose")
    page.locator("main [name=alternative]").fill("Le parc relais est gratuit avec un ticket.")
    page.locator("main form button[type=submit]").first.click()
    dossier = page.url.removeprefix(site.adresse)
    alix.appuie("Consulter les services")
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill(DANS_UN_MOIS)
    alix.appuie("Consulter les services")
    page.locator("main a[href*='/reponses/avis/']").first.click()
    page.locator("main [name=texte]").fill("Défavorable.")
    page.locator("main form button[type=submit]").first.click()
    alix.va(dossier)
    alix.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    alix.appuie("Envoyer à la signature")
    elue = quelqu_un(site, "elue.fictive@essai.example", javascript=False, largeur=360)
    elue.va(dossier)
    signer(elue)
    alix.va(dossier)
    alix.appuie("Publier la réponse")
    alix.appuie("Publier la réponse")
    visiteur = quelqu_un(site, javascript=False)
    visiteur.va("/reponses/")
    visiteur.lit("Un parking gratuit sous la place")
    visiteur.va(dossier)
    for mots in ("Trop cher par rapport au service rendu", "Le parc relais est gratuit avec un ticket."):
        visiteur.lit(mots)
    site.gerer("verifier_journal")
