"""How often one may ask. What may be written, and how often, is decided by the actions themselves."""

import logging

from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

journal = logging.getLogger(__name__)


def _ou_laisser_passer(demander, request, view) -> bool:
    """A dead cache must not close the site to its readers."""
    try:
        return demander(request, view)
    except Exception:
        journal.warning("cache indisponible : les demandes à l'API ne sont plus comptées", exc_info=True)
        return True


class Anonymes(AnonRateThrottle):
    """By network address."""

    def allow_request(self, request, view):
        return _ou_laisser_passer(super().allow_request, request, view)


class Personnes(UserRateThrottle):
    """By account."""

    def allow_request(self, request, view):
        return _ou_laisser_passer(super().allow_request, request, view)


class Ecritures(UserRateThrottle):
    """What changes something, more seldom than what reads."""

    scope = "ecriture"

    def allow_request(self, request, view):
        return request.method in SAFE_METHODS or _ou_laisser_passer(super().allow_request, request, view)
