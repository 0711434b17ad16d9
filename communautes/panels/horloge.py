"""Draws go on when their task was lost; names and addresses go away at the date of the mandate. Idempotent."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from communautes.models import Calcul, Coordonnees, FichierRecu, Mandat, Panel
from communautes.panels.places import prefixe_des_courriels
from communautes.tasks import calculer_les_lots
from notifications.models import Courriel
from notifications.tasks import reveiller
from socle.permissions import SYSTEME
from timeline.journal import consigner

SILENCE = timedelta(minutes=5)  # of a computation whose task was lost: its first part says nothing for a while
GARDE = timedelta(days=1)  # of a file that was received and not imported


def battre() -> dict[str, int]:
    return {
        "calculs": relancer(partial(reveiller, calculer_les_lots)),
        "viviers_effaces": effacer_a_la_date(),
        "cles_oubliees": oublier_les_cles_parties(),
        "fichiers_oublies": FichierRecu.objects.filter(recu_le__lt=timezone.now() - GARDE).delete()[0],
    }


def oublier_les_cles_parties() -> int:
    """Mails that opened a seat, once they have left, or were given up: nobody here keeps a key."""
    parties = Courriel.objects.filter(cle__regex=r"^panel-[0-9]+-place-").exclude(etat=Courriel.Etat.EN_ATTENTE)
    return parties.delete()[0]


def relancer(reveiller_le) -> int:
    """Wake the computations that do not move; how many."""
    maintenant = timezone.now()
    muet = Q(avance_le__lt=maintenant - SILENCE) | Q(avance_le__isnull=True, demande_le__lt=maintenant - SILENCE)
    nombre = 0
    for pk in Calcul.objects.en_cours().filter(muet).values_list("pk", flat=True):
        # Only one of two processes that look at once wakes it.
        if Calcul.objects.en_cours().filter(muet, pk=pk).update(avance_le=maintenant):
            reveiller_le(pk)
            nombre += 1
    return nombre


def effacer_a_la_date() -> int:
    """Erase the personal columns of the panels whose date has come; how many panels.

    A version never puts the date off: any version that is due is due in the last one.
    """
    dus = Mandat.objects.filter(effacer_le__lte=timezone.localdate(), panel__efface_le__isnull=True)
    _effacer_ceux_qui_n_ont_rien_annonce(dus.filter(numero=1, publie_le__isnull=True))
    return sum(_effacer(pk) for pk in sorted(set(dus.filter(publie_le__isnull=False).values_list("panel", flat=True))))


def _effacer_ceux_qui_n_ont_rien_annonce(brouillons) -> None:
    """Nobody was told of these panels: nothing is told of their pools either."""
    panels = brouillons.order_by().values("panel")
    Coordonnees.objects.filter(panel__in=panels).delete()
    FichierRecu.objects.filter(tirage__panel__in=panels).delete()


@transaction.atomic
def _effacer(pk: int) -> bool:
    panel = Panel.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=pk)
    if panel.efface_le is not None:
        return False
    Coordonnees.objects.filter(panel=panel).delete()
    FichierRecu.objects.filter(tirage__panel=panel).delete()
    Courriel.objects.filter(cle__startswith=prefixe_des_courriels(panel)).delete()
    panel.efface_le = timezone.now()
    panel.save(update_fields=["efface_le"])
    consigner(
        "communautes.panel.effacer",
        cible=panel,
        projet=panel.projet_du_journal(),
        par=SYSTEME,
        donnees={"le": panel.mandat.effacer_le.isoformat()},
    )
    return True
