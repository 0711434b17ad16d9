"""What the clock says of the answers that are due: before the date, and the day after it. Each thing once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications.models import Rappel
from reponses.escalade import noter
from reponses.models import Echeance, Escalade, SecondeLecture
from socle.permissions import SYSTEME
from timeline.journal import consigner

SEUILS = (1, 7, 14)  # days before the due date
SEUILS_DES_PRECISIONS = (1, 7)  # the mediator gives less time


def rappeler() -> int:
    """Write in the journal what is due soon or late; number of entries. Safe when run twice, or by two processes."""
    horizon = timezone.localdate() + timedelta(days=max(SEUILS))
    proches = Echeance.objects.en_cours().filter(due_le__lte=horizon).prefetch_related("cible")
    a_dire = {f"echeance:{e.pk}:{seuil}": (e, seuil) for e in proches if (seuil := _seuil(e)) is not None}
    faits = set(Rappel.objects.filter(cle__in=a_dire).values_list("cle", flat=True))
    return sum(_dire(echeance, cle, seuil) for cle, (echeance, seuil) in a_dire.items() if cle not in faits)


def _seuil(echeance) -> int | None:
    """The nearest reminder whose day has come; 0 once the date is past. None: nothing to say.

    After a long stop only the latest is said. A delay shorter than a reminder has no such reminder.
    """
    if echeance.cible is None or not echeance.cible.attend_reponse():
        return None
    if echeance.est_en_retard:
        return 0
    seuil = next((s for s in SEUILS if echeance.jours_restants <= s), None)
    if seuil is None or echeance.due_le - timedelta(days=seuil) <= timezone.localdate(echeance.depuis_le):
        return None
    return seuil


@transaction.atomic
def _dire(echeance, cle, seuil) -> bool:
    if not Rappel.objects.premier(cle):
        return False
    if not seuil:
        noter(echeance, Escalade.Palier.RETARD)
    consigner(
        "reponses.echeance.rappeler" if seuil else "reponses.echeance.depasser",
        cible=echeance.cible,
        projet=echeance.cible.projet_du_journal(),
        par=SYSTEME,
        publique=not seuil,
        donnees={"due_le": echeance.due_le.isoformat(), **({"jours": echeance.jours_restants} if seuil else {})},
    )
    return True


# --- What the mediator asked for ------------------------------------------------------------------------------------


def rappeler_les_precisions() -> int:
    """The same for the answers that the mediator wants made precise: what she is promised has a date too."""
    horizon = timezone.localdate() + timedelta(days=max(SEUILS_DES_PRECISIONS))
    lectures = SecondeLecture.objects.filter(etat=SecondeLecture.Etat.A_PRECISER, due_le__lte=horizon)
    a_dire = {}
    for lecture in lectures.select_related("reponse__projet"):
        if (seuil := _seuil_de_la_precision(lecture)) is not None:
            a_dire[f"precision:{lecture.pk}:{seuil}"] = (lecture, seuil)
    faits = set(Rappel.objects.filter(cle__in=a_dire).values_list("cle", flat=True))
    return sum(_dire_la_precision(cle, *quoi) for cle, quoi in a_dire.items() if cle not in faits)


def _seuil_de_la_precision(lecture) -> int | None:
    """As `_seuil`; her conclusion told them already of a reminder whose day was before it."""
    if lecture.jours_restants < 0:
        return 0
    seuil = next(s for s in SEUILS_DES_PRECISIONS if lecture.jours_restants <= s)
    return seuil if lecture.due_le - timedelta(days=seuil) > timezone.localdate(lecture.conclue_le) else None


@transaction.atomic
def _dire_la_precision(cle, lecture, seuil) -> bool:
    if not Rappel.objects.premier(cle):
        return False
    consigner(
        "reponses.mediation.rappeler" if seuil else "reponses.mediation.depasser",
        cible=lecture,
        projet=lecture.projet_du_journal(),
        par=SYSTEME,
        publique=not seuil,
        donnees={"due_le": lecture.due_le.isoformat(), **({"jours": lecture.jours_restants} if seuil else {})},
    )
    return True
