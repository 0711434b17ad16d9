"""What a stage owes to what was announced in it, told by the apps above that announce things."""

from collections.abc import Callable

_exigences: list[Callable] = []


def exiger_avec(fonction: Callable) -> Callable:
    """Register `fonction(etape, annulee) -> str`: why the stage, as it is about to be saved, or cancelled, breaks a promise;
    empty otherwise."""
    _exigences.append(fonction)
    return fonction


def promesses_rompues(etape, *, annulee: bool = False) -> str:
    """The first broken one, as a sentence; empty when it keeps them all."""
    return next((phrase for exiger in _exigences if (phrase := exiger(etape, annulee))), "")
