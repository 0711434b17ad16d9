"""When a fact that is consigned today really happened, as precisely as its source says and not more.

The journal says what was consigned and when; a fact taken over from elsewhere is older. Its date is part of what is
hashed (`donnees`), so it cannot be changed either; the chronology shows the entry there, and says since when it is here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from timeline.chaine import horodatage

CLE, CLE_PRECISION, CLE_SOURCE = "survenu_le", "precision", "source"
#: Precision -> how its date is written.
FORMES = {
    "annee": re.compile(r"\d{4}"),
    "mois": re.compile(r"\d{4}-\d{2}"),
    "jour": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "instant": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*"),
}


@dataclass(frozen=True)
class Survenue:
    """A date of a known precision: « 2015 », « 2015-03 », « 2015-03-12 », or an instant in UTC. Raises ValueError."""

    texte: str
    precision: str

    def __post_init__(self):
        if self.precision not in FORMES or not FORMES[self.precision].fullmatch(self.texte):
            raise ValueError(self.texte)
        _ = self.instant

    @classmethod
    def a(cls, instant: datetime) -> "Survenue":
        return cls(horodatage(instant), "instant")

    @classmethod
    def de(cls, donnees: dict) -> "Survenue | None":
        """What an entry says; None for one that tells what has just happened."""
        return cls(donnees[CLE], donnees[CLE_PRECISION]) if CLE in donnees else None

    def donnees(self) -> dict[str, str]:
        return {CLE: self.texte, CLE_PRECISION: self.precision}

    @cached_property
    def jour(self) -> date:
        """First day of the period."""
        if self.precision == "instant":
            return timezone.localdate(self.instant)
        annee, mois, jour = (*map(int, self.texte.split("-")), 1, 1)[:3]
        return date(annee, mois, jour)

    @cached_property
    def instant(self) -> datetime:
        """What sorts. Noon of the first day: its year and its month are the same in every time zone of France."""
        if self.precision == "instant":
            lu = datetime.fromisoformat(self.texte)
            if lu.tzinfo is None:
                raise ValueError(self.texte)
            return lu.astimezone(UTC)
        return datetime(self.jour.year, self.jour.month, self.jour.day, 12, tzinfo=UTC)

    @property
    def iso(self) -> str:
        """For `<time datetime>`."""
        return self.texte if self.precision != "instant" else self.jour.isoformat()

    @property
    def libelle(self) -> str:
        """« 2015 », « mars 2015 », « 12 mars 2015 » : never a day that nobody wrote."""
        formats = {"annee": "Y", "mois": "F Y"}
        return date_format(self.jour, formats.get(self.precision, "j F Y"))


def instant_affiche(donnees: dict, le: datetime) -> datetime:
    """Where the chronology shows an entry: at the date of its fact, which is that of its consigning unless it says so."""
    survenue = Survenue.de(donnees)
    return survenue.instant if survenue else le
