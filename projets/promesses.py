"""What a stage owes to what was announced in it, told by the apps above that announce things."""

from collections.abc import Callable

_exigences: list[Callable] = []


def exiger_avec(fonction: Callable) -> Callable:
    """Register `fonction(etape) -> str`: why the stage, as it is about to be saved, breaks a promise; empty otherwise."""
    _exigences.append(fonction)
    return fonction


def promesses_rompues(etape) -> str:
    """The first broken one, as a sentence; empty when it keeps them all."""
    return next((phrase for exiger in _exigences if (phrase := exiger(etape))), "")
