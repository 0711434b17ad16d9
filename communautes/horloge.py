"""What the clock does of communities: it notes that they live, warns those that are silent, and lets them fall asleep."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from communautes.models import Communaute
from notifications.models import Rappel
from socle.permissions import SYSTEME
from timeline.etapes import franchir_a_l_heure
from timeline.journal import consigner
from timeline.models import Entree

#: In which nothing has happened for so long, a community falls asleep.
SILENCE = timedelta(days=180)
#: Those who lead it are told so long before.
AVANT_LE_SOMMEIL = timedelta(days=30)


def battre() -> dict[str, int]:
    """Take every step that is due; counts of what this call did. Safe when run twice, or by two processes."""
    return {"actives": noter_la_vie(), "prevenues": prevenir(), "endormies": endormir()}


def noter_la_vie() -> int:
    """Write on each community when something last happened in it; how many moved. What the clock says is no life."""
    vivantes = Entree.objects.exclude(par_reference=SYSTEME.reference).filter(
        communaute=OuterRef("pk"), survenu_le__gt=OuterRef("active_le")
    )
    derniere = vivantes.order_by().values("communaute").annotate(le=Max("survenu_le")).values("le")
    reveillees = Communaute.objects.filter(etat=Communaute.Etat.OUVERTE).filter(Exists(vivantes))
    return reveillees.update(active_le=Subquery(derniere))


def _silencieuses(depuis):
    """Open and silent. A panel has a calendar of its own."""
    ouvertes = Communaute.objects.filter(etat=Communaute.Etat.OUVERTE, active_le__lte=depuis)
    return ouvertes.exclude(genre=Communaute.Genre.PANEL).select_related("projet").order_by("active_le", "pk")


def _cle(communaute) -> str:
    """One warning a silence."""
    return f"communaute:{communaute.pk}:sommeil:{communaute.active_le.isoformat()}"


def prevenir() -> int:
    """Write in the journal which communities will fall asleep; number of entries."""
    silencieuses = _silencieuses(timezone.now() - SILENCE + AVANT_LE_SOMMEIL)
    a_dire = {_cle(communaute): communaute for communaute in silencieuses}
    faits = set(Rappel.objects.filter(cle__in=a_dire).values_list("cle", flat=True))
    return sum(_prevenir(communaute, cle) for cle, communaute in a_dire.items() if cle not in faits)


@transaction.atomic
def _prevenir(communaute, cle) -> bool:
    if not Rappel.objects.premier(cle):
        return False
    consigner(
        "communautes.rappeler", cible=communaute, projet=communaute.projet_du_journal(), par=SYSTEME, publique=False
    )
    return True


def endormir() -> int:
    """Let fall asleep those that were warned long enough ago, also after a long stop of the clock; how many."""
    maintenant = timezone.now()
    silencieuses = {_cle(communaute): communaute for communaute in _silencieuses(maintenant - SILENCE)}
    prevenues = Rappel.objects.filter(cle__in=silencieuses, cree_le__lte=maintenant - AVANT_LE_SOMMEIL)
    return sum(franchir_a_l_heure(silencieuses[cle].endormir) for cle in prevenues.values_list("cle", flat=True))
