"""Stages open and close by the clock. Idempotent: run twice, or by two processes at once, each step is taken once."""

from django.utils import timezone

from projets.models import Etape, Projet
from timeline.etapes import franchir_a_l_heure


def ouvrir_et_fermer() -> dict[str, int]:
    """Take every step that is due; counts of what this call did.

    Opening comes first: after a long stop, a stage that came and went is still told as opened, then as closed.
    """
    maintenant = timezone.now()
    a_ouvrir = Etape.objects.a_ouvrir(maintenant).select_related("projet").order_by("ouvre_le", "pk")
    ouvertes = sum(franchir_a_l_heure(etape.ouvrir) for etape in a_ouvrir)
    a_lancer = (
        Projet.objects.filter(etat=Projet.Etat.ANNONCE, etapes__etat=Etape.Etat.OUVERTE).distinct().order_by("pk")
    )
    projets = sum(franchir_a_l_heure(projet.ouvrir) for projet in a_lancer)
    a_fermer = Etape.objects.a_fermer(maintenant).select_related("projet").order_by("ferme_le", "pk")
    fermees = sum(franchir_a_l_heure(etape.fermer) for etape in a_fermer)
    return {"ouvertes": ouvertes, "projets": projets, "fermees": fermees}
