"""« Qui manque ? »: the communes of those who answered, beside where people live."""

from collections import Counter
from dataclasses import dataclass

from consultations.models import Consultation
from consultations.petits_groupes import a_taire
from consultations.resultats import pourcent
from territoires.models import Territoire

#: Under so many people who said where they live, shares say nothing.
REPONSES_MIN = 30
#: A commune is told apart when its share of the answers is off by more than this part of its share of the people.
ECART = 0.25


@dataclass(frozen=True)
class Presence:
    """Shares in percent; `nombre` is None when it must not be told."""

    commune: str
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


@dataclass(frozen=True)
class Comparaison:
    dites: int  # answers that say where
    presences: list[Presence]

    @property
    def manquantes(self) -> list[Presence]:
        """The furthest below their share first."""
        return sorted((p for p in self.presences if p.manque), key=lambda p: (p.part_reponses or 0) - p.part_population)

    @property
    def tues(self) -> int:
        return sum(p.nombre is None for p in self.presences)


def comparer(consultation: Consultation) -> Comparaison | None:
    """None while too few people said where they live. Two queries."""
    if not consultation.profil:
        return None
    connues = Territoire.objects.communes().filter(population__gt=0).order_by("slug")
    communes = [(pk, nom, n or 0) for pk, nom, n in connues.values_list("pk", "nom", "population")]
    comptes: Counter = Counter()
    dites = consultation.participations.comptees().filter(territoire__isnull=False)
    for pk, genre, parent in dites.order_by().values_list("territoire", "territoire__genre", "territoire__parent"):
        comptes[parent if genre == Territoire.Genre.QUARTIER else pk] += 1
    total, habitants = sum(comptes.values()), sum(population for _pk, _nom, population in communes)
    if total < REPONSES_MIN or not habitants:
        return None
    tus = a_taire({str(pk): comptes[pk] for pk, _nom, _population in communes})
    return Comparaison(
        total,
        [
            Presence(
                nom,
                population,
                pourcent(population, habitants),
                None if str(pk) in tus else comptes[pk],
                None if str(pk) in tus else pourcent(comptes[pk], total),
            )
            for pk, nom, population in communes
        ],
    )
