"""What the stages of a projet open here, and what is prepared in them: questions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from socle.templatetags.composants import ecrit_ici, en_phrase


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """Buttons of an open stage that asks questions."""
    return [
        (
            en_phrase(_("Répondre : %(consultation)s"), consultation=ecrit_ici(consultation.titre)),
            reverse("consultations:repondre", args=[consultation.slug]),
        )
        for consultation in etape.consultations.all()
        if consultation.est_ouverte
    ]


def preparations_de(etape, personne) -> list[tuple[str, str]]:
    """Its consultations, and a new one while it may still take one."""
    liens = [
        (
            en_phrase(_("Consultation : %(titre)s"), titre=ecrit_ici(consultation.titre)),
            reverse("consultations:composer", args=[consultation.slug]),
        )
        for consultation in etape.consultations.all()
    ]
    if etape.Fonction.REPONDRE in etape.ouvre and etape.etat not in etape.FINIES:
        liens.append((_("Préparer une consultation"), f"{reverse('consultations:creer')}?etape={etape.pk}"))
    return liens
