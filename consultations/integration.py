"""What puts a short survey on another site: its code, the size that it takes, and the address where sites ask for both."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consultations.models import Consultation
from consultations.questionnaire import Genre
from socle.adresses import absolue
from socle.cadres import LARGEUR, code_html

#: Height of a frame, px: what stands around the questions, then each question; the frame scrolls for what is longer.
HAUTEUR_DU_TOUR, HAUTEUR_MAX = 240, 720
HAUTEURS = {Genre.TEXTE_COURT: 110, Genre.NOMBRE: 110, Genre.DATE: 110, Genre.TEXTE_LONG: 210, Genre.ECHELLE: 150}
HAUTEUR_D_UNE_QUESTION, HAUTEUR_D_UN_CHOIX, CHOIX_SUPPOSES = 80, 46, 5


def hauteur_de(consultation: Consultation) -> int:
    """px that its questions take, more or less, in a frame of 360."""
    hauteur = HAUTEUR_DU_TOUR
    for question in consultation.version.questionnaire.questions:
        choix = len(question.cles_de_choix) * max(1, len(question.lignes)) or CHOIX_SUPPOSES
        hauteur += HAUTEURS.get(Genre(question.genre), HAUTEUR_D_UNE_QUESTION + HAUTEUR_D_UN_CHOIX * choix)
    return min(hauteur, HAUTEUR_MAX)


def code_du_sondage(consultation: Consultation, *, largeur: int = LARGEUR, hauteur: int | None = None) -> SafeString:
    return code_html(
        reverse("consultations:integrer", args=[consultation.slug]),
        titre=_("Sondage : %(titre)s") % {"titre": consultation.titre},
        largeur=largeur,
        hauteur=hauteur or hauteur_de(consultation),
    )


def adresse_oembed(consultation: Consultation, format_: str = "json") -> str:
    """Where a site that was given the address of a survey finds its code (`format_`: json or xml)."""
    demande = urlencode({"url": absolue(consultation.get_absolute_url()), "format": format_})
    return f"{absolue(reverse('consultations:oembed'))}?{demande}"
