"""What the queue wakes. Each task reads rows that wait; losing one costs a beat of `tic`, nothing else."""

import logging
from datetime import timedelta

from django.conf import settings
from django_tasks import task
from django_tasks.base import Task

from notifications import annonces, expedition, registre
from notifications.models import Courriel

journal = logging.getLogger(__name__)

RETARD = timedelta(seconds=2)  # before the clock does the work of a task that should have run


@task()
def annoncer(entree_pk: int) -> None:
    annonces.annoncer(entree_pk)


@task()
def envoyer_courriels() -> None:
    """Sends for a while, then gives its place and asks to be called again."""
    if expedition.envoyer() and settings.COURRIEL_TRANSPORT and Courriel.objects.a_envoyer().exists():
        reveiller(envoyer_courriels)


def reveiller(tache: Task, *arguments) -> None:
    """Enqueue, if the queue is there: the row that waits is what counts, and the clock reads it too."""
    try:
        tache.enqueue(*arguments)
    except Exception:
        journal.warning("la file est indisponible : %s attendra le prochain battement", tache.name, exc_info=True)


def reveiller_pour(entree, **kwargs) -> None:
    """Receiver of `entree_consignee`."""
    if registre.est_annonce(entree.type):
        reveiller(annoncer, entree.pk)


def rattraper() -> int:
    """Tell the entries whose task was lost; their number."""
    return annonces.rattraper(RETARD)
