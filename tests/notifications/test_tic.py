"""The periodic step: every part, whatever the others do; twice at once if need be."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications.models import Courriel, Notification
from portail import tic as module
from portail.tic import PARTIES, oublier_les_taches, tic
from tests.fabriques import EtapeFabrique, IdeeFabrique, ProjetFabrique, SoutienFabrique
from timeline.models import Entree, Relais

MAINTENANT = timezone.now


def test_tic_fait_tout(scene):
    """A stage opens, a study starts, what waited is told, mails leave."""
    etape = EtapeFabrique(projet=ProjetFabrique(titre="La place fictive"))
    SoutienFabrique.create_batch(3, idee=scene.idee)
    Relais.objects.update(cree_le=MAINTENANT() - timedelta(seconds=5))
    bilan = tic()
    assert None not in bilan.values()
    assert (bilan["projets.ouvertes"], bilan["idees.etudes"]) == (1, 1)

    Relais.objects.update(cree_le=MAINTENANT() - timedelta(seconds=5))
    bilan = tic()
    assert bilan["annonces"] >= 1
    assert bilan["courriels"] >= 4
    etape.refresh_from_db()
    scene.idee.refresh_from_db()
    assert (etape.etat, scene.idee.etat) == ("ouverte", "en_etude")
    assert Courriel.objects.exclude(etat="envoye").count() == 0

    entrees = Entree.objects.count()
    assert set(tic().values()) == {0}
    assert Entree.objects.count() == entrees


@pytest.mark.parametrize("partie", PARTIES)
def test_une_partie_qui_echoue_n_arrete_pas_les_autres(db, partie, monkeypatch, caplog):
    def casser():
        raise RuntimeError("cassé")

    monkeypatch.setitem(module.PARTIES, partie, casser)
    bilan = tic()
    assert [nom for nom, fait in bilan.items() if fait is None] == [partie]
    assert {nom.split(".")[0] for nom in bilan} == set(PARTIES)
    assert f"« {partie} » a échoué" in caplog.text


def test_la_commande(db, capsys, monkeypatch):
    call_command("tic")
    assert "courriels : 0" in capsys.readouterr().out
    monkeypatch.setitem(module.PARTIES, "idees", lambda: 1 / 0)
    with pytest.raises(CommandError):
        call_command("tic")
    assert "idees : échec" in capsys.readouterr().out


def test_les_vieilles_taches_sont_oubliees(db):
    def tache(age, statut):
        file = {"queue_name": "default", "backend_name": "default", "run_after": MAINTENANT()}
        ligne = DBTaskResult.objects.create(args_kwargs={}, task_path="x", status=statut, **file)
        DBTaskResult.objects.filter(pk=ligne.pk).update(enqueued_at=MAINTENANT() - timedelta(hours=age))

    for age in (1, 30):
        for statut in ("READY", "RUNNING", "SUCCESSFUL", "FAILED"):
            tache(age, statut)
    assert oublier_les_taches() == 3
    assert DBTaskResult.objects.filter(status="READY").count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_tics_a_la_fois(citoyenne, agent):
    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    SoutienFabrique.create_batch(5, idee=idee)
    EtapeFabrique(projet=ProjetFabrique())
    depart, bilans = threading.Barrier(2), []

    def battre():
        depart.wait(10)
        bilans.append(tic())
        connection.close()

    for _tour in range(2):
        Relais.objects.update(cree_le=MAINTENANT() - timedelta(seconds=5))
        fils = [threading.Thread(target=battre) for _ in range(2)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join(60)
    assert len(bilans) == 4
    assert all(None not in bilan.values() for bilan in bilans)
    assert sum(bilan["idees.etudes"] for bilan in bilans) == 1
    assert sum(bilan["projets.ouvertes"] for bilan in bilans) == 1
    etude = Entree.objects.get(type="idees.atteindre_seuil")
    assert Notification.objects.filter(entree=etude, personne=citoyenne).count() == 1
    assert Courriel.objects.filter(personne=citoyenne, objet__startswith="À l’étude").count() == 1


def test_tic_est_bref_quand_il_n_y_a_rien(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(3 * len(PARTIES)):
        tic()


def test_franchir_reste_le_seul_chemin(scene):
    """The clock takes the same road as people: the entry says that the house acted."""
    SoutienFabrique.create_batch(3, idee=scene.idee)
    tic()
    entree = Entree.objects.get(type="idees.atteindre_seuil")
    assert entree.par is None
    assert entree.par_reference == "systeme"
