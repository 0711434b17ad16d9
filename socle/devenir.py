"""« Ce que c'est devenu »: one plain sentence about anything that somebody proposed, supported or follows.

Each kind of thing registers who tells what became of it; the pages that show it know no kind.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

_conteurs: dict[str, Callable[[list], "dict[int, Devenir]"]] = {}


@dataclass(frozen=True)
class Devenir:
    """`phrase` says the date that counts; `le` is that date for machines; `url` is where to read more."""

    #: Read on a page: HTML when some of its words are marked (`en_phrase`), plain text otherwise.
    phrase: str
    le: date | datetime | None = None
    url: str = ""
    en_retard: bool = False


def raconter_avec(etiquette: str, conteur: Callable[[list], dict[int, Devenir]]) -> None:
    """Register who tells the things of a model (« idees.idee »), from a list of them, by key; called by `ready()`."""
    _conteurs[etiquette] = conteur


def raconter(choses: Iterable) -> list:
    """The same things, each with its `devenir` (None for a kind that nobody tells): as many queries for one as for fifty."""
    choses = list(choses)
    par_genre: dict[str, list] = {}
    for chose in choses:
        par_genre.setdefault(chose._meta.label_lower, []).append(chose)
    for etiquette, du_genre in par_genre.items():
        conteur = _conteurs.get(etiquette)
        devenirs = conteur(du_genre) if conteur else {}
        for chose in du_genre:
            chose.devenir = devenirs.get(chose.pk)
    return choses
