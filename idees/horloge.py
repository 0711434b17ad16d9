"""What time brings to ideas. Idempotent: run twice, or by two processes, it changes nothing more."""

from django.db.models import Count, F

from idees.actions import constater_le_seuil
from idees.brouillons import oublier_les_abandons
from idees.models import Idee


def battre() -> dict[str, int]:
    """Start the studies that a crash left unstarted, refresh the sort key, forget abandoned drafts; counts of each."""
    return {
        "etudes": _rattraper_les_seuils(),
        "poids": _rafraichir_les_poids(),
        "brouillons_oublies": oublier_les_abandons(),
    }


def _rattraper_les_seuils() -> int:
    """Ideas at their threshold whose study has not begun: the process died between the support and the step."""
    au_seuil = (
        Idee.objects.filter(etat=Idee.Etat.PUBLIEE, masquee_le__isnull=True)
        .annotate(nb=Count("soutiens"))
        .filter(nb__gte=F("boite__seuil_soutiens"))
    )
    return sum(constater_le_seuil(idee) for idee in au_seuil)


def _rafraichir_les_poids() -> int:
    """Write the present number of supports where the sort key differs, at most a thousand rows a beat.

    Only ideas that still receive supports: the count of the others no longer moves.
    """
    ouvertes = Idee.objects.filter(etat__in=Idee.ETATS_SOUTENABLES).annotate(nb=Count("soutiens"))
    changees = list(ouvertes.exclude(poids=F("nb")).only("pk", "poids", "etat")[:1000])
    for idee in changees:
        idee.poids = idee.nb
    Idee.objects.bulk_update(changees, ["poids"])
    return len(changees)
