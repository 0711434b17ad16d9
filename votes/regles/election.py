"""What every rule counts: options, and ballots as integers. Nothing here knows where they come from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Genre(StrEnum):
    """What the integers of a ballot mean."""

    CHOIX = "choix"  # one option, worth 1
    APPROBATION = "approbation"  # each option taken is worth 1
    POINTS = "points"  # points given, 1 or more
    MENTIONS = "mentions"  # a grade, 0 for the worst
    CLASSEMENT = "classement"  # a rank, 1 for the best; two options may share one


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose. `cle` is its identifier in the file or on the site; `cout` in cents, 0 where nothing is spent."""

    cle: str
    titre: str = ""
    cout: int = 0
    territoire: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One ballot, or `poids` ballots alike. `notes`: (place of the option in `Election.options`, value), in that order.

    An option that is absent was left blank. A ballot without any is a blank ballot: somebody came.
    """

    notes: tuple[tuple[int, int], ...] = ()
    poids: int = 1
    territoire: str = ""


@dataclass(frozen=True)
class Election:
    """Options and ballots of one count.

    `budget` in cents, None where nothing is spent; `mentions` how many grades there are, for ballots of that kind;
    `enveloppes` the share of the budget kept for each territory, in cents.
    Raises ValueError when a ballot names an option twice or one that does not exist, or two options share a key.
    """

    genre: Genre
    options: tuple[Option, ...]
    bulletins: tuple[Bulletin, ...]
    budget: int | None = None
    mentions: int = 0
    enveloppes: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self):
        cles = [option.cle for option in self.options]
        if len(set(cles)) != len(cles):
            raise ValueError("Deux options portent le même identifiant.")
        for bulletin in self.bulletins:
            places = [place for place, _ in bulletin.notes]
            if len(set(places)) != len(places) or not all(0 <= place < len(cles) for place in places):
                raise ValueError("Un bulletin nomme deux fois une option, ou une option qui n'existe pas.")

    @property
    def votantes(self) -> int:
        """Ballots, the blank ones included."""
        return sum(bulletin.poids for bulletin in self.bulletins)

    @property
    def blancs(self) -> int:
        """Ballots that name no option."""
        return sum(bulletin.poids for bulletin in self.bulletins if not bulletin.notes)

    def totaux(self) -> list[int]:
        """For each option, the sum of its values over all ballots: supports, or points."""
        totaux = [0] * len(self.options)
        for bulletin in self.bulletins:
            for place, valeur in bulletin.notes:
                totaux[place] += valeur * bulletin.poids
        return totaux

    def par_cle(self, valeurs: Iterable[T]) -> Iterator[tuple[str, T]]:
        """Pairs (key of the option, value), in the order of the options."""
        return zip((option.cle for option in self.options), valeurs, strict=True)
