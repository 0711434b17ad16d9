"""Somebody without an account, known by what her browser holds: ideas begun here, or opened with number and secret.

Her session holds the ideas' numbers, nothing of her. An idea leaves her hands once an account is its author.
"""

from django.contrib.auth.models import AnonymousUser

from socle.permissions import REFERENCE_SANS_COMPTE

CLE_SESSION = "idees_tenues"
TENUES_MAX = 20  # of one browser; the oldest is let go


class Depositaire(AnonymousUser):
    """Acts like a person (`par`, `visibles_par`, predicates), on the ideas that she holds and on no other."""

    reference = REFERENCE_SANS_COMPTE

    def __init__(self, tenues):
        super().__init__()
        self.tenues = frozenset(tenues)

    @classmethod
    def de(cls, request):
        """What this browser holds, even when somebody has just signed in."""
        return cls(request.session.get(CLE_SESSION, ()))


def personne_de(request):
    """Who acts in this request: the account, or whoever holds ideas without one."""
    if request.user.is_authenticated:
        return request.user
    return Depositaire.de(request)


def tenir(request, idee) -> None:
    """This browser holds the idea from now on."""
    autres = [pk for pk in request.session.get(CLE_SESSION, ()) if pk != idee.pk]
    request.session[CLE_SESSION] = [*autres, idee.pk][-TENUES_MAX:]


def lacher(request, idee) -> None:
    request.session[CLE_SESSION] = [pk for pk in request.session.get(CLE_SESSION, ()) if pk != idee.pk]
