"""Consultations open and close by the clock. Idempotent: run twice, or by two processes at once, each step is taken once."""

from django.utils import timezone

from consultations.models import Consultation
from consultations.participer import oublier_les_abandons
from timeline.etapes import franchir_a_l_heure


def battre() -> dict[str, int]:
    """Take every step that is due; counts of what this call did. Opening first: after a long stop both are still told."""
    maintenant = timezone.now()
    a_ouvrir = Consultation.objects.a_ouvrir(maintenant).select_related("etape__projet").order_by("ouvre_le", "pk")
    ouvertes = sum(franchir_a_l_heure(consultation.ouvrir) for consultation in a_ouvrir)
    a_clore = Consultation.objects.a_clore(maintenant).select_related("etape__projet").order_by("ferme_le", "pk")
    closes = sum(franchir_a_l_heure(consultation.clore) for consultation in a_clore)
    return {"ouvertes": ouvertes, "closes": closes, "abandons_oublies": oublier_les_abandons()}
