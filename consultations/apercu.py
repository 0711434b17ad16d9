"""A consultation as each kind of person meets it, for those who prepare it. Nothing here writes."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Consultation
from consultations.permissions import est_admise
from consultations.repondantes import Repondante


class Qui(TextChoices):
    SANS_COMPTE = "sans_compte", gettext_lazy("Sans compte")
    INSCRITE = "inscrite", gettext_lazy("Avec un compte, habite ailleurs")
    HABITANTE = "habitante", gettext_lazy("Avec un compte, habite ici")
    GUICHET = "guichet", gettext_lazy("Au guichet, avec un agent")


@dataclass(frozen=True)
class Regard:
    """What one kind of person may do and reads around the questions. `voit`: the questions are shown to her."""

    qui: Qui
    admise: bool
    voit: bool
    phrases: list[str]


def figurante(qui: Qui, consultation: Consultation):
    """Somebody of this kind, who is nobody: never saved."""
    if qui == Qui.SANS_COMPTE:
        return Repondante()
    if qui == Qui.GUICHET:
        return Repondante(accueillie=True)
    commune = consultation.territoire if qui == Qui.HABITANTE else None
    return get_user_model()(pseudonyme=str(_("Une personne")), commune=commune)


def regarder(consultation: Consultation, qui: Qui) -> Regard:
    """As on a day when it is open."""
    admise = est_admise(consultation, figurante(qui, consultation))
    # Without an account one may begin, and says who one is before sending.
    voit = admise or qui == Qui.SANS_COMPTE
    return Regard(qui, admise, voit, [*_porte(consultation, qui, admise), *(_autour(consultation) if voit else ())])


def _porte(consultation: Consultation, qui: Qui, admise: bool) -> list[str]:
    if qui == Qui.GUICHET:
        return [
            _("Un agent écrit ses réponses pour elle, et dit si elle est venue, a appelé ou a rempli un papier."),
            _("Elle repart avec un reçu imprimé : un numéro et un code pour relire, corriger ou retirer sa réponse."),
        ]
    if qui == Qui.SANS_COMPTE and admise:
        return [_("Elle répond sans compte. À la fin, elle reçoit un numéro et un code pour revenir sur sa réponse.")]
    if qui == Qui.SANS_COMPTE:
        return [
            _("Elle peut commencer. Avant d’envoyer, la page lui demande de se connecter ou de créer un compte."),
            _("Ce qu’elle a écrit n’est pas perdu."),
        ]
    if admise:
        return [_("Elle répond avec son compte. Ses réponses sont gardées à mesure, d’un appareil à l’autre.")]
    return [
        _("La règle ne lui permet pas de répondre : la page le lui dit, et ne lui montre pas les questions."),
    ]


def _autour(consultation: Consultation) -> list[str]:
    phrases = [
        _("Les questions sont montrées %(comment)s.") % {"comment": consultation.get_presentation_display()},
        _("Elle verra les résultats %(quand)s.") % {"quand": consultation.get_resultats_display()},
    ]
    if consultation.profil:
        phrases.insert(1, _("Avant l’envoi, la page lui demande sa commune et sa tranche d’âge, sans obligation."))
    if not consultation.est_modifiable:
        phrases.append(_("Une fois envoyée, sa réponse ne change plus ; elle peut la retirer jusqu’à la fin."))
    return phrases
