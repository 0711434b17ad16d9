"""What is planned, for the chronology: consultations that will open, and when the open ones end."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation
from timeline.frise import AVenir

PREVUES_MAX = 30


def consultations_prevues(personne, projet=None) -> list[AVenir]:
    """Of one projet, or of all; what this person may see."""
    maintenant = timezone.now()
    a_venir = Consultation.objects.visibles_par(personne).annoncees().filter(ferme_le__gt=maintenant).pour_phrase()
    if projet is not None:
        a_venir = a_venir.filter(etape__projet=projet)
    return [_annoncer(consultation, maintenant) for consultation in a_venir.order_by("ferme_le")[:PREVUES_MAX]]


def _annoncer(consultation, maintenant) -> AVenir:
    commence = consultation.ouvre_le > maintenant
    modele = _("Ouverture : %(titre)s") if commence else _("Fin de la consultation : %(titre)s")
    return AVenir(
        le=consultation.ouvre_le if commence else consultation.ferme_le,
        phrase=modele % {"titre": consultation.titre},
        url=consultation.get_absolute_url(),
        genre="consultations",
    )
