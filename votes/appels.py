"""What the open stages of a projet let people do here: vote."""

from django.urls import reverse
from django.utils.translation import gettext as _

from socle.templatetags.composants import ecrit_ici, en_phrase


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """A button for each vote of the stage that is open."""
    return [
        (en_phrase(_("Voter : %(vote)s"), vote=ecrit_ici(scrutin.titre)), reverse("votes:voter", args=[scrutin.slug]))
        for scrutin in etape.scrutins.all()
        if scrutin.est_ouvert
    ]
