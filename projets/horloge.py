"""Stages open and close by the clock. Idempotent: run twice, or by two processes at once, each step is taken once."""

import logging

from django.utils import timezone

from projets.models import Etape, Projet
from socle.permissions import SYSTEME
from timeline.etapes import EtapeRefusee, franchir

journal = logging.getLogger(__name__)


def ouvrir_et_fermer() -> dict[str, int]:
    """Take every step that is due; counts of what this call did.

    Opening comes first: after a long stop, a stage that came and went is still told as opened, then as closed.
    """
    maintenant = timezone.now()
    a_ouvrir = Etape.objects.a_ouvrir(maintenant).select_related("projet").order_by("ouvre_le", "pk")
    ouvertes = sum(_franchir(etape.ouvrir) for etape in a_ouvrir)
    a_lancer = (
        Projet.objects.filter(etat=Projet.Etat.ANNONCE, etapes__etat=Etape.Etat.OUVERTE).distinct().order_by("pk")
    )
    projets = sum(_franchir(projet.ouvrir) for projet in a_lancer)
    a_fermer = Etape.objects.a_fermer(maintenant).select_related("projet").order_by("ferme_le", "pk")
    fermees = sum(_franchir(etape.fermer) for etape in a_fermer)
    return {"ouvertes": ouvertes, "projets": projets, "fermees": fermees}


def _franchir(transition) -> bool:
    """False when somebody was faster, or moved the dates meanwhile. One bad row does not stop the others."""
    try:
        franchir(transition, par=SYSTEME)
    except EtapeRefusee:
        return False
    except Exception:
        objet = transition.__self__
        journal.exception("%s %s : l'étape %s n'a pas pu être franchie", objet.famille, objet.pk, transition.__name__)
        return False
    return True
