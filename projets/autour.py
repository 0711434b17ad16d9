"""What the apps above show with a projet: sections of its page, and what lasts beside its stages, for diaries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Rubrique:
    """`lire(projet, personne)` gives what this person may see; `gabarit` shows one, as `chose`."""

    ancre: str
    titre: Any
    gabarit: str
    lire: Callable[[Any, Any], Iterable]


@dataclass(frozen=True)
class Periode:
    """Something that lasts. `nom` stays the same as long as it speaks of the same thing."""

    nom: str
    titre: str
    url: str
    ouvre_le: datetime
    ferme_le: datetime
    categorie: str
    precision: str = ""


_rubriques: list[Rubrique] = []
_sources: list[Callable[..., list[Periode]]] = []


def montrer_avec(rubrique: Rubrique) -> None:
    """Register a section; called by an app's `ready()`."""
    _rubriques.append(rubrique)


def durer_avec(source: Callable[..., list[Periode]]) -> None:
    """Register `source(personne, projets=…, lieux=…, entre=…)`, as `periodes` below; called by an app's `ready()`."""
    _sources.append(source)


def rubriques_de(projet, personne) -> list[dict]:
    """Those that have something to show: {ancre, titre, gabarit, choses}."""
    lues = [(rubrique, list(rubrique.lire(projet, personne))) for rubrique in _rubriques]
    return [
        {"ancre": r.ancre, "titre": r.titre, "gabarit": r.gabarit, "choses": choses} for r, choses in lues if choses
    ]


def periodes(
    personne,
    *,
    projets: QuerySet | None = None,
    lieux: QuerySet | None = None,
    entre: tuple[datetime, datetime] | None = None,
) -> list[Periode]:
    """What this person may see. `projets` keeps those of these projets, and `lieux` those of no projet in these places
    (keys of Territoire); `entre` keeps those that begin or end in this time."""
    return [p for source in _sources for p in source(personne, projets=projets, lieux=lieux, entre=entre)]
