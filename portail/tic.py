"""The one periodic step: everything that depends on the clock, and everything that a crash left undone.

Called every few seconds by the thread of the embedded profile, by Celery beat, or by `manage.py tic`. Each part is
idempotent and safe when two processes run it at once; one that fails is logged and does not stop the others.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from communautes import horloge as communautes
from communautes.actions_questions import constater_les_seuils
from communautes.panels import horloge as panels
from communautes.sondages import clore_a_l_heure
from comptes.effacement import oublier_inscriptions_abandonnees, oublier_sessions_finies
from consultations import horloge as consultations
from consultations.rappels import rappeler as rappeler_les_consultations
from idees.horloge import battre
from notifications.expedition import envoyer, purger
from notifications.tasks import rattraper
from projets.horloge import ouvrir_et_fermer
from reponses.avis_demandes import demander_si_utiles
from reponses.escalade import escalader
from reponses.mois import sceller_les_mois
from reponses.rappels import rappeler, rappeler_les_precisions
from votes import horloge as votes
from votes.rappels import rappeler as rappeler_les_votes

journal = logging.getLogger(__name__)

TACHES_GARDEES = timedelta(days=1)


def oublier_les_taches() -> int:
    """Tasks of the embedded queue that ran, or that died with their process: what they did is elsewhere."""
    anciennes = DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - TACHES_GARDEES)
    return anciennes.exclude(pk__in=DBTaskResult.objects.ready().values("pk")).delete()[0]


#: In this order: what happens, then what is told of it, then what leaves, then what is forgotten.
PARTIES: dict[str, Callable] = {
    "projets": ouvrir_et_fermer,
    "idees": battre,
    "questions": constater_les_seuils,
    "consultations": consultations.battre,
    "votes": votes.battre,
    "communautes": communautes.battre,
    "sondages": clore_a_l_heure,
    "panels": panels.battre,
    "rappels": rappeler,
    "rappels_des_precisions": rappeler_les_precisions,
    "rappels_des_consultations": rappeler_les_consultations,
    "rappels_des_votes": rappeler_les_votes,
    "escalades": escalader,
    "avis_demandes": demander_si_utiles,
    "mois_scelles": sceller_les_mois,
    "annonces": rattraper,
    "courriels": envoyer,
    "courriels_oublies": purger,
    "inscriptions_oubliees": oublier_inscriptions_abandonnees,
    "sessions_oubliees": oublier_sessions_finies,
    "taches_oubliees": oublier_les_taches,
}


def tic() -> dict[str, int | None]:
    """What each part did, as numbers; None for one that failed."""
    bilan: dict[str, int | None] = {}
    for nom, partie in PARTIES.items():
        try:
            fait = partie()
        except Exception:
            journal.exception("tic : la partie « %s » a échoué ; nouvel essai au prochain battement", nom)
            bilan[nom] = None
        else:
            bilan |= {f"{nom}.{quoi}": n for quoi, n in fait.items()} if isinstance(fait, dict) else {nom: fait}
    return bilan
