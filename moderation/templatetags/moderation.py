from django import template

from moderation.models import Decision, Motif
from socle.permissions import est_connectee

register = template.Library()


@register.filter
def libelle_motif(code) -> str:
    """A ground of the charter in words; the journal keeps its code only."""
    return str(Motif(code).label) if code in Motif.values else ""


@register.simple_tag
def decision_sur(objet, personne):
    """The last decision about a contribution, when this person may read it; None otherwise."""
    if not est_connectee(personne):
        return None
    return Decision.objects.visibles_par(personne).sur(objet).first()
