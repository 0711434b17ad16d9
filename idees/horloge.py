"""What time brings to ideas. Idempotent: run twice, or by two processes, it changes nothing more."""

from functools import partial

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from idees import fusion
from idees.actions import constater_le_seuil
from idees.brouillons import oublier_les_abandons
from idees.depots import oublier_les_contacts
from idees.equipe import oublier_les_perimees
from idees.exposition import regler_les_vues, tourner
from idees.importation import entretien
from idees.models import Idee
from idees.models.idee import nombre_de_commentaires
from idees.tasks import reprendre_importation
from notifications.tasks import reveiller


def battre() -> dict[str, int]:
    """Settle merges and studies, refresh the sort keys, keep the exposure fair, forget what is over; counts of each."""
    return {
        "fusions": fusion.avancer(),
        "etudes": _rattraper_les_seuils(),
        "poids": _rafraichir(
            "poids", Idee.objects.annotate(nb=Count("soutiens") + F("soutiens_repris") + _repris_des_rejointes())
        ),
        "echanges": _rafraichir("echanges", Idee.objects.annotate(nb=nombre_de_commentaires())),
        "vues": regler_les_vues(),
        "rangs": tourner(),
        "invitations": oublier_les_perimees(),
        "contacts_oublies": oublier_les_contacts(),
        "importations": entretien.relancer(partial(reveiller, reprendre_importation)),
        "fichiers_importes": entretien.oublier(),
        "brouillons_oublies": oublier_les_abandons(),
    }


def _repris_des_rejointes():
    """What the ideas that joined the outer one brought of another platform."""
    rejointes = Idee.objects.filter(fusionnee_dans=OuterRef("pk")).order_by().values("fusionnee_dans")
    return Coalesce(Subquery(rejointes.annotate(n=Sum("soutiens_repris")).values("n")), 0)


def _rattraper_les_seuils() -> int:
    """Ideas at their threshold whose study has not begun: the process died between the support and the step."""
    au_seuil = (
        Idee.objects.filter(etat=Idee.Etat.PUBLIEE, masquee_le__isnull=True)
        .annotate(nb=Count("soutiens"))
        .filter(nb__gte=F("seuil_soutiens"))
    )
    return sum(constater_le_seuil(idee) for idee in au_seuil)


def _rafraichir(cle, comptees) -> int:
    """Write the present number (`nb`) where the sort key differs, at most a thousand rows a beat.

    Only ideas that still receive supports and comments: the count of the others no longer moves.
    """
    ouvertes = comptees.filter(etat__in=Idee.ETATS_SOUTENABLES)
    changees = list(ouvertes.exclude(**{cle: F("nb")}).only("pk", cle, "etat")[:1000])
    for idee in changees:
        setattr(idee, cle, idee.nb)
    Idee.objects.bulk_update(changees, [cle])
    return len(changees)
