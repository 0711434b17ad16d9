"""Who answered, as far as they said: class of age and place. What may be told of it is decided once, for all pages and files.

Tables that withhold different groups undo each other by subtraction. So the groups of a consultation are drawn from all its
answers, and every table, the crossings, « Qui manque ? » and the open data start from the same ones.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from consultations.models import Consultation, Tranche
from consultations.petits_groupes import NON_DIT, a_taire
from territoires.models import Territoire

AGE, LIEU = "tranche", "territoire"
AILLEURS = "ailleurs"


@dataclass(frozen=True)
class Zones:
    """Places as they are counted: communes; or the quartiers of the commune that the consultation is about.

    Never both: a commune less its quartiers would tell of those who gave no quartier.
    """

    de_territoire: dict[int, str]  # primary key → key of a zone
    noms: dict[str, str]  # in the order in which they are shown
    populations: dict[str, int]

    @classmethod
    def de(cls, consultation: Consultation) -> "Zones":
        """One query."""
        champs = ("pk", "genre", "parent", "nom", "population")
        tous = list(Territoire.objects.order_by("genre", "slug").values_list(*champs))
        cible, parents = consultation.territoire_id, {pk: parent for pk, _g, parent, _n, _p in tous}
        genres = {pk: genre for pk, genre, _p, _n, _h in tous}
        commune = parents.get(cible) if genres.get(cible) == Territoire.Genre.QUARTIER else cible
        locale = commune if genres.get(commune) == Territoire.Genre.COMMUNE else None
        par_quartier = locale is not None and any(
            parent == locale for _pk, genre, parent, _n, _p in tous if genre == Territoire.Genre.QUARTIER
        )
        zones = cls({}, {}, {})
        for pk, genre, parent, nom, population in tous:
            if par_quartier:
                ici = locale in {pk, parent}
                zone = str(pk) if ici else AILLEURS
                libelle = _("%(commune)s, sans quartier") % {"commune": nom} if pk == locale else nom
                habitants = population if parent == locale else None
            else:
                ici = genre != Territoire.Genre.QUARTIER
                zone, libelle = str(pk if ici else parent), nom
                # Asked in one commune, nobody is missing from the others.
                habitants = population if genre == Territoire.Genre.COMMUNE and locale is None else None
            zones.de_territoire[pk] = zone
            if ici:
                zones.noms[zone] = libelle
                if habitants:
                    zones.populations[zone] = habitants
        if par_quartier:
            zones.noms[AILLEURS] = _("Ailleurs")
        return zones

    def de_cle(self, territoire: int | None) -> str:
        return self.de_territoire.get(territoire, NON_DIT) if territoire else NON_DIT


@dataclass(frozen=True)
class Profils:
    """Answers that count, by age and zone: `effectifs[AGE]` and `effectifs[LIEU]` are {group: people}, `tus` the withheld ones."""

    zones: Zones
    croises: Counter[tuple[str, str]] = field(default_factory=Counter)  # (age, zone) → people
    effectifs: dict[str, Counter[str]] = field(default_factory=dict)
    tus: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def de(cls, consultation: Consultation) -> "Profils":
        """Two queries."""
        zones, croises = Zones.de(consultation), Counter[tuple[str, str]]()
        comptees = consultation.participations.comptees().order_by()
        for tranche, territoire, n in comptees.values_list("tranche", "territoire").annotate(n=Count("pk")):
            croises[tranche, zones.de_cle(territoire)] += n
        return cls.des(zones, croises)

    @classmethod
    def des(cls, zones: Zones, croises: Counter[tuple[str, str]]) -> "Profils":
        profils = cls(zones, croises)
        for rang, dimension in enumerate((AGE, LIEU)):
            compte: Counter[str] = Counter()
            for couple, n in croises.items():
                compte[couple[rang]] += n
            profils.effectifs[dimension] = compte
            profils.tus[dimension] = a_taire(compte)
        return profils

    def noms(self, dimension: str) -> list[tuple[str, str]]:
        """(key, words) of the groups, in the order in which they are shown."""
        dits = [(code, str(nom)) for code, nom in Tranche.choices] if dimension == AGE else [*self.zones.noms.items()]
        return [*dits, (NON_DIT, _("N’ont pas dit"))]
