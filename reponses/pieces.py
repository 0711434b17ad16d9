"""What a dossier shows of the thing that is answered: the app above that owns this kind of thing says it, when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    """RESUME: the thing itself, beside the answer. CORPS and COTE: below, for who reads further."""

    RESUME = "resume"
    CORPS = "corps"
    COTE = "cote"


@dataclass(frozen=True)
class Piece:
    """One part of the page: a template, and what it reads under the name `piece`."""

    gabarit: str
    contexte: dict = field(default_factory=dict)
    place: Place = Place.CORPS


_pieces: dict[str, Callable] = {}


def pieces_par(modele) -> Callable:
    """Decorator: `f(chose, personne) -> list[Piece]` for this kind of thing; only what this person may see."""

    def inscrire(trouver: Callable) -> Callable:
        _pieces[modele._meta.label_lower] = trouver
        return trouver

    return inscrire


def pieces_de(chose, personne) -> list[Piece]:
    trouver = _pieces.get(chose._meta.label_lower)
    return trouver(chose, personne) if trouver else []
