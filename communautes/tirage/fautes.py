"""What is wrong in a pool, in quotas or in a published file, in French sentences that name the line or the quota."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

#: Faults shown one by one; the others are counted.
MONTREES = 20


@dataclass(frozen=True, slots=True, order=True)
class Faute:
    """`ligne` counts from 1 in the file, 0 when it is about no line."""

    ligne: int
    phrase: str

    def __str__(self) -> str:
        return self.phrase


class TirageInvalide(ValueError):
    """Nothing was made: `fautes` tells everything that is wrong, in the order of the lines."""

    def __init__(self, fautes: Sequence[Faute]):
        self.fautes = tuple(sorted(fautes))
        super().__init__("\n".join(self.phrases()))

    def phrases(self, montrees: int = MONTREES) -> list[str]:
        """The first sentences, then how many more there are."""
        dites = [str(faute) for faute in self.fautes[:montrees]]
        reste = len(self.fautes) - len(dites)
        if reste:
            dites.append(ngettext("Et %(n)s autre défaut.", "Et %(n)s autres défauts.", reste) % {"n": reste})
        return dites


class FichierInvalide(ValueError):
    """A published file that is not what it says. `str()`: « lots.csv, ligne 12 : … »."""

    def __init__(self, raison: str, *, nom: str, ligne: int | None = None):
        self.raison, self.ligne, self.nom = raison, ligne, nom
        super().__init__(f"{nom}, ligne {ligne} : {raison}" if ligne else f"{nom} : {raison}")


class TirageInterrompu(Exception):
    """Raised by a caller's `avancer` to stop a preparation; nothing was written."""
