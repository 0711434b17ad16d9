"""Who takes a step. The account, unless an app that is higher up knows somebody without one."""

from collections.abc import Callable

_reconnaitre: list[Callable] = []


def reconnaitre_avec(trouver: Callable) -> Callable:
    """Register `trouver(request)`, which gives the account or somebody known otherwise."""
    if trouver not in _reconnaitre:
        _reconnaitre.append(trouver)
    return trouver


def qui_agit(request):
    if request.user.is_authenticated:
        return request.user
    return next((personne for trouver in _reconnaitre if (personne := trouver(request)) is not None), request.user)
