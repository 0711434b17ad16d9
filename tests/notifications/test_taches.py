"""The two engines: the threads of the embedded profile, and Celery."""

import importlib
import os
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager

import pytest
from django.conf import settings as reglages
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from config import taches
from config.taches import Celery, Embarque, Fil
from notifications.models import Courriel
from notifications.tasks import envoyer_courriels, reveiller

EMBARQUE = {"default": {"BACKEND": "config.taches.Embarque", "ENQUEUE_ON_COMMIT": False}}
CELERY = {"default": {"BACKEND": "config.taches.Celery"}}


def attendre(condition, secondes=10.0):
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def sans_battement(fil, monkeypatch):
    """A Fil whose threads touch no database: their loops are tried, their work is tried elsewhere."""
    battements, files = [], []
    monkeypatch.setattr("portail.tic.tic", lambda: battements.append(threading.current_thread().name))
    monkeypatch.setattr(fil, "_vider_la_file", lambda: files.append(threading.current_thread().name))
    monkeypatch.setattr(taches.connections, "close_all", lambda: None)
    monkeypatch.setattr(taches, "close_old_connections", lambda: None)
    try:
        yield battements, files
    finally:
        fil.arreter(5)


def test_les_fils_demarrent_une_fois_battent_et_s_arretent(monkeypatch, settings):
    settings.TIC_SECONDES = 0.05
    fil = Fil()
    with sans_battement(fil, monkeypatch) as (battements, files):
        fil.demarrer()
        deux = list(fil._fils)
        fil.demarrer()
        assert fil._fils == deux
        assert {f.name for f in deux} == {"taches", "tic"}
        assert attendre(lambda: len(battements) >= 3)
        avant = len(files)
        fil.reveiller()
        assert attendre(lambda: len(files) > avant, 1.5), "woken, not after the next look at the queue"
    assert not fil.tourne
    restes = len(battements)
    time.sleep(0.2)
    assert len(battements) == restes
    fil.arreter(1)


def test_un_fil_survit_a_une_base_qui_redemarre(monkeypatch, settings, caplog):
    settings.TIC_SECONDES = 0.05
    monkeypatch.setattr(taches, "SONDAGE", 0.05)
    fil, essais = Fil(), []
    with sans_battement(fil, monkeypatch) as (_battements, _files):

        def casser():
            essais.append(1)
            raise ConnectionError("la base redémarre")

        monkeypatch.setattr("portail.tic.tic", casser)
        monkeypatch.setattr(fil, "_vider_la_file", casser)
        fil.demarrer()
        assert attendre(lambda: len(essais) >= 6)
        assert all(f.is_alive() for f in fil._fils)
    assert "nouvel essai au prochain battement" in caplog.text


def test_demarrer_ne_concerne_que_le_profil_embarque(settings, monkeypatch):
    demarrages = []
    monkeypatch.setattr(taches.FIL, "demarrer", lambda: demarrages.append(1))
    taches.demarrer()
    assert demarrages == []  # the suite's own engine
    settings.TASKS = CELERY
    taches.demarrer()
    assert demarrages == []
    settings.TASKS = EMBARQUE
    taches.demarrer()
    assert demarrages == [1]


def test_le_processus_web_demarre_les_fils(settings, monkeypatch):
    demarrages = []
    monkeypatch.setattr(taches, "demarrer", lambda: demarrages.append(1))
    monkeypatch.delitem(sys.modules, "config.asgi", raising=False)
    importlib.import_module("config.asgi")
    assert demarrages == [1]


def test_une_commande_met_en_file_et_ne_demarre_rien(db, settings, django_capture_on_commit_callbacks):
    settings.TASKS = EMBARQUE
    with django_capture_on_commit_callbacks(execute=True):
        envoyer_courriels.enqueue()
    assert DBTaskResult.objects.get().status == "READY"
    assert not taches.FIL.tourne


def test_le_reveil_attend_le_commit(db, settings, django_capture_on_commit_callbacks, monkeypatch):
    reveils = []
    monkeypatch.setattr(taches.FIL, "reveiller", lambda: reveils.append(1))
    settings.TASKS = EMBARQUE
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            envoyer_courriels.enqueue()
        assert reveils == []
    assert reveils == [1]


