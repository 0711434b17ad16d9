"""Votes open and close by the clock; counts that were lost go on, files that were half read go away.

Idempotent: run twice, each step is taken once.
"""

from datetime import timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone

from notifications.tasks import reveiller
from timeline.etapes import franchir_a_l_heure
from votes.models import Comptage, Scrutin
from votes.reprise import effacer_les_abandons
from votes.tasks import compter

SILENCE = timedelta(minutes=1)  # of a running count whose task was lost


def battre() -> dict[str, int]:
    """Take every step that is due; counts of what this call did. Opening first: after a long stop both are still told."""
    maintenant = timezone.now()
    a_ouvrir = Scrutin.objects.a_ouvrir(maintenant).select_related("etape__projet").order_by("ouvre_le", "pk")
    ouverts = sum(franchir_a_l_heure(scrutin.ouvrir) for scrutin in a_ouvrir)
    a_clore = Scrutin.objects.a_clore(maintenant).select_related("etape__projet").order_by("ferme_le", "pk")
    clos = sum(franchir_a_l_heure(scrutin.clore) for scrutin in a_clore)
    effacer_les_abandons()
    return {"ouverts": ouverts, "clos": clos, "comptages": relancer(partial(reveiller, compter))}


def relancer(reveiller_le) -> int:
    """Wake the counts that do not move; how many."""
    maintenant = timezone.now()
    muet = Q(avance_le__lt=maintenant - SILENCE) | Q(avance_le__isnull=True, demande_le__lt=maintenant - SILENCE)
    nombre = 0
    for pk in Comptage.objects.en_cours().filter(muet).values_list("pk", flat=True):
        # Only one of two processes that look at once wakes it.
        if Comptage.objects.en_cours().filter(muet, pk=pk).update(avance_le=maintenant):
            reveiller_le(pk)
            nombre += 1
    return nombre
