"""What the open stages of a projet let people do here: vote."""

from django.urls import reverse
from django.utils.translation import gettext as _


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """A button for each vote of the stage that is open."""
    return [
        (_("Voter : %(vote)s") % {"vote": scrutin.titre}, reverse("votes:voter", args=[scrutin.slug]))
        for scrutin in etape.scrutins.all()
        if scrutin.est_ouvert
    ]
