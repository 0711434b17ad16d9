"""An answer goes late in front of everybody: told to the référent·e, then to the élue, then to all; signed at last, the delay stays.

The clock of the site is moved; nothing is written in its place.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.conftest import violations
from tests.parcours.test_de_l_idee_a_la_decision import signer

TITRE = "Une fontaine pour les écoliers"
DELAI = 60  # days, of the box

LE_PREMIER_JOUR = f"""
from datetime import timedelta
from allauth.account.models import EmailAddress
from comptes.models import Utilisateur
from django.utils import timezone
from idees.models import Boite, Idee, Soutien
from projets.models import Etape, Projet, Thematique
from reponses.models import Service
from timeline.etapes import franchir
rita = Utilisateur.objects.create_user("rita.referente@essai.example", "Rita Référente", "une phrase assez longue")
EmailAddress.objects.create(user=rita, email=rita.email, verified=True, primary=True)
qui = {{p.pseudonyme: p for p in Utilisateur.objects.all()}}
projet = Projet.objects.create(titre="La cour ouverte", slug="cour", resume="Une cour inventée.", referente=rita,
    perimetre="La cour.", non_negociable="Les arbres.", decideur="Le conseil fictif.", niveau="concertation",
    calendrier="Un an.", modalite_reponse="Une réponse signée.")
franchir(projet.annoncer, par=qui["Alix Agent"])
etape = Etape.objects.create(projet=projet, titre="Proposer", genre="contribution", ouvre=["proposer", "soutenir"],
    ouvre_le=timezone.now() - timedelta(days=1), ferme_le=timezone.now() + timedelta(days=200))
boite = Boite.objects.create(titre="La cour", slug="la-cour", description="Vos idées.", service=Service.objects.get(),
    seuil_soutiens=3, delai_reponse={DELAI}, etape=etape)
idee = Idee.objects.create(boite=boite, titre="{TITRE}", texte="Les écoliers ont soif en juin, et le robinet est cassé.",
    thematique=Thematique.objects.get(), auteur=qui["Voisin Un"])
