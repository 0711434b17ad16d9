"""What the queue wakes for ideas. The row of the job is what counts: `tic` goes on with it if the task is lost."""

import logging

from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext as _
from django_tasks import task

from idees.importation.correspondance import CorrespondanceInvalide
from idees.importation.depart import tableau_de
from idees.importation.entretien import oublier_le_fichier
from idees.importation.lecture import FichierIllisible
from idees.importation.moteur import executer
from idees.models import Importation
from notifications.tasks import reveiller
from timeline.etapes import EtapeRefusee
from timeline.temps_reel import diffuser, groupe_de

journal = logging.getLogger(__name__)

TRANCHE = 5  # seconds of work before the next task has its turn


@task()
def reprendre_importation(pk: int) -> None:
    """Works for a while, then gives its place and asks to be called again."""
    importation = (
        Importation.objects.en_cours().filter(pk=pk).exclude(fichier="").select_related("boite", "par").first()
    )
    if importation is None:
        return
    if avancer(importation):
        oublier_le_fichier(importation)
    elif not importation.echec:
        reveiller(reprendre_importation, pk)


def avancer(importation: Importation) -> bool:
    """Some batches of a job; True when it is finished. An error stops the job, with one sentence for the agent."""
    try:
        return executer(importation, tableau_de(importation), pendant=TRANCHE)
    except (CorrespondanceInvalide, FichierIllisible, EtapeRefusee) as erreur:
        _arreter(importation, str(erreur))
    except IntegrityError:
        journal.exception("importation %s", importation.pk)
        _arreter(importation, _("Une autre reprise de la même source est en cours : relancez celle-ci ensuite."))
    except DatabaseError:
        raise  # the database is away: the job goes on when it is back
    except Exception:
        journal.exception("importation %s", importation.pk)
        _arreter(importation, _("Une erreur imprévue a arrêté la reprise. Rien n’est perdu : elle peut être relancée."))
    return False


def _arreter(importation: Importation, raison: str) -> None:
    importation.refresh_from_db()
    importation.echec = raison[:500]
    importation.save(update_fields=["echec"])
    diffuser(groupe_de(importation))
