"""Rules compared before a vote, on generated ballots or on those of a vote that is over."""

from collections.abc import Callable
from typing import Any

from votes.models import Comptage


def simuler(comptage: Comptage, *, avancement: Callable[[int, int], None]) -> dict[str, Any]:
    raise NotImplementedError
