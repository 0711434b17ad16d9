"""« Cette réponse vous est-elle utile ? », asked once of those who waited for it, some days after they could read it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import Rappel
from reponses.models import Reponse
from socle.permissions import SYSTEME
from timeline.journal import consigner

#: After a long stop, or on the first day of this rule, nobody is asked about what she read months ago.
RATTRAPAGE = timedelta(days=30)


def demander_si_utiles() -> int:
    """Ask of every answer whose day has come; number of answers. Safe when run twice, or by two processes.

    Who is asked is decided when it is told: those who have rated by then are not.
    """
    if not settings.REPONSE_UTILE_JOURS:
        return 0
    fin = timezone.now() - timedelta(days=settings.REPONSE_UTILE_JOURS)
    mures = Reponse.objects.publiees().filter(
        corrige__isnull=True, publiee_le__lte=fin, publiee_le__gt=fin - RATTRAPAGE
    )
    cles = {f"utile:{pk}": pk for pk in mures.order_by("publiee_le").values_list("pk", flat=True)}
    faites = set(Rappel.objects.filter(cle__in=cles).values_list("cle", flat=True))
    a_dire = Reponse.objects.filter(pk__in=[pk for cle, pk in cles.items() if cle not in faites])
    a_dire = a_dire.select_related("projet").prefetch_related("cible")
    # What moderation has hidden is asked about when it is back.
    return sum(_demander(reponse) for reponse in a_dire if reponse.cible_lisible)


@transaction.atomic
def _demander(reponse) -> bool:
    if not Rappel.objects.premier(f"utile:{reponse.pk}"):
        return False
    consigner(
        "reponses.utilite.demander",
        cible=reponse,
        projet=reponse.projet_du_journal(),
        par=SYSTEME,
        publique=False,
    )
    return True
