"""The sections of a community's page, in their order: what they are called, where they lead, who sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from communautes.permissions import est_membre, peut_lire_dedans


@dataclass(frozen=True)
class Section:
    #: Name of its address (`communautes:<nom>`, with the slug); an app above says its own (`idees:<nom>`).
    nom: str
    libelle: Any
    icone: str
    #: Its place among the others.
    rang: int
    #: peut_voir(communaute, personne); by default whoever reads the inside.
    peut_voir: Callable[..., bool] = peut_lire_dedans


_sections: dict[str, Section] = {}


def inscrire(*sections: Section) -> None:
    """Called by the `ready()` of the app that owns the pages."""
    _sections.update({section.nom: section for section in sections})


def sections_de(communaute, personne, active: str) -> list[dict]:
    """{libelle, url, icone, actif} of those that this person may open; `active` is the name of the one she reads."""
    vues = [s for s in sorted(_sections.values(), key=lambda s: s.rang) if s.peut_voir(communaute, personne)]
    return [
        {
            "libelle": s.libelle,
            "url": reverse(s.nom if ":" in s.nom else f"communautes:{s.nom}", args=[communaute.slug]),
            "icone": s.icone,
            "actif": s.nom == active,
        }
        for s in vues
    ]


def a_tous(communaute, personne) -> bool:
    """The front page is for whoever may know of it."""
    return True


def aux_membres(communaute, personne) -> bool:
    return est_membre(communaute, personne)


def d_un_panel(communaute, personne) -> bool:
    """Its mandate and its draw are for whoever may know of it."""
    return communaute.genre == communaute.Genre.PANEL
