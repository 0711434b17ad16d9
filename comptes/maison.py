"""Who acts for the collectivité without a global role, in one projet for instance.

Each app that gives such parts registers how it knows them (`agir_avec`), since this one may not import it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptes.models import Utilisateur

_parts: list[Callable[["Utilisateur"], bool]] = []


def agir_avec(part: Callable[["Utilisateur"], bool]) -> None:
    """Register the question « has she a part there? »; called by the `ready()` of an app."""
    if part not in _parts:
        _parts.append(part)


def agit_quelque_part(personne: "Utilisateur") -> bool:
    return any(part(personne) for part in _parts)
