"""Consultations open and close by the clock. Idempotent: run twice, or by two processes at once, each step is taken once."""

import logging

from django.utils import timezone

from consultations.models import Consultation
from consultations.participer import oublier_les_abandons
from socle.permissions import SYSTEME
from timeline.etapes import EtapeRefusee, franchir

journal = logging.getLogger(__name__)


def battre() -> dict[str, int]:
    """Take every step that is due; counts of what this call did. Opening first: after a long stop both are still told."""
    maintenant = timezone.now()
    a_ouvrir = Consultation.objects.a_ouvrir(maintenant).select_related("etape__projet").order_by("ouvre_le", "pk")
    ouvertes = sum(_franchir(consultation.ouvrir) for consultation in a_ouvrir)
    a_clore = Consultation.objects.a_clore(maintenant).select_related("etape__projet").order_by("ferme_le", "pk")
    closes = sum(_franchir(consultation.clore) for consultation in a_clore)
    return {"ouvertes": ouvertes, "closes": closes, "abandons_oublies": oublier_les_abandons()}


def _franchir(transition) -> bool:
    """False when somebody was faster, or moved the dates meanwhile. One bad row does not stop the others."""
    try:
        franchir(transition, par=SYSTEME)
    except EtapeRefusee:
        return False
    except Exception:
        journal.exception("consultation %s : %s n'a pas pu être franchie", transition.__self__.pk, transition.__name__)
        return False
    return True
