"""The communities of a projet, on its page."""

from communautes.models import Communaute


def de_ce_projet(projet, personne):
    """Those that this person may see; the latest active first."""
    visibles = Communaute.objects.visibles_par(personne).annoncees().filter(projet=projet)
    return visibles.pour_liste().order_by("-active_le", "-pk")
