"""The chronology as people read it: what happened, then what is planned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

#: Kinds people filter by: first word of the journal types, its name, its icon.
GENRES = {
    "projets": (_("Projets et étapes"), "signpost-split"),
    "communautes": (_("Communautés"), "people"),
    "idees": (_("Idées"), "lightbulb"),
    "consultations": (_("Consultations"), "ui-checks"),
    "votes": (_("Votes"), "check2-square"),
    "reponses": (_("Réponses officielles"), "patch-check"),
    "commentaires": (_("Discussions"), "chat-left-text"),
    "moderation": (_("Modération"), "shield-check"),
}


@dataclass(frozen=True)
class AVenir:
    """Something planned: not in the journal yet, and shown apart from it."""

    le: datetime
    #: Read on a page: HTML when some of its words are marked (`en_phrase`), plain text otherwise.
    phrase: str
    url: str
    genre: str = "projets"
    #: Announced, then cancelled: shown struck through, with this reason.
    annulation: str = ""


_calendriers: list[Callable] = []


def annoncer_avec(calendrier: Callable) -> Callable:
    """Register `calendrier(personne, projet=None) -> list[AVenir]`; called by an app's `ready()`."""
    _calendriers.append(calendrier)
    return calendrier


def a_venir(personne, projet=None) -> list[AVenir]:
    prevues = [prevue for calendrier in _calendriers for prevue in calendrier(personne, projet=projet)]
    return sorted(prevues, key=lambda prevue: prevue.le)
