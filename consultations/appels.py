"""What the stages of a projet open here: questions."""

from django.urls import reverse
from django.utils.translation import gettext as _


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """Buttons of an open stage that asks questions."""
    return [
        (
            _("Répondre : %(consultation)s") % {"consultation": consultation.titre},
            reverse("consultations:repondre", args=[consultation.slug]),
        )
        for consultation in etape.consultations.all()
        if consultation.est_ouverte
    ]
