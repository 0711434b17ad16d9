"""The desks: everything that waits is there, the latest late first, and one click leads to it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from projets.models import RoleProjet
from reponses.mediation import demander
from reponses.models import Echeance, Jalon, Reponse
from tests.fabriques import (
    BoiteFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse, dans, ecrire_avec
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db
AGENT, ELUE = "portail:bureau_agent", "portail:bureau_elue"


def section(client, nom, ancre) -> str:
    """HTML of one pile of a desk."""
    corps = client.get(reverse(nom)).content.decode()
    trouvee = re.search(rf'<section[^>]*id="{ancre}">.*?</section>', corps, re.DOTALL)
    assert trouvee, ancre
    return trouvee.group()


@pytest.mark.parametrize(
    ("nom", "permis"),
    [(AGENT, {"agent", "administratrice", "referente"}), (ELUE, {"elue", "autre_elue", "ancienne_elue"})],
)
def test_a_qui_est_ce_bureau(request, client, projet, nom, permis):
    for qui in (
        "citoyenne",
        "agent",
        "administratrice",
        "referente",
        "moderatrice",
        "elue",
        "autre_elue",
        "ancienne_elue",
    ):
        client.force_login(request.getfixturevalue(qui))
        assert (qui, client.get(reverse(nom)).status_code) == (qui, 200 if qui in permis else 403)
    client.logout()
    assert client.get(reverse(nom)).status_code == 302


def test_un_bureau_vide_le_dit(client, agent, elue):
    client.force_login(agent)
    assert "Chaque idée à l’étude, chaque question et chaque projet a déjà son dossier." in section(
        client, AGENT, "a-commencer"
    )
    client.force_login(elue)
    assert "Rien n’attend votre signature." in section(client, ELUE, "a-signer")


def test_chaque_dossier_est_dans_sa_pile(client, agent, elue, boite):
    reponses = {}
    for etat in ("brouillon", "en_consultation", "a_signer", "signee", "publiee"):
        idee = IdeeFabrique(titre=f"Idée {etat}", boite=boite, etat="en_etude")
        reponses[etat] = amener_reponse(rediger_reponse(idee, agent=agent), etat, agent=agent, elue=elue)
    reponses["en_consultation"].avis.update(attendu_le=dans(-2))
    sans = IdeeFabrique(titre="Idée sans dossier", boite=boite, etat="en_etude")
    Jalon.objects.create(reponse=reponses["publiee"], titre="Poser les bancs", prevu_le=dans(-7))
    client.force_login(agent)

    pile = section(client, AGENT, "a-commencer")
    assert reverse("reponses:rediger", args=["idees.idee", sans.pk]) in pile
    assert "Idée brouillon" not in pile
    for etat in ("brouillon", "en_consultation", "a_signer", "signee"):
        pile = section(client, AGENT, etat.replace("_", "-"))
        assert reponses[etat].get_absolute_url() in pile
        assert re.findall(r"Idée \w+", pile).count(f"Idée {etat}") >= 1
        assert '<span class="compte">1</span>' in pile
    assert "1 avis en retard" in section(client, AGENT, "en-consultation")
    assert f"Chez {elue.pseudonyme}" in section(client, AGENT, "a-signer")
    jalons = section(client, AGENT, "jalons")
    assert "En retard de 7 jours" in jalons
    assert reponses["publiee"].get_absolute_url() in jalons
    assert "Choisir les lieux" not in jalons, "its date is not past"


def test_ce_qu_elle_a_ecrit_avec_d_autres_n_est_pas_a_elle(client, idee, agent, agente_coautrice):
    """No line leads to a page that refuses her."""
    ecrire_avec(idee, agente_coautrice)
    adresse = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    for personne, la_voit in ((agent, True), (agente_coautrice, False)):
        client.force_login(personne)
        assert (adresse in section(client, AGENT, "a-commencer")) is la_voit
        assert client.get(adresse).status_code == (200 if la_voit else 403)


def test_ce_que_la_mediatrice_demande_attend_l_equipe(
    client, publiee, agent, referente, autre_referente, citoyenne, mediatrice
):
    """Until a correction is on its way, which has its own pile."""
    lecture = demander(publiee, par=citoyenne, raison="La date manque.")
    franchir(lecture.prendre, par=mediatrice)
    client.force_login(agent)
    assert "La médiatrice n’attend rien." in section(client, AGENT, "a-preciser")
    franchir(lecture.faire_preciser, par=mediatrice, conclusion="Dites quand.")
    for personne, voit in ((agent, True), (referente, True), (autre_referente, False)):
        client.force_login(personne)
        assert (lecture.get_absolute_url() in section(client, AGENT, "a-preciser")) is voit
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        client.force_login(agent)
        assert "En retard de 10 jours" in section(client, AGENT, "a-preciser")
    correction = rediger_reponse(publiee.cible, agent=agent, corrige=publiee)
    client.force_login(agent)
    assert lecture.get_absolute_url() not in section(client, AGENT, "a-preciser")
    assert correction.get_absolute_url() in section(client, AGENT, "brouillon")


def test_ce_qui_est_renvoye_le_dit(client, a_signer, agent, elue):
    franchir(a_signer.renvoyer, par=elue, retour="Dites qui paiera.")
    client.force_login(agent)
    assert "À revoir" in section(client, AGENT, "brouillon")


@pytest.mark.parametrize("bureau", [AGENT, ELUE])
def test_le_plus_en_retard_d_abord(client, agent, elue, bureau):
    """Late by 20 days, by 3, due in 5, without a clock: in that order, each with its days."""
    for titre, jours in (("Dans cinq jours", 5), ("Vingt jours", -20), ("Trois jours", -3)):
        idee = IdeeFabrique(titre=titre, boite=BoiteFabrique(), etat="publiee")
        Echeance.lancer(idee, service=idee.boite.service, jours=jours)
        type(idee)._base_manager.filter(pk=idee.pk).update(etat="en_etude")
        idee.refresh_from_db()
        amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=elue)
    projet = ProjetFabrique(titre="Sans horloge", ouvert=True)
    amener_reponse(rediger_reponse(projet, agent=agent), "a_signer", agent=agent, elue=elue)
    client.force_login(agent if bureau == AGENT else elue)
    pile = section(client, bureau, "a-signer")
    assert re.findall(r'bureau__titre">([^<]*)<', pile) == [
        "Vingt jours",
        "Trois jours",
        "Dans cinq jours",
        "Sans horloge",
    ]
    for mots in ("En retard de 20 jours", "En retard de 3 jours", "Réponse avant le"):
        assert mots in pile


def test_la_personne_referente_ne_voit_que_les_siens(client, referente, autre_referente, brouillon, idee, agent):
    ailleurs = rediger_reponse(IdeeFabrique(titre="Ailleurs", etat="en_etude"), agent=agent)
    client.force_login(referente)
    pile = section(client, AGENT, "brouillon")
    assert brouillon.get_absolute_url() in pile
    assert ailleurs.get_absolute_url() not in pile
    client.force_login(autre_referente)
    assert brouillon.get_absolute_url() not in client.get(reverse(AGENT)).content.decode()


def test_un_projet_en_analyse_attend_sa_reponse(client, agent):
    projet = ProjetFabrique(titre="Projet à conclure", referente=agent, ouvert=True)
    client.force_login(agent)
    assert "Projet à conclure" not in section(client, AGENT, "a-commencer")
    franchir(projet.analyser, par=agent)
    assert reverse("reponses:rediger", args=["projets.projet", projet.pk]) in section(client, AGENT, "a-commencer")


def test_a_relire_compte_pour_tous_et_ne_mene_que_la_moderation(client, agent, administratrice):
    IdeeFabrique(etat="a_moderer")
    for personne, lien in ((agent, False), (administratrice, True)):
        client.force_login(personne)
        corps = client.get(reverse(AGENT)).content.decode()
        relire = re.search(r'<div class="statistique">.*?</div>', corps, re.DOTALL).group()
        assert "À relire" in relire
        assert (reverse("moderation:file") in relire) is lien


def test_l_elue_signe_depuis_son_bureau(client, a_signer, elue, agent):
    """One click to the dossier, and back to her desk once it is signed."""
    client.force_login(elue)
    pile = section(client, ELUE, "a-signer")
    assert "Reçue le" in pile
    adresse = re.search(r'href="([^"]*signer[^"]*)"', pile).group(1).replace("&amp;", "&")
    page = client.get(adresse).content.decode()
    assert a_signer.texte in page
    donnees = dict(re.findall(r'<input type="hidden" name="(etat|suite|lue)" value="([^"]*)"', page))
    recue = client.post(adresse.split("?")[0], donnees | {"confirmee": "on"})
    assert recue.url == reverse(ELUE)
    assert a_signer.get_absolute_url() in section(client, ELUE, "signees")
    franchir(Reponse.objects.get(pk=a_signer.pk).publier, par=agent)
    assert a_signer.get_absolute_url() in section(client, ELUE, "publiees")


def test_elle_ne_voit_que_ce_qui_attend_son_nom(client, a_signer, autre_elue, brouillon):
    publier_reponse(IdeeFabrique(titre="D’une autre", etat="en_etude"))
    client.force_login(autre_elue)
    corps = client.get(reverse(ELUE)).content.decode()
    assert "Des bancs à l’ombre" not in corps
    assert "D’une autre" not in corps


def test_l_elue_d_un_projet_a_son_bureau(client, projet):
    personne = PersonneFabrique()
    RoleProjet.objects.create(projet=projet, personne=personne, role="elue")
    client.force_login(personne)
    assert client.get(reverse(ELUE)).status_code == 200
