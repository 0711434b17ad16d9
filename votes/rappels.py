"""What the clock says before a vote ends, once: some who follow it have not voted."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.models import Rappel
from socle.permissions import SYSTEME
from timeline.journal import consigner
from votes.models import Scrutin

AVANT_LA_FIN = timedelta(days=2)


def rappeler() -> int:
    """Write in the journal which votes end soon; number of entries. Safe when run twice, or by two processes.

    One that is shorter than twice the delay has no reminder. The entry says nothing of who has voted, nor how many.
    """
    maintenant = timezone.now()
    proches = Scrutin.objects.filter(
        etat=Scrutin.Etat.OUVERT,
        ferme_le__gt=maintenant,
        ferme_le__lte=maintenant + AVANT_LA_FIN,
        ouvre_le__lt=F("ferme_le") - 2 * AVANT_LA_FIN,
    ).pour_phrase()
    a_dire = {f"vote:{scrutin.pk}:fin": scrutin for scrutin in proches}
    faits = set(Rappel.objects.filter(cle__in=a_dire).values_list("cle", flat=True))
    return sum(_dire(scrutin, cle) for cle, scrutin in a_dire.items() if cle not in faits)


@transaction.atomic
def _dire(scrutin: Scrutin, cle: str) -> bool:
    if not Rappel.objects.premier(cle):
        return False
    consigner(
        "votes.rappeler",
        cible=scrutin,
        projet=scrutin.projet_du_journal(),
        par=SYSTEME,
        publique=False,
        donnees={"ferme_le": scrutin.ferme_le.isoformat()},
    )
    return True
