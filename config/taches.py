"""The two engines behind `django.tasks`: a thread of this process, or Celery.

Work that must not be lost is a row of its own (see `timeline.Relais`, `notifications.Courriel`); a task only wakes
whoever reads these rows. So neither engine needs retries, and a lost task costs one `tic` of delay.
"""

import atexit
import logging
import os
import threading
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import task_backends
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks_db.backend import DatabaseBackend

journal = logging.getLogger(__name__)

SONDAGE = 2  # seconds between two looks at the queue; what this process enqueues is seen at once
PATIENCE = 5  # seconds left at shutdown to the task that is running


class Fil:
    """The two daemon threads of the embedded profile: the worker, and the clock that calls `tic`."""

    def __init__(self):
        self._verrou = threading.Lock()
        self._fils: list[threading.Thread] = []
        self._arret, self._reveil = threading.Event(), threading.Event()
        self._ouvrier = None

    @property
    def tourne(self) -> bool:
        return any(fil.is_alive() for fil in self._fils)

    def demarrer(self):
        """Once: a second call changes nothing."""
        with self._verrou:
            if self.tourne:
                return
            self._arret.clear()
            self._fils = [
                threading.Thread(target=boucle, daemon=True, name=nom)
                for nom, boucle in (("taches", self._travailler), ("tic", self._battre))
            ]
            for fil in self._fils:
                fil.start()
        atexit.unregister(self.arreter)
        atexit.register(self.arreter)

    def arreter(self, patience: float = PATIENCE):
        """Let the running task end, take no other. What is cut off all the same is a row, read again at next start."""
        self._arret.set()
        self._reveil.set()
        if self._ouvrier is not None:
            self._ouvrier.running = False
        for fil in self._fils:
            fil.join(patience)

    def reveiller(self):
        self._reveil.set()

    def _travailler(self):
        while not self._arret.is_set():
            self._reveil.clear()
            try:
                self._vider_la_file()
            except Exception:  # the thread must outlive a database that is restarting
                journal.exception("le fil des tâches reprend dans un instant")
            finally:
                connections.close_all()
            self._reveil.wait(SONDAGE)

    def _vider_la_file(self):
        from django_tasks_db.management.commands.db_worker import Worker

        self._ouvrier = Worker(
            queue_names=["default"],
            excluded_queue_names=[],
            interval=0.1,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"fil-{os.getpid()}-{get_random_string(8)}",
        )
        if not self._arret.is_set():
            self._ouvrier.run()

    def _battre(self):
        from portail.tic import tic

        while not self._arret.is_set():
            try:
                close_old_connections()
                tic()
            except Exception:
                journal.exception("tic a échoué ; nouvel essai au prochain battement")
            finally:
                connections.close_all()
            self._arret.wait(settings.TIC_SECONDES)


FIL = Fil()


def demarrer():
    """Called by the web process when it starts, and by nothing else: a command enqueues, the site does the work."""
    moteur: object = task_backends["default"]  # the two packages do not write `enqueue` alike
    if isinstance(moteur, Embarque):
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)  # it tells each look at an empty queue
        FIL.demarrer()


class Embarque(DatabaseBackend):
    """Queue in the database, worker thread in the web process: no broker to install."""

    def enqueue(self, task, args, kwargs):
        resultat: Any = super().enqueue(task, args, kwargs)
        transaction.on_commit(FIL.reveiller)
        return resultat


class Celery(BaseTaskBackend):
    supports_defer = True
    supports_priority = True

    def enqueue(self, task, args, kwargs):
        """Raises kombu.exceptions.OperationalError at once when the broker is down: nobody's page waits for it."""
        from config.celery import executer

        self.validate_task(task)
        envoi = executer.apply_async((task.module_path, list(args), dict(kwargs)), eta=task.run_after, retry=False)
        return TaskResult(
            task=task,
            id=envoi.id,
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
