from django.contrib.contenttypes.models import ContentType

from socle.double_envoi import recentes
from timeline.models import Entree


def deja_consigne(type_, lignes, *, par):
    """The row of the queryset `lignes` that this person made less than a minute ago, or None.

    For rows that keep no date of their own: the journal says it, by the entry `type_` that their making wrote.
    """
    type_cible = ContentType.objects.get_for_model(lignes.model)
    dites = recentes(Entree.objects, "le", type=type_, par=par, cible_type=type_cible)
    return lignes.filter(pk__in=dites.values("cible_id")).first()
