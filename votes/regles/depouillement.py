"""What a count says, the same shape for every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Depouillement:
    """Outcome of one count.

    `retenues`: keys of the winners, in the order in which the rule takes them. `totaux`: what each option is worth to the
    rule, by key. `cout` and `dotation` (what each ballot had to spend, equal shares only) in cents. `tours`: the trace, one
    mapping a round, of values that JSON can hold. `egalites`: each tie that was met and what decided it.
    `mesures`: whatever else the rule publishes (duels, merit profiles, who paid what), by name.
    """

    regle: str
    retenues: tuple[str, ...]
    totaux: Mapping[str, int | Fraction]
    classement: tuple[tuple[str, ...], ...] = ()
    cout: int | None = None
    dotation: Fraction | None = None
    tours: Sequence[Mapping[str, Any]] = ()
    egalites: Sequence[Mapping[str, Any]] = ()
    mesures: Mapping[str, Any] = field(default_factory=dict)


class RegleInvalide(ValueError):
    """Parameters that contradict each other or the election; `str()` is one clear sentence in French."""


class Interrompu(Exception):
    """Whoever asked for a long count has given it up."""
