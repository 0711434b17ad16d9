"""What the clock says of the answers that are due: each thing once, to those who answer; late, to those who wait."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.actions import masquer
from notifications.models import Courriel, Rappel
from reponses.models import Echeance
from reponses.rappels import rappeler
from tests.fabriques import IdeeFabrique, publier_reponse, rediger_reponse, reunir
from tests.notifications.conftest import dire, taire
from tests.requetes import copier
from timeline.etapes import EtapeInvalide, franchir
from timeline.models import Entree, Relais


@pytest.fixture
def due(scene):
    """An answer due in sixty days."""
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    taire()
    return Echeance.objects.get()


def le_jour(due, jours_avant):
    midi = datetime.combine(due.due_le - timedelta(days=jours_avant), time(12), tzinfo=timezone.get_current_timezone())
    return time_machine.travel(midi, tick=True)


def types():
    dites = Entree.objects.filter(type__startswith="reponses.echeance").order_by("pk")
    return list(dites.values_list("type", "donnees__jours"))


@pytest.mark.parametrize(
    ("jours_avant", "dit"),
    [(59, None), (15, None), (14, 14), (13, 13), (8, 8), (7, 7), (1, 1), (0, 0), (-1, "retard"), (-300, "retard")],
)
def test_ce_qui_se_dit_et_quand(due, jours_avant, dit):
    """After a long stop, only the latest reminder is said."""
    with le_jour(due, jours_avant):
        assert rappeler() == (dit is not None)
        assert rappeler() == 0
    autrement = {None: [], "retard": [("reponses.echeance.depasser", None)]}
    assert types() == autrement.get(dit, [("reponses.echeance.rappeler", dit)])


def test_toute_la_vie_d_une_echeance(scene, due):
    """Every day until a month late: 14, 7, 1, then late; each once."""
    for jours_avant in range(60, -31, -1):
        with le_jour(due, jours_avant):
            rappeler()
            rappeler()
    assert types() == [("reponses.echeance.rappeler", n) for n in (14, 7, 1)] + [("reponses.echeance.depasser", None)]
    assert Rappel.objects.count() == 4


def test_le_rappel_va_a_qui_repond(scene, due):
    with le_jour(due, 7):
        rappeler()
        dire()
        assert {qui: objets[0][:28] for qui, objets in scene.courriels().items()} == {
            "agent": "Réponse due dans 7 jours : D",
            "parcs@exemple.fr": "Réponse due dans 7 jours : D",
        }
        assert scene.cloche() == {"agent"}
        assert "personne n’a commencé" in Courriel.objects.first().texte
    assert not Entree.objects.get(type="reponses.echeance.rappeler").est_publique


def test_apres_un_long_arret_le_jour_meme_se_dit_aujourd_hui(scene, due):
    with le_jour(due, 0):
        rappeler()
        dire()
    assert scene.courriels()["agent"] == ["Réponse due aujourd’hui : Des bancs à l’ombre"]


def test_le_retard_se_dit_a_tout_le_monde(scene, due):
    rediger_reponse(scene.idee, agent=scene.agent)
    with le_jour(due, -1):
        rappeler()
        dire()
        recus = {qui: objets[0] for qui, objets in scene.courriels().items()}
    assert recus.keys() == {"agent", "elue", "parcs@exemple.fr", "auteur", "soutien", "abonnee"}
    assert recus["agent"] == recus["elue"] == "Réponse en retard : Des bancs à l’ombre"
    assert recus["auteur"] == recus["soutien"] == recus["abonnee"] == "La réponse a du retard : Des bancs à l’ombre"
    assert "En rédaction" in Courriel.objects.get(personne=scene.agent).texte
    assert Entree.objects.get(type="reponses.echeance.depasser").est_publique


def test_l_elue_qui_doit_signer_est_relancee(scene, due):
    from tests.notifications.test_qui_recoit_quoi import rendre_avis

    reponse = rediger_reponse(scene.idee, agent=scene.agent)
    franchir(reponse.consulter, par=scene.agent, services=[scene.service], attendu_le=timezone.localdate())
    rendre_avis(reponse.avis.get(), par=scene.agent, texte="Avis favorable.")
    franchir(reponse.presenter, par=scene.agent, signataire=scene.elue)
    taire()
    with le_jour(due, 7):
        rappeler()
        dire()
    assert {"elue", "agent"} <= scene.cloche()


def test_une_reponse_donnee_ne_se_rappelle_plus(scene, due):
    publier_reponse(scene.idee, agent=scene.agent, elue=scene.elue)
    with le_jour(due, -1):
        assert rappeler() == 0


def test_une_reponse_donnee_entre_temps_n_est_pas_reclamee(scene, due):
    with le_jour(due, 7):
        rappeler()
    publier_reponse(scene.idee, agent=scene.agent, elue=scene.elue)
    Courriel.objects.all().delete()
    rappel = Relais.objects.get(entree__type="reponses.echeance.rappeler")
    Relais.objects.exclude(pk=rappel.pk).delete()
    dire()
    assert scene.courriels() == {}


def test_une_idee_a_l_etude_ne_se_reunit_plus_et_son_rappel_reste(scene, due):
    autre = IdeeFabrique(boite=scene.idee.boite, etat="publiee")
    with pytest.raises(EtapeInvalide):
        reunir(scene.idee, autre, par=scene.agent)
    with le_jour(due, -1):
        assert rappeler() == 1


def test_un_delai_court_n_a_pas_de_rappel_le_jour_meme(scene):
    scene.idee.boite.delai_reponse = 10
    scene.idee.boite.save()
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    echeance = Echeance.objects.get()
    assert rappeler() == 0
    with le_jour(echeance, 7):
        assert rappeler() == 1


def test_le_rappel_d_une_idee_masquee_ne_dit_pas_ses_mots(scene, due):
    masquer(scene.idee, par=scene.moderatrice, motif="vie_privee", explication="Une adresse.")
    taire()
    with le_jour(due, -1):
        rappeler()
        dire()
    assert not any("bancs" in c.objet + c.texte for c in Courriel.objects.exclude(personne=scene.auteur))


def test_le_rappel_et_sa_marque_vont_ensemble(due, monkeypatch):
    def mourir(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("reponses.rappels.consigner", mourir)
    with le_jour(due, 7), pytest.raises(ZeroDivisionError):
        rappeler()
    assert not Rappel.objects.exists()


def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_est_deja_dit(scene, due):
    def requetes():
        with le_jour(due, 7):
            rappeler()
            with CaptureQueriesContext(connection) as capture:
                assert rappeler() == 0
        return len(capture)

    une = requetes()
    autres = copier(scene.idee, 49)
    copier(due, 49, cible_id=lambda n: autres[n].pk)
    assert requetes() == une
    assert Rappel.objects.count() == 50
