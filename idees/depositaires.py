"""Somebody without an account, known by what her browser holds: ideas begun here, or opened with number and secret.

Her session holds the ideas' numbers, nothing of her. An idea leaves her hands once an account is its author, or once its
secret is made anew: a browser that was opened with the old one holds it no longer.
"""

import time

from django.contrib.auth.models import AnonymousUser

from idees.models import Depot
from socle.permissions import REFERENCE_SANS_COMPTE

CLE_SESSION = "idees_tenues"
CLE_DEPUIS = "idees_tenues_depuis"
TENUES_MAX = 20  # of one browser; the oldest is let go


class Depositaire(AnonymousUser):
    """Acts like a person (`par`, `visibles_par`, predicates), on the ideas that she holds and on no other.

    `accueillie`: an agent receives her, and stands for her before the rule of the box.
    """

    reference = REFERENCE_SANS_COMPTE

    def __init__(self, tenues, *, accueillie=False):
        super().__init__()
        self.tenues = frozenset(tenues)
        self.accueillie = accueillie

    @classmethod
    def de(cls, request):
        """What this browser holds, even when somebody has just signed in."""
        return cls(_encore_tenues(request.session))


def personne_de(request):
    """Who acts in this request: the account, or whoever holds ideas without one."""
    if request.user.is_authenticated:
        return request.user
    return Depositaire.de(request)


def _encore_tenues(session) -> list[int]:
    """One query for a browser that holds something, none for the others."""
    tenues = session.get(CLE_SESSION, [])
    if not tenues:
        return []
    depuis = session.get(CLE_DEPUIS, {})
    perdues = {
        pk
        for pk, secret_le, rattache_le in Depot.objects.filter(idee__in=tenues).values_list(
            "idee", "secret_le", "rattache_le"
        )
        if rattache_le or secret_le.timestamp() > depuis.get(str(pk), 0)
    }
    return [pk for pk in tenues if pk not in perdues]


def tenir(request, idee) -> None:
    """This browser holds the idea from now on."""
    tenues = [pk for pk in request.session.get(CLE_SESSION, ()) if pk != idee.pk]
    tenues = [*tenues, idee.pk][-TENUES_MAX:]
    depuis = request.session.get(CLE_DEPUIS, {}) | {str(idee.pk): time.time()}
    request.session[CLE_SESSION] = tenues
    request.session[CLE_DEPUIS] = {cle: le for cle, le in depuis.items() if int(cle) in tenues}


def lacher(request, idee) -> None:
    request.session[CLE_SESSION] = [pk for pk in request.session.get(CLE_SESSION, ()) if pk != idee.pk]
