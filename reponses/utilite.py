"""« Réponse utile ? », counted: how many of how many, and from when on the mediator is asked."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from reponses.models.appreciation import Appreciation


@dataclass(frozen=True)
class Utilite:
    """How many people found an answer useful, of how many. Only from enough people on, so that nobody is singled out."""

    utile: int
    total: int

    @property
    def se_dit(self) -> bool:
        return self.total >= settings.APPRECIATIONS_MINIMUM

    @property
    def est_sous_le_niveau(self) -> bool:
        return self.se_dit and 100 * self.utile < settings.APPRECIATIONS_NIVEAU * self.total


def utilite_de(reponse) -> Utilite:
    compte = reponse.appreciations.aggregate(
        utile=Count("pk", filter=Q(avis=Appreciation.Avis.UTILE)), total=Count("pk")
    )
    return Utilite(**compte)


def regle() -> dict[str, int]:
    """What the page says of the level: {percentage of useful, opinions before it counts}."""
    return {"niveau": settings.APPRECIATIONS_NIVEAU, "minimum": settings.APPRECIATIONS_MINIMUM}
