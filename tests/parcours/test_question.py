"""One question, one answer: a member asks, neighbours support it, the clock starts, an agent prepares, the élue signs, everybody
reads; another question goes late in front of everybody. The clock of the site is moved; nothing is written in its place.
"""

import re
import shutil
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.conftest import MOT_DE_PASSE, REGLAGES, violations
from tests.parcours.test_de_l_idee_a_la_decision import signer
from tests.parcours.test_reponse_en_retard import attendre_un_courriel
from tests.site_reel import SiteReel

TITRE, TARDIVE = "Quand la piscine Nord rouvre-t-elle ?", "Qui paie l’entretien des fontaines ?"
SEUIL, DELAI = 2, 30

LA_COMMUNAUTE = """
from communautes import actions
from comptes.models import Utilisateur
from timeline.etapes import franchir
qui = {p.pseudonyme: p for p in Utilisateur.objects.all()}
communaute = actions.fonder(par=qui["Voisin Un"], nom="Les nageurs du Nord", resume="Une communauté inventée.",
    description="On nage.", charte="On s’écoute.", acces="sur_demande")
franchir(communaute.ouvrir, par=qui["Alix Agent"], referente=qui["Alix Agent"])
print(communaute.slug)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, donnees_vides):
    """With few supports to gather."""
    site = SiteReel(
        tmp_path_factory.mktemp("site"), DJANGO_SETTINGS_MODULE=REGLAGES, ESTUAIRE_QUESTIONS_SEUIL=str(SEUIL)
    )
    shutil.copytree(donnees_vides, site.donnees)
    site.demarrer()
    yield site
    site.arreter()


@pytest.fixture(scope="module")
def adresses(site):
    return {"questions": f"/communautes/{site.executer(LA_COMMUNAUTE).strip()}/questions/"}


def test_1_une_membre_pose_sa_question_a_l_elue(site, quelqu_un, adresses):
    membre = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    page = membre.va(adresses["questions"])
    membre.lit("Aucune question n’attend de réponse")
    assert violations(page) == []
    membre.appuie("Poser une question")
    membre.lit("Votre question sera publique dès son envoi")
    membre.lit(f"Quand {SEUIL} personnes la soutiennent")
    # Sent too early: one sentence beside the field, and what was typed stays.
    page.locator("main [name=texte]").fill("Elle est fermée depuis deux étés.")
    membre.appuie("Envoyer ma question")
    membre.lit("Écrivez votre question.")
    assert page.locator("main [name=texte]").input_value() == "Elle est fermée depuis deux étés."
    assert violations(page) == []
    page.locator("main [name=titre]").fill(TITRE)
    page.get_by_label(re.compile("Élue Fictive, Vice-présidente fictive")).check()
    membre.appuie("Envoyer ma question")
    expect(page).to_have_url(re.compile(r"/questions/\d+/$"))
    adresses["question"] = page.url.removeprefix(site.adresse)
    membre.lit("C’est votre question")
    membre.lit("Les nageurs du Nord")
    # Closed inside, and public outside: a stranger reads it, without JavaScript and without an account.
    visiteur = quelqu_un(site, javascript=False, largeur=360)
    visiteur.va(adresses["question"])
    visiteur.lit(TITRE)
    visiteur.lit("Élue Fictive, Vice-présidente fictive")
    assert violations(quelqu_un(site).va(adresses["question"])) == []


def test_2_ce_qui_est_proche_se_montre_avant_l_envoi(site, quelqu_un, adresses):
    membre = quelqu_un(site, "voisin.un@essai.example")
    page = membre.va(f"{adresses['questions']}poser/")
    page.locator("main [name=titre]").fill("Quand rouvre la piscine du Nord ?")
    membre.appuie("Envoyer ma question")
    membre.lit("Une question proche est déjà posée ici")
    membre.lit(TITRE)
    assert violations(page) == []
    page.locator("main [name=titre]").fill(TARDIVE)
    membre.appuie("Envoyer quand même ma question")
    expect(page).to_have_url(re.compile(r"/questions/\d+/$"))
    adresses["tardive"] = page.url.removeprefix(site.adresse)
    membre.lit("la collectivité")


def test_3_les_voisins_la_soutiennent_et_l_horloge_part(site, quelqu_un, adresses):
    temoin = quelqu_un(site)
    temoin.va(adresses["question"])
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert")
    for rang, nom in enumerate(("voisin.deux", "voisin.trois")):
        voisin = quelqu_un(site, f"{nom}@essai.example", largeur=360, javascript=bool(rang))
        voisin.va(adresses["question"])
        voisin.appuie("Moi aussi, je veux savoir")
        voisin.lit("Vous soutenez cette question")
    # The page that was open says so by itself.
    temoin.lit("Réponse attendue")
    temoin.lit(f"Réponse dans {DELAI} jours au plus tard")
    temoin.lit(f"a réuni {SEUIL} soutiens : une réponse est due.")
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "elue.fictive", "Réponse à préparer")
    attendre_un_courriel(lectrice, "voisin.un", "Une réponse est due")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va("/bureau/signatures/")
    elue.lit("Questions qui vous sont posées")
    elue.lit(TITRE)
    assert violations(elue.page) == []


def test_4_l_agent_prepare_l_elue_signe_tout_le_monde_lit(site, quelqu_un, adresses):
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va("/bureau/")
    alix.lit(TITRE)
    page = alix.va(adresses["question"])
    alix.appuie("Rédiger la réponse officielle")
    assert page.locator("main [name=sens], main [name=motif], main [name=cout_estime]").count() == 0
    page.locator("main [name=texte]").fill("La piscine Nord rouvre en juin, après ses travaux.")
    alix.appuie("Garder le brouillon")
    expect(page).to_have_url(re.compile(r"/reponses/\d+/$"))
    adresses["reponse"] = page.url.removeprefix(site.adresse)
    assert quelqu_un(site).contexte.request.get(adresses["reponse"]).status == 404
    alix.lit("Élue Fictive, Vice-présidente fictive")
    alix.appuie("Consulter les services")
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    alix.appuie("Consulter les services")
    page.locator("main a[href*='/reponses/avis/']").first.click()
    page.locator("main [name=texte]").fill("Les travaux finissent en mai.")
    page.locator("main form button[type=submit]").first.click()
    alix.va(adresses["reponse"])
    alix.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    alix.appuie("Envoyer à la signature")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va(adresses["reponse"])
    signer(elue)
    alix.va(adresses["reponse"])
    alix.appuie("Publier la réponse")
    alix.appuie("Publier la réponse")
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "voisin.deux", "La collectivité répond")
    for largeur, javascript in ((360, False), (1280, True)):
        visiteur = quelqu_un(site, javascript=javascript, largeur=largeur)
        for adresse in (
            adresses["question"],
            adresses["reponse"],
            "/reponses/",
            f"{adresses['questions']}?vue=repondues",
        ):
            visiteur.va(adresse)
            visiteur.lit("la piscine Nord" if "vue" in adresse else "rouvre en juin")
            if javascript:
                assert violations(visiteur.page) == []
    visiteur.va(adresses["question"])
    for mots in ("Répondue", "Élue Fictive", "La question « Quand la piscine Nord rouvre-t-elle ? » a sa réponse."):
        visiteur.lit(mots)


def test_5_une_autre_est_en_retard_sous_les_yeux_de_tout_le_monde(site, quelqu_un, adresses):
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va(adresses["tardive"])
    alix.appuie("Répondre sans attendre le seuil")
    alix.appuie("Répondre sans attendre le seuil")
    alix.lit("Réponse attendue")
    alix.page.close()  # its line would be cut while the site starts again, and the browser would say so
    site.avancer(DELAI + 2)
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "voisin.un", "La réponse a du retard")
    visiteur = quelqu_un(site, javascript=False, largeur=360)
    for adresse in (adresses["tardive"], f"{adresses['questions']}?vue=en_retard", "/reponses/attendues/"):
        visiteur.va(adresse)
        visiteur.lit("En retard de 2 jours")
    visiteur.va("/chronologie/")
    visiteur.lit("n’est pas arrivée à la date promise")
    visiteur.va("/reponses/chiffres/")
    visiteur.lit("Une réponse à une question")
    membre = quelqu_un(site, "voisin.un@essai.example")
    membre.va("/mon-espace/questions/")
    membre.lit("Réponse en retard")
    membre.lit("Réponse publiée le")
    assert violations(membre.page) == []
    site.gerer("verifier_journal")


def test_6_une_session_finie_ne_perd_pas_la_question(site, quelqu_un, adresses):
    """The words wait at the door, are read again, and leave."""
    membre = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    page = membre.va(f"{adresses['questions']}poser/")
    page.locator("main [name=titre]").fill("Les vestiaires seront-ils chauffés ?")
    page.locator("main [name=texte]").fill("En hiver, on y gèle.\nLes enfants surtout.")
    page.get_by_label(re.compile("Élue Fictive, Vice-présidente fictive")).check()
    membre.contexte.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    membre.appuie("Envoyer ma question")
    expect(page.locator("#messages")).to_contain_text("Ce que vous avez écrit est gardé")
    page.locator("main [name=login]").fill("voisin.un@essai.example")
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    membre.appuie("Se connecter")
    expect(page.locator("h1")).to_have_text("Envoyer ce que vous aviez écrit")
    membre.lit("Les enfants surtout.")
    for largeur in (360, 1280):
        page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    membre.appuie("Envoyer")
    expect(page).to_have_url(re.compile(r"/questions/\d+/$"))
    membre.lit("Les vestiaires seront-ils chauffés ?")
    expect(page.locator("main")).to_contain_text(re.compile(r"En hiver, on y gèle\.\s*Les enfants surtout\."))
