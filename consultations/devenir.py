"""What became of a consultation, in one sentence with its date. It says nothing that its page does not say."""

from django.utils.translation import gettext as _

from consultations.models import Consultation
from socle.devenir import Devenir
from socle.templatetags.composants import jour


def raconter(consultations: list[Consultation]) -> dict[int, Devenir]:
    """By key. No query."""
    return {consultation.pk: _dire(consultation) for consultation in consultations}


def _dire(consultation: Consultation) -> Devenir:
    phrase, le = _PHRASES[consultation.etat](consultation)
    return Devenir(phrase % {"jour": jour(le)}, le, consultation.get_absolute_url())


def _close(consultation):
    if consultation.resultats_visibles:
        return _("Terminée le %(jour)s : les résultats sont publics, le bilan est attendu."), consultation.ferme_le
    return _("Terminée le %(jour)s : les résultats viendront avec le bilan."), consultation.ferme_le


_PHRASES = {
    "brouillon": lambda c: (_("En préparation, ouverture prévue le %(jour)s."), c.ouvre_le),
    "programmee": lambda c: (_("Ouvre le %(jour)s."), c.ouvre_le),
    "ouverte": lambda c: (_("Ouverte jusqu’au %(jour)s."), c.ferme_le),
    "close": _close,
    "restituee": lambda c: (_("Bilan publié le %(jour)s."), c.restituee_le),
}
