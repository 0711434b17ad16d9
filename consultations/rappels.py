"""What the clock says before a consultation ends, once: some have begun to answer and not sent it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consultations.models import Consultation
from notifications.models import Rappel
from socle.permissions import SYSTEME
from timeline.journal import consigner

AVANT_LA_FIN = timedelta(days=2)


def rappeler() -> int:
    """Write in the journal which consultations end soon; number of entries. Safe when run twice, or by two processes.

    One that is shorter than twice the delay has no reminder. The entry is written whether or not somebody has begun: it
    must not tell that somebody has.
    """
    maintenant = timezone.now()
    proches = Consultation.objects.filter(
        etat=Consultation.Etat.OUVERTE,
        ferme_le__gt=maintenant,
        ferme_le__lte=maintenant + AVANT_LA_FIN,
        ouvre_le__lt=F("ferme_le") - 2 * AVANT_LA_FIN,
    ).pour_phrase()
    a_dire = {f"consultation:{c.pk}:fin:{c.ferme_le:%Y-%m-%d}": c for c in proches}
    faits = set(Rappel.objects.filter(cle__in=a_dire).values_list("cle", flat=True))
    return sum(_dire(consultation, cle) for cle, consultation in a_dire.items() if cle not in faits)


@transaction.atomic
def _dire(consultation, cle) -> bool:
    if not Rappel.objects.premier(cle):
        return False
    consigner(
        "consultations.rappeler",
        cible=consultation,
        projet=consultation.projet_du_journal(),
        par=SYSTEME,
        publique=False,
        donnees={"ferme_le": consultation.ferme_le.isoformat()},
    )
    return True
