"""« Qui manque ? »: where those who answered live, beside where people live."""

from dataclasses import dataclass

from consultations.models import Consultation
from consultations.petits_groupes import NON_DIT
from consultations.profils import AILLEURS, LIEU, Profils
from consultations.resultats import pourcent

#: Under so many people who said where they live, shares say nothing.
REPONSES_MIN = 30
#: A place is told apart when its share of the answers is off by more than this part of its share of the people.
ECART = 0.25


@dataclass(frozen=True)
class Presence:
    """Of a commune, or of a quartier. Shares in percent; `nombre` is None when it must not be told."""

    lieu: str
    population: int
    part_population: float
    nombre: int | None
    part_reponses: float | None

    @property
    def manque(self) -> bool:
        return self.part_reponses is not None and self.part_reponses < self.part_population * (1 - ECART)

    @property
    def abonde(self) -> bool:
        return self.part_reponses is not None and self.part_reponses > self.part_population * (1 + ECART)

    @property
    def ecart(self) -> float:
        """Points of percent, below zero when it is heard less than its share."""
        return (self.part_reponses or 0) - self.part_population


@dataclass(frozen=True)
class Comparaison:
    dites: int  # answers that say where, in a place whose population is known
    presences: list[Presence]
    #: Nobody knows how many people live in these places: there is nothing to compare with, and the page says so.
    sans_population: bool = False

    @property
    def manquantes(self) -> list[Presence]:
        """The furthest below their share first."""
        return sorted((p for p in self.presences if p.manque), key=lambda p: p.ecart)

    @property
    def abondantes(self) -> list[Presence]:
        """The furthest above their share first."""
        return sorted((p for p in self.presences if p.abonde), key=lambda p: -p.ecart)

    @property
    def tues(self) -> int:
        return sum(p.nombre is None for p in self.presences)


def comparer(consultation: Consultation) -> Comparaison | None:
    """None while too few people said where they live, or where there is nothing to compare. Two queries.

    Places without a known population are left out of both sides. One that is withheld would be told by what is left of the
    answers; so when one is, they stay in the total.
    """
    if not consultation.profil:
        return None
    profils = Profils.de(consultation)
    comptes, tus, populations = profils.effectifs[LIEU], profils.tus[LIEU], profils.zones.populations
    compares = [zone for zone in profils.zones.noms if zone in populations]
    dehors = {zone for zone, n in comptes.items() if n and zone != NON_DIT and zone not in populations}
    total = sum(n for zone, n in comptes.items() if zone != NON_DIT and (zone not in dehors or dehors & tus))
    habitants = sum(populations.values())
    if not habitants and AILLEURS in profils.zones.noms:  # quartiers that nobody has counted
        situees = sum(n for zone, n in comptes.items() if zone != NON_DIT)
        return Comparaison(situees, [], sans_population=True) if situees >= REPONSES_MIN else None
    if total < REPONSES_MIN or not habitants:
        return None
    return Comparaison(
        total,
        [
            Presence(
                profils.zones.noms[zone],
                populations[zone],
                pourcent(populations[zone], habitants),
                None if zone in tus else comptes[zone],
                None if zone in tus else pourcent(comptes[zone], total),
            )
            for zone in compares
        ],
    )
