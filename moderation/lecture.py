"""What a moderator may read in order to judge it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from moderation.models import Signalement


def jugeables_par(modele: type[Any], personne) -> QuerySet:
    """Rows of this kind that she may read; to a moderator, also what somebody has reported inside a closed community, and
    what is hidden there: these words, and nothing else of it.

    A kind that may live in a closed community says which of its rows are there (`a_huis_clos`).
    """
    visibles = modele._default_manager.visibles_par(personne)
    a_huis_clos = getattr(modele._default_manager, "a_huis_clos", None)
    if a_huis_clos is None or not personne.est_moderatrice:
        return visibles
    signalees = Signalement.objects.filter(cible_type=ContentType.objects.get_for_model(modele)).values("cible_id")
    montrees = a_huis_clos().filter(Q(pk__in=signalees) | Q(masquee_le__isnull=False))
    return modele._default_manager.filter(Q(pk__in=visibles.values("pk")) | Q(pk__in=montrees.values("pk")))