@pytest.mark.django_db(transaction=True)
def test_l_ouvrier_vide_la_file(settings):
    settings.TASKS = EMBARQUE
    settings.COURRIEL_TRANSPORT = ""
    Courriel.objects.create(destinataire="a@exemple.fr", objet="Bonjour", texte="Texte.")
    envoyer_courriels.enqueue()
    Fil()._vider_la_file()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert Courriel.objects.get().etat == "envoye"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_du_processus_web_a_la_boite(settings, monkeypatch):
    """Whole: enqueued in a transaction, woken after its commit, done by the thread, within a second."""
    settings.TASKS, settings.COURRIEL_TRANSPORT, settings.TIC_SECONDES = EMBARQUE, "", 60
    fil = Fil()
    monkeypatch.setattr(taches, "FIL", fil)
    monkeypatch.setattr(fil, "_battre", lambda: None)
    fil.demarrer()
    try:
        time.sleep(0.3)
        debut = time.monotonic()
        with transaction.atomic():
            Courriel.objects.create(destinataire="a@exemple.fr", objet="Bonjour", texte="Texte.")
            envoyer_courriels.enqueue()
        assert attendre(lambda: Courriel.objects.get().etat == "envoye")
        assert time.monotonic() - debut < 1.5
        assert attendre(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")
    finally:
        fil.arreter(10)


# --- Celery ------------------------------------------------------------------------------------------------------


@pytest.fixture
def celery(settings):
    settings.TASKS = CELERY
    from config.celery import app

    return app


def test_celery_execute_la_meme_tache(db, settings, celery, monkeypatch):
    monkeypatch.setattr(celery.conf, "task_always_eager", True)
    settings.COURRIEL_TRANSPORT = ""
    Courriel.objects.create(destinataire="a@exemple.fr", objet="Bonjour", texte="Texte.")
    resultat = envoyer_courriels.enqueue()
    assert resultat.id
    assert isinstance(envoyer_courriels.get_backend(), Celery)
    assert Courriel.objects.get().etat == "envoye"


def test_le_battement_de_celery_appelle_tic(celery, monkeypatch):
    from config.celery import battre

    battements = []
    monkeypatch.setattr("portail.tic.tic", lambda: battements.append(1))
    battre()
    assert battements == [1]
    plan = celery.conf.beat_schedule["tic"]
    assert plan["task"] == battre.name
    assert plan["schedule"] == reglages.TIC_SECONDES


def test_redis_parti_personne_n_attend(celery, monkeypatch, caplog):
    """A page that enqueues goes on at once; the row waits for the beat."""
    monkeypatch.setattr(celery.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(celery.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    # The app remembers its pools: new ones for this test, whose broker is away, and the old ones back after it.
    monkeypatch.setattr(celery, "_pool", None)
    monkeypatch.setattr(celery.amqp, "_producer_pool", None)
    debut = time.monotonic()
    reveiller(envoyer_courriels)
    assert time.monotonic() - debut < 3
    assert "attendra le prochain battement" in caplog.text


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_un_vrai_ouvrier_sur_un_vrai_redis(settings, celery, monkeypatch):
    """Another process, another connection: what this one enqueues, that one does."""
    file = f"essai-{uuid.uuid4().hex}"
    monkeypatch.setattr(celery.conf, "broker_url", reglages.REDIS_URL)
    monkeypatch.setattr(celery.conf, "task_default_queue", file)
    base = connection.settings_dict
    identite = base["USER"] + (f":{base['PASSWORD']}" if base["PASSWORD"] else "")
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "DATABASE_URL": f"postgres://{identite}@{base['HOST']}:{base['PORT'] or 5432}/{base['NAME']}",
        "REDIS_URL": reglages.REDIS_URL,
        "EMAIL_URL": "",
    }
    ouvrier = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool=solo", "-Q", file, "-l", "WARNING",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=reglages.RACINE, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        Courriel.objects.create(destinataire="a@exemple.fr", objet="Bonjour", texte="Texte.")
        envoyer_courriels.enqueue()
        assert attendre(lambda: Courriel.objects.get().etat == "envoye", 60)
    finally:
        ouvrier.terminate()
        ouvrier.wait(20)


def test_les_deux_moteurs_ont_la_meme_facade():
    for moteur in (Embarque, Celery):
        assert moteur.supports_defer
        assert moteur.supports_priority
