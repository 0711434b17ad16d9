"""What the stages of a projet open here: calls for ideas."""

from django.urls import reverse
from django.utils.translation import gettext as _

from projets.models import Etape


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """Buttons of an open stage that carries calls for ideas."""
    boutons = []
    for boite in etape.boites.all():
        if boite.est_active and etape.permet(Etape.Fonction.PROPOSER):
            boutons.append(
                (_("Proposer : %(boite)s") % {"boite": boite.titre}, reverse("idees:proposer_dans", args=[boite.slug]))
            )
        boutons.append(
            (_("Voir les idées : %(boite)s") % {"boite": boite.titre}, reverse("idees:boite", args=[boite.slug]))
        )
    return boutons
