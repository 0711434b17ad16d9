"""Somebody without an account, known by what her browser holds: answers begun here, or opened with number and secret."""

from django.contrib.auth.models import AnonymousUser

from consultations.models import Participation
from socle.permissions import REFERENCE_SANS_COMPTE

CLE_SESSION = "consultations_tenues"
TENUES_MAX = 20  # of one browser; the oldest is let go


class Repondante(AnonymousUser):
    """Acts like a person (`par`, `visibles_par`, predicates), on the answers that she holds and on no other.

    `accueillie`: an agent receives her, and stands for her before the rule of the consultation.
    """

    reference = REFERENCE_SANS_COMPTE

    def __init__(self, tenues=(), *, accueillie=False):
        super().__init__()
        self.tenues = frozenset(tenues)
        self.accueillie = accueillie


def personne_de(request):
    """Who acts in this request: the account, or whoever holds answers without one."""
    if request.user.is_authenticated:
        return request.user
    return Repondante(request.session.get(CLE_SESSION, ()))


def tenues_par(request) -> list[int]:
    """What this browser holds, even when somebody has just signed in."""
    return request.session.get(CLE_SESSION, [])


def tenante(request) -> Repondante:
    """Whoever holds the answers of this browser, as if nobody had signed in."""
    return Repondante(tenues_par(request))


def tenir(request, participation: Participation) -> None:
    """This browser holds the answer from now on."""
    tenues = [pk for pk in tenues_par(request) if pk != participation.pk]
    request.session[CLE_SESSION] = [*tenues, participation.pk][-TENUES_MAX:]


def lacher(request, participation: Participation) -> None:
    request.session[CLE_SESSION] = [pk for pk in tenues_par(request) if pk != participation.pk]
