"""Celery of the production profile: one generic task that runs any `django.tasks` task, and the beat of `tic`."""

import os

from celery import Celery
from django.conf import settings
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("estuaire", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    broker_connection_retry_on_startup=True,
    # A page that enqueues does not wait for a broker that is away: the row is written, the beat will read it.
    broker_transport_options={
        "socket_connect_timeout": 2,
        "max_retries": 0,
        "interval_start": 0,
        "connect_retries_timeout": 2,
    },
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    beat_schedule={
        "tic": {
            "task": "config.celery.battre",
            "schedule": float(settings.TIC_SECONDES),
            # After a stop of the workers, one beat is enough.
            "options": {"expires": float(settings.TIC_SECONDES)},
        }
    },
)


@app.task(name="config.celery.executer")
def executer(chemin: str, args: list, kwargs: dict) -> None:
    import_string(chemin).call(*args, **kwargs)


@app.task(name="config.celery.battre")
def battre() -> None:
    import_string("portail.tic.tic")()
