"""An answer goes late in front of everybody: it goes up to the team, to the élue, to all; answered, the delay stays written."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.test_de_l_idee_a_la_decision import courriels_de, signer

TITRE = "Une fontaine pour les écoliers"
DANS_UN_MOIS = (timezone.localdate() + timedelta(days=30)).isoformat()

#: Proposed, published and taken under study thirty days ago, by the real steps: thirty days are left.
IL_Y_A_UN_MOIS = f"""
from datetime import timedelta
import time_machine
from django.utils import timezone
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from timeline.etapes import franchir
qui = lambda nom: Utilisateur.objects.get(pseudonyme=nom)
with time_machine.travel(timezone.now() - timedelta(days=30)):
    idee = Idee.objects.create(
        boite=Boite.objects.get(), titre="{TITRE}", texte="Les écoliers ont soif en juin, et le robinet est cassé.",
        thematique=Thematique.objects.get(), auteur=qui("Voisin Un"),
    )
    franchir(idee.soumettre, par=qui("Voisin Un"))
    franchir(idee.publier, par=qui("Nadia Fictive"))
    franchir(idee.prendre, par=qui("Alix Agent"), service=idee.boite.service)
print(idee.pk)
"""

#: Time passes: the dates that nobody can move are moved, the lock lifted and put back as it was.
AVANCER = """
from datetime import timedelta
from django.db import connection, transaction
from reponses.models import Echeance
with transaction.atomic(), connection.cursor() as base:
    echeance = Echeance.objects.get()
    base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'reponses_echeance'")
    verrous = base.fetchall()
    for nom, _sql in verrous:
        base.execute(f"DROP TRIGGER {nom}")
    Echeance.objects.update(due_le=echeance.due_le - timedelta(days=%(jours)d))
    for _nom, sql in verrous:
        base.execute(sql)
"""


def attendre_un_courriel(personne, destinataire, mots):
    """The clock of the site beats every second: the mail comes within some."""
    page = personne.va(f"/courriels/?destinataire={destinataire}")
    for _essai in range(30):
        if mots in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{mots} : pas de courriel pour {destinataire}")


@pytest.fixture(scope="module")
def idee(site):
    return f"/idees/{site.executer(IL_Y_A_UN_MOIS).strip()}/"


def test_1_a_trente_jours_l_equipe_est_prevenue(site, quelqu_un, idee):
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "alix.agent@essai.example", "À votre tour de relancer, réponse due dans 30 jours")
    assert "signature" not in courriels_de(lectrice, "elue.fictive@essai.example")
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va("/bureau/")
    expect(alix.page.locator("#remontees")).to_contain_text(TITRE)
    expect(alix.page.locator("#remontees")).to_contain_text("Remontée à l’équipe le")


def test_2_a_sept_jours_l_elue_est_prevenue(site, quelqu_un, idee):
    site.executer(AVANCER % {"jours": 23})
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "elue.fictive@essai.example", "Votre signature sera attendue")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va("/bureau/signatures/")
    expect(elue.page.locator("#remontees")).to_contain_text(TITRE)
    assert elue.contexte.request.get(idee).status == 200
    # What goes up inside is not told outside.
    visiteur = quelqu_un(site)
    visiteur.va(idee)
    assert "sont prévenus" not in visiteur.page.locator("main").inner_text()


def test_3_le_retard_se_lit_sous_les_yeux_de_tout_le_monde(site, quelqu_un, idee):
    temoin = quelqu_un(site, largeur=360)
    temoin.va(idee)
    expect(temoin.page.locator("#suivi")).to_have_attribute("data-es-flux-etat", "ouvert")
    site.executer(AVANCER % {"jours": 10})
    # Without a reload:
    temoin.lit("n’est pas arrivée à la date promise")
    temoin.lit("En retard de 3 jours")
    lectrice = quelqu_un(site)
    attendre_un_courriel(lectrice, "voisin.un@essai.example", "La réponse a du retard")
    for destinataire in ("alix.agent", "elue.fictive"):
        attendre_un_courriel(lectrice, f"{destinataire}@essai.example", "Réponse en retard")


def test_4_l_elue_signe_et_la_reponse_parait(site, quelqu_un, idee):
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va("/bureau/")
    page.locator("#remontees").get_by_role("link", name=re.compile("Écrire la réponse")).click()
    page.locator("main [name=sens][value=go]").check()
    page.locator("main [name=motif]").select_option("interet_general")
    page.locator("main [name=texte]").fill("Oui : la fontaine est réparée avant l’été.")
    page.locator("main [name=premiere_etape]").fill("Changer le robinet")
    page.locator("main [name=premiere_etape_le]").fill(DANS_UN_MOIS)
    page.locator("main [name=cout_estime]").fill("1200")
    page.locator("main form button[type=submit]").first.click()
    alix.lit("Dites d’où vient ce coût")
    page.locator("main [name=cout_justification]").fill("Devis fictif du fontainier")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/reponses/\d+/"))
    dossier = page.url.removeprefix(site.adresse)
    for mots in ("Ce qui est remonté", "Devis fictif du fontainier", "Les écoliers ont soif", "Ce qui existe déjà"):
        alix.lit(mots)
    alix.appuie("Consulter les services")
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill(DANS_UN_MOIS)
    alix.appuie("Consulter les services")
    page.locator("main a[href*='/reponses/avis/']").first.click()
    page.locator("main [name=texte]").fill("Favorable : le réseau est à deux mètres.")
    page.locator("main form button[type=submit]").first.click()
    alix.va(dossier)
    alix.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    alix.appuie("Envoyer à la signature")
    elue = quelqu_un(site, "elue.fictive@essai.example", largeur=360)
    elue.va("/bureau/signatures/")
    expect(elue.page.locator("#a-signer")).to_contain_text("En retard de 3 jours")
    elue.va(dossier)
    signer(elue)
    alix.va(dossier)
    alix.appuie("Publier la réponse")
    alix.appuie("Publier la réponse")


def test_5_le_retard_reste_ecrit(site, quelqu_un, idee):
    """On the list, on the answer, and in the chain that anybody can check; the team's reasons stay inside."""
    visiteur = quelqu_un(site, javascript=False)
    page = visiteur.va("/reponses/?delai=en_retard")
    visiteur.lit(TITRE)
    visiteur.lit("3 jours de retard")
    page.locator("main a[href^='/reponses/']").filter(has_not_text="Tout").first.click()
    visiteur.lit("Donnée avec 3 jours de retard")
    corps = page.locator("main").inner_text()
    for secret in ("Devis fictif du fontainier", "le réseau est à deux mètres", "Ce qui est remonté"):
        assert secret not in corps
    site.gerer("verifier_journal")
