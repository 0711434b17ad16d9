"""What a count found, as the document that is kept, sealed by its fingerprint, and proclaimed."""

from collections.abc import Callable
from typing import Any

from votes.models import Scrutin


def resultat_de(scrutin: Scrutin, *, avancement: Callable[[int, int], None]) -> dict[str, Any]:
    raise NotImplementedError
