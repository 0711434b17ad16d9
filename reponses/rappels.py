"""What the clock says of the answers that are due: reminders, and what goes up when no answer comes. Each thing once.

Of one answer at most one thing is said a day: what goes up replaces the reminder of that day.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import Rappel
from reponses.models import Echeance, Escalade, palier_atteint
from socle.permissions import SYSTEME
from timeline.journal import consigner

SEUILS = (1, 7, 14)  # days before the due date


def rappeler() -> int:
    """Write in the journal what is due soon, goes up or is late; number of entries.

    Safe when run twice, or by two processes. After a long stop only the latest is said.
    """
    horizon = timezone.localdate() + timedelta(
        days=max(*SEUILS, settings.ESCALADE_SERVICE_JOURS, settings.ESCALADE_ELUE_JOURS)
    )
    proches = Echeance.objects.en_cours().filter(due_le__lte=horizon).prefetch_related("cible", "escalades")
    attendues = [echeance for echeance in proches if echeance.cible is not None and echeance.cible.attend_reponse()]
    seuils = {e.pk: seuil for e in attendues if (seuil := _seuil(e)) is not None}
    faits = _rappels_faits({_cle(pk, seuil) for pk, seuil in seuils.items()})
    return sum(_dire(echeance, seuils.get(echeance.pk), faits) for echeance in attendues)


def _dire(echeance, seuil, faits) -> bool:
    """One thing at most: the level that it has just reached, or else the reminder of the day."""
    montees = {escalade.palier: timezone.localdate(escalade.le) for escalade in echeance.escalades.all()}
    palier = palier_atteint(echeance)
    if palier is not None and palier not in montees:
        # A reminder said earlier today: tomorrow is soon enough. Never for what is late, which had none today.
        if any(le == timezone.localdate() for cle, le in faits.items() if cle == _cle(echeance.pk, seuil)):
            return False
        return _escalader(echeance, palier, seuil)
    dit_aujourdhui = timezone.localdate() in montees.values()
    if seuil is None or dit_aujourdhui or _cle(echeance.pk, seuil) in faits:
        return False
    return _rappeler(echeance, seuil)


def _cle(echeance_pk, seuil) -> str:
    return f"echeance:{echeance_pk}:{seuil}"


def _rappels_faits(cles) -> dict:
    """{key: day on which it was said}"""
    faits = Rappel.objects.filter(cle__in=cles).values_list("cle", "cree_le")
    return {cle: timezone.localdate(le) for cle, le in faits}


def _seuil(echeance) -> int | None:
    """The nearest reminder whose day has come. None: nothing to remind. A delay shorter than a reminder has none such."""
    if echeance.est_en_retard:
        return None
    seuil = next((s for s in SEUILS if echeance.jours_restants <= s), None)
    if seuil is None or echeance.due_le - timedelta(days=seuil) <= timezone.localdate(echeance.depuis_le):
        return None
    return seuil


@transaction.atomic
def _rappeler(echeance, seuil) -> bool:
    if not Rappel.objects.premier(_cle(echeance.pk, seuil)):
        return False
    _consigner("rappeler", echeance, {"jours": echeance.jours_restants})
    return True


@transaction.atomic
def _escalader(echeance, palier, seuil) -> bool:
    """One row a level; the reminder whose day it also is counts as said."""
    if not Echeance.objects.en_cours().filter(pk=echeance.pk).exists():
        return False
    projet = echeance.cible.projet_du_journal()
    if not Escalade.objects.get_or_create(echeance=echeance, palier=palier, defaults={"projet": projet})[1]:
        return False
    if seuil is not None:
        Rappel.objects.premier(_cle(echeance.pk, seuil))
    if palier == Escalade.Palier.RETARD:
        _consigner("depasser", echeance, {}, publique=True)
    else:
        _consigner("escalader", echeance, {"palier": str(palier), "jours": echeance.jours_restants})
    return True


def _consigner(verbe, echeance, donnees, *, publique=False):
    consigner(
        f"reponses.echeance.{verbe}",
        cible=echeance.cible,
        projet=echeance.cible.projet_du_journal(),
        par=SYSTEME,
        publique=publique,
        donnees={"due_le": echeance.due_le.isoformat(), **donnees},
    )
