"""« Cette réponse vous est-elle utile ? »: asked once, seven days after, of those who waited and have not said it yet."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from moderation.actions import masquer, retablir
from notifications.models import Courriel, Notification, Preference
from portail.tic import tic
from reponses import mediation
from reponses.actions import corriger
from reponses.avis_demandes import demander_si_utiles
from reponses.models import Reponse
from tests.fabriques import PersonneFabrique, publier_reponse
from tests.notifications.conftest import dire, taire
from tests.reponses.conftest import amener_reponse
from timeline.etapes import franchir
from timeline.models import Entree

TYPE = "reponses.utilite.demander"


@pytest.fixture
def reponse(scene):
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    reponse = publier_reponse(scene.idee, agent=scene.agent, elue=scene.elue)
    taire()
    return reponse


def apres(**duree):
    return time_machine.travel(timezone.now() + timedelta(**duree), tick=False)


def demandees() -> int:
    return Entree.objects.filter(type=TYPE).count()


@pytest.mark.parametrize(
    ("duree", "demandee"),
    [({"days": 6, "hours": 23}, 0), ({"days": 7, "seconds": 1}, 1), ({"days": 36}, 1), ({"days": 38}, 0), ({"days": 900}, 0)],
)  # fmt: skip
def test_sept_jours_apres_et_jamais_des_mois_apres(reponse, duree, demandee):
    with apres(**duree):
        assert tic()["avis_demandes"] == demandee
        assert tic()["avis_demandes"] == 0
    assert demandees() == demandee


@pytest.mark.parametrize(("reglage", "jours", "demandee"), [(3, 4, 1), (14, 8, 0), (0, 8, 0)])
def test_le_delai_est_un_reglage(reponse, settings, reglage, jours, demandee):
    settings.REPONSE_UTILE_JOURS = reglage
    with apres(days=jours):
        assert demander_si_utiles() == demandee


def test_une_fois_et_une_seule_meme_quand_l_horloge_bat_chaque_jour(scene, reponse):
    for jour in (0, 3, 6, 7, 8, 9, 15, 25):
        with apres(days=jour, hours=1):
            tic()
            dire()
    assert demandees() == 1
    recus = [c.personne.pseudonyme for c in Courriel.objects.filter(objet__startswith="Cette réponse")]
    assert sorted(recus) == sorted([scene.auteur.pseudonyme, scene.soutien.pseudonyme])


def test_qui_a_deja_donne_son_avis_n_est_pas_demandee(scene, reponse):
    mediation.apprecier(reponse, par=scene.soutien, avis="utile")
    with apres(days=8):
        demander_si_utiles()
        mediation.apprecier(reponse, par=scene.auteur, avis="pas_claire")  # between the question and its telling
        dire()
    assert not Courriel.objects.exists() and not Notification.objects.exists()


def test_les_coauteurs_aussi_mais_pas_qui_a_signe(scene, reponse):
    amie = PersonneFabrique(pseudonyme="Amie Fictive")
    maintenant = timezone.now()
    scene.idee.coautrices.create(personne=amie, place=1, expire_le=maintenant, etat="acceptee", repondue_le=maintenant)
    scene.idee.soutiens.create(personne=scene.elue)
    with apres(days=8):
        demander_si_utiles()
        dire()
    demandes = {n.personne.pseudonyme for n in Notification.objects.filter(entree__type=TYPE)}
    assert demandes == {"Amie Fictive", scene.auteur.pseudonyme, scene.soutien.pseudonyme}


def test_les_preferences_sont_respectees_et_la_cloche_sonne(scene, reponse):
    Preference.objects.create(personne=scene.soutien, genre="suivi", par_courriel=False)
    Preference.objects.create(personne=scene.auteur, genre="mes_contributions", par_courriel=False)
    with apres(days=8):
        demander_si_utiles()
        dire()
    assert not Courriel.objects.exists()
    assert scene.cloche() == {"auteur", "soutien"}


def test_le_courriel_mene_a_la_question_et_permet_d_arreter(client, scene, reponse):
    with apres(days=8):
        demander_si_utiles()
        dire()
    courriel = Courriel.objects.get(personne=scene.auteur)
    assert f"{reponse.get_absolute_url()}#titre-utile" in courriel.texte
    assert "List-Unsubscribe" in courriel.entetes
    client.force_login(scene.auteur)
    assert 'id="titre-utile"' in client.get(reponse.get_absolute_url()).content.decode()
    assert not Entree.objects.get(type=TYPE).est_publique


def test_ce_qui_est_masque_attend_son_retour(scene, reponse):
    masquer(scene.idee, par=scene.moderatrice, motif="injure", explication="Propos injurieux.")
    taire()
    with apres(days=8):
        assert demander_si_utiles() == 0
        retablir(scene.idee, par=scene.moderatrice, explication="C’était une erreur.")
        taire()
        assert demander_si_utiles() == 1
        masquer(scene.idee, par=scene.moderatrice, motif="injure", explication="Si, tout de même.")
        Notification.objects.all().delete()
        dire()
    assert not Notification.objects.filter(entree__type=TYPE).exists()


def test_une_correction_ne_fait_pas_redemander(scene, reponse):
    with apres(days=8):
        assert demander_si_utiles() == 1
        correction = corriger(reponse, par=scene.agent, **{nom: getattr(reponse, nom) for nom in Reponse.CONTENU})
        amener_reponse(correction, "publiee", agent=scene.agent, elue=scene.elue)
    with apres(days=20):
        assert demander_si_utiles() == 0


@pytest.mark.django_db(transaction=True)
def test_plusieurs_horloges_a_la_fois_demandent_une_fois(scene, reponse):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    depart, faits, fautes = threading.Barrier(4), [], []

    def battre():
        try:
            depart.wait(timeout=10)
            faits.append(demander_si_utiles())
        except Exception as faute:
            fautes.append(faute)
        finally:
            connection.close()

    with apres(days=8):
        fils = [threading.Thread(target=battre) for _ in range(4)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join(timeout=30)
    assert fautes == [] and sum(faits) == 1 and demandees() == 1
