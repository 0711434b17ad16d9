"""What became of a community, in one sentence with its date. It says nothing that its front page does not say."""

from django.utils.translation import gettext as _

from communautes.models import Communaute
from socle.devenir import Devenir
from socle.templatetags.composants import jour

E = Communaute.Etat


def raconter(communautes: list[Communaute]) -> dict[int, Devenir]:
    """By key; without a query."""
    return {communaute.pk: _dire(communaute) for communaute in communautes}


def _dire(communaute: Communaute) -> Devenir:
    phrases = {
        E.PROPOSEE: (_("Proposée le %(jour)s : l’équipe va répondre."), communaute.proposee_le),
        E.OUVERTE: (_("Ouverte depuis le %(jour)s."), communaute.ouverte_le),
        E.EN_SOMMEIL: (_("En sommeil ; ouverte le %(jour)s."), communaute.ouverte_le),
        E.CLOSE: (_("Fermée le %(jour)s."), communaute.close_le),
        E.REFUSEE: (_("L’équipe ne l’a pas ouverte ; proposée le %(jour)s."), communaute.proposee_le),
        E.RETIREE: (_("Proposition du %(jour)s, retirée."), communaute.proposee_le),
    }
    phrase, le = phrases[communaute.etat]
    return Devenir(phrase % {"jour": jour(le)}, le, communaute.get_absolute_url())
