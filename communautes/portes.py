"""What the apps above have published with the name of a community: it may no longer be hidden."""

from collections.abc import Callable

_raisons: list[Callable[..., str]] = []


def retenir_avec(raison: Callable[..., str]) -> None:
    """Register `raison(communaute) -> str`, a sentence or nothing; called by an app's `ready()`."""
    if raison not in _raisons:
        _raisons.append(raison)


def raison_de_rester_connue(communaute) -> str:
    return next((dite for raison in _raisons if (dite := raison(communaute))), "")