franchir(idee.soumettre, par=qui["Voisin Un"])
franchir(idee.publier, par=qui["Nadia Fictive"])
franchir(idee.prendre, par=qui["Alix Agent"], service=boite.service)
print(idee.pk)
"""


def dans(site, jours) -> str:
    """A day, on the clock of the site."""
    return (timezone.localdate() + timedelta(days=site.avance + jours)).isoformat()


def attendre_un_courriel(personne, destinataire, mots):
    """The clock of the site beats every second: the mail comes within some."""
    page = personne.va(f"/courriels/?destinataire={destinataire}@essai.example")
    for _essai in range(40):
        if mots in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"« {mots} » n’est pas arrivé : {page.locator('main').inner_text()}")


def courriels_de(personne, destinataire) -> str:
    return personne.va(f"/courriels/?destinataire={destinataire}@essai.example").locator("main").inner_text()


@pytest.fixture(scope="module")
def adresses(site):
    return {"idee": f"/idees/{site.executer(LE_PREMIER_JOUR).strip()}/"}


def test_1_un_mois_avant_la_referente_est_prevenue(site, quelqu_un, adresses):
    site.avancer(DELAI - 29)
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "rita.referente", "Réponse due dans 29 jours")
    for destinataire in ("elue.fictive", "voisin.un"):
        assert "29 jours" not in courriels_de(lectrice, destinataire)
    rita = quelqu_un(site, "rita.referente@essai.example")
    rita.va(adresses["idee"])
    rita.appuie("Rédiger la réponse officielle")


def test_2_une_semaine_avant_l_elue_l_est_aussi(site, quelqu_un, adresses):
    site.avancer(29 - 6)
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "elue.fictive", "Réponse pas encore publiée, due dans 6 jours")
    attendre_un_courriel(lectrice, "rita.referente", "dans 6 jours")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va("/bureau/signatures/")
    elue.lit(TITRE)
    # What goes up inside is not told outside.
    visiteur = quelqu_un(site)
    visiteur.va(adresses["idee"])
    assert "prévenu" not in visiteur.page.locator("main").inner_text()
    visiteur.va("/reponses/attendues/")
    visiteur.lit(TITRE)


def test_3_le_retard_se_lit_sous_les_yeux_de_tout_le_monde(site, quelqu_un, adresses):
    """On a page that was open before the date: it comes back by itself with the word."""
    temoin = quelqu_un(site, largeur=360)
    temoin.va(adresses["idee"])
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert")
    assert "En retard" not in temoin.page.locator("main").inner_text()
    site.avancer(6 + 3)
    temoin.page.wait_for_timeout(2000)
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert", timeout=60_000)
    expect(temoin.page.locator("main")).to_contain_text("En retard de 3 jours", timeout=60_000)
    temoin.lit("n’est pas arrivée à la date promise")
    # The line was cut while the site started again, and the browser said so.
    temoin.plaintes[:] = [p for p in temoin.plaintes if "WebSocket" not in p and "ERR_CONNECTION" not in p]
    assert violations(temoin.page) == []

    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "voisin.un", "La réponse a du retard")
    for destinataire in ("rita.referente", "elue.fictive"):
        attendre_un_courriel(lectrice, destinataire, "Réponse en retard")
    visiteur = quelqu_un(site, javascript=False)
    visiteur.va("/chronologie/")
    visiteur.lit("n’est pas arrivée à la date promise")
    page = visiteur.va("/reponses/chiffres/")
    expect(page.locator(".statistiques").first).to_contain_text(re.compile(r"en retard aujourd’hui\s+1"))
    visiteur.lit("0 % à la date promise")


def test_4_l_elue_signe_et_la_reponse_parait(site, quelqu_un, adresses):
    rita = quelqu_un(site, "rita.referente@essai.example")
    page = rita.va(adresses["idee"])
    rita.appuie("Rédiger la réponse officielle")
    page.locator("main [name=sens][value=go]").check()
    page.locator("main [name=motif]").select_option("interet_general")
    page.locator("main [name=texte]").fill("Oui : la fontaine est réparée avant l’été.")
    page.locator("main [name=premiere_etape]").fill("Changer le robinet")
    page.locator("main [name=premiere_etape_le]").fill(dans(site, 30))
    page.locator("main [name=cout_estime]").fill("1200")
    rita.appuie("Garder le brouillon")
    rita.lit("Dites d’où vient ce coût")
    page.locator("main [name=cout_justification]").fill("Devis fictif du fontainier")
    rita.appuie("Garder le brouillon")
    expect(page).to_have_url(re.compile(r"/reponses/\d+/$"))
    adresses["reponse"] = page.url.removeprefix(site.adresse)
    for mots in ("Relances", "L’équipe est prévenue", "Devis fictif du fontainier", "Les écoliers ont soif"):
        rita.lit(mots)
    rita.appuie("Consulter les services")
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill(dans(site, 10))
    rita.appuie("Consulter les services")
    page.locator("main a[href*='/reponses/avis/']").first.click()
    page.locator("main [name=texte]").fill("Favorable : le réseau est à deux mètres.")
    page.locator("main form button[type=submit]").first.click()
    rita.va(adresses["reponse"])
    rita.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    rita.appuie("Envoyer à la signature")
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "elue.fictive", "À signer")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va("/bureau/signatures/")
    elue.lit("En retard de 3 jours")
    elue.va(adresses["reponse"])
    signer(elue)
    rita.va(adresses["reponse"])
    rita.appuie("Publier la réponse")
    rita.appuie("Publier la réponse")
    attendre_un_courriel(lectrice, "voisin.un", "La collectivité répond « Oui »")


def test_5_le_retard_reste_ecrit(site, quelqu_un, adresses):
    """Months later too: on the answer, the list, the figures, the chronology of the idea, and the chain that anybody checks."""
    site.avancer(90)
    visiteur = quelqu_un(site, javascript=False, largeur=360)
    page = visiteur.va(adresses["reponse"])
    visiteur.lit("Donnée avec 3 jours de retard")
    for mots in ("1 200 €", "Devis fictif du fontainier"):
        visiteur.lit(mots)
    corps = page.locator("main").inner_text()
    for secret in ("le réseau est à deux mètres", "Relances", "prévenue"):
        assert secret not in corps
    visiteur.va("/reponses/?delai=en_retard")
    visiteur.lit(TITRE)
    visiteur.lit("3 jours de retard")
    page = visiteur.va("/reponses/chiffres/")
    premieres = page.locator(".statistiques").first
    expect(premieres).to_contain_text(re.compile(r"données après\s+1"))
    expect(premieres).to_contain_text(re.compile(r"en retard aujourd’hui\s+0"))
    visiteur.lit("0 % à la date promise")
    ligne = page.locator("table").first.locator("tbody tr").filter(has_text="Espaces publics")
    assert ligne.locator("td").all_inner_texts()[:4] == ["1", "0", "63", "63"]
    visiteur.va(adresses["idee"])
    frise = page.locator("#suivi")
    expect(frise).to_contain_text("n’est pas arrivée à la date promise")
    expect(frise).to_contain_text(re.compile("est retenue|réponse"))
    site.gerer("verifier_journal")
