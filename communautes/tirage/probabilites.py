"""Each person's chance: how many of the published lots hold her. No solver is needed to count them."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from communautes.tirage.fichiers import Lots
from communautes.tirage.vivier import Vivier


@dataclass(frozen=True)
class Probabilites:
    """How many lots hold each person, out of `lots`: nothing else is her chance. Their sum is `lots` times the seats."""

    par_code: dict[str, int]
    lots: int

    @classmethod
    def des_lots(cls, vivier: Vivier, lots: Lots) -> "Probabilites":
        comptes = Counter(code for codes in lots for code in codes)
        return cls({personne.code: comptes[personne.code] for personne in vivier.personnes}, len(lots))

    def de(self, code: str) -> Fraction:
        return Fraction(self.par_code[code], self.lots)

    @property
    def minimum(self) -> Fraction:
        """The smallest among those who have one."""
        return Fraction(min((n for n in self.par_code.values() if n), default=0), self.lots)

    @property
    def maximum(self) -> Fraction:
        return Fraction(max(self.par_code.values(), default=0), self.lots)

    @property
    def somme(self) -> Fraction:
        """The number of seats, exactly."""
        return Fraction(sum(self.par_code.values()), self.lots)

    @property
    def sans_chance(self) -> int:
        """People that no lot holds: quotas leave them no seat, or the lots are too few for so large a pool."""
        return sum(not n for n in self.par_code.values())
