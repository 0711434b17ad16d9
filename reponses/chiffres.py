"""Figures of the answers, for everybody: how many, how fast, how late, and why not.

They are counted over the rows each time, and no row that they read can change: the date of a clock is locked, a published
answer is sealed, and a correction is another answer. So what was counted for a past month stays what it was; corrections
are counted beside, never instead.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import timezone

from reponses.models import Echeance, Reponse

NEUF_SUR_DIX = Fraction(9, 10)


@dataclass(frozen=True)
class Delais:
    """The clocks of one service, or of all. Delays are whole days, from the start of the clock to the answer."""

    service: int | None
    nom: str
    a_temps: int
    apres: int  # answered after the promised date
    attendues: int  # not answered, and the date has not passed
    en_retard: int  # not answered, and the date has passed
    mediane: int | None
    neuf_sur_dix: int | None

    @property
    def repondues(self) -> int:
        return self.a_temps + self.apres

    @property
    def echues(self) -> int:
        """What the on-time rate is counted on: answered, or late now. What is not yet due is no success."""
        return self.repondues + self.en_retard

    @property
    def pour_cent_a_temps(self) -> int | None:
        """Rounded down, so that a hundred means all of them; None when nothing is due yet."""
        return self.a_temps * 100 // self.echues if self.echues else None


@dataclass(frozen=True)
class Mois:
    """First answers published in a month of the site's time zone."""

    annee: int
    mois: int
    go: int
    go_conditions: int
    no_go: int

    @property
    def premier_jour(self) -> date:
        return date(self.annee, self.mois, 1)

    @property
    def total(self) -> int:
        return self.go + self.go_conditions + self.no_go


@dataclass(frozen=True)
class Chiffres:
    ensemble: Delais
    services: list[Delais]
    decisions: list[tuple[str, str, int]]  # code, words, number; every decision, in the order of the model
    refus: list[tuple[str, str, int]]  # reasons of the no-gos, the most frequent first
    mois: list[Mois]  # the latest first
    corrections: int

    @property
    def publiees(self) -> int:
        """First answers; corrections are not answers more."""
        return sum(nombre for _code, _mots, nombre in self.decisions)


def rang_proche(valeurs: Iterable[int], part: Fraction) -> int | None:
    """Quantile by nearest rank: the smallest value that at least `part` of them do not exceed. None without values."""
    rangees = sorted(valeurs)
    return rangees[max(ceil(part * len(rangees)), 1) - 1] if rangees else None


def compter() -> Chiffres:
    """All figures, in four queries whatever the number of answers."""
    services = _par_service()
    premieres = Reponse.objects.publiees().filter(corrige__isnull=True)
    sens = dict(premieres.order_by().values_list("sens").annotate(nb=Count("pk")))
    motifs = premieres.filter(sens=Reponse.Sens.NO_GO).order_by().values_list("motif").annotate(nb=Count("pk"))
    return Chiffres(
        ensemble=services.pop(None),
        services=sorted(services.values(), key=lambda d: (d.nom, d.service)),
        decisions=[(code, str(mots), sens.get(code, 0)) for code, mots in Reponse.Sens.choices],
        refus=[(code, str(Reponse.Motif(code).label), nb) for code, nb in sorted(motifs, key=lambda m: (-m[1], m[0]))],
        mois=_par_mois(premieres),
        corrections=Reponse.objects.publiees().filter(corrige__isnull=False).count(),
    )


def _par_service() -> dict[int | None, Delais]:
    """{service: its clocks}, and those of all under None."""
    aujourdhui = timezone.localdate()
    horloges: dict[tuple[int | None, str], list] = defaultdict(list)
    for service, nom, depuis_le, due_le, tenue_le in Echeance.objects.order_by().values_list(
        "service", "service__nom", "depuis_le", "due_le", "tenue_le"
    ):
        ligne = (timezone.localdate(depuis_le), due_le, tenue_le and timezone.localdate(tenue_le))
        horloges[service, nom].append(ligne)
        horloges[None, ""].append(ligne)
    horloges.setdefault((None, ""), [])
    return {service: _delais(service, nom, lignes, aujourdhui) for (service, nom), lignes in horloges.items()}


def _delais(service, nom, lignes, aujourdhui) -> Delais:
    jours = [(tenue - depuis).days for depuis, _due, tenue in lignes if tenue]
    return Delais(
        service=service,
        nom=nom,
        a_temps=sum(tenue is not None and tenue <= due for _depuis, due, tenue in lignes),
        apres=sum(tenue is not None and tenue > due for _depuis, due, tenue in lignes),
        attendues=sum(tenue is None and due >= aujourdhui for _depuis, due, tenue in lignes),
        en_retard=sum(tenue is None and due < aujourdhui for _depuis, due, tenue in lignes),
        mediane=rang_proche(jours, Fraction(1, 2)),
        neuf_sur_dix=rang_proche(jours, NEUF_SUR_DIX),
    )


def _par_mois(premieres) -> list[Mois]:
    lignes = (
        premieres.order_by()
        .values(annee=ExtractYear("publiee_le"), numero=ExtractMonth("publiee_le"))
        .annotate(**{code: Count("pk", filter=Q(sens=code)) for code in Reponse.Sens.values})
        .order_by(F("annee").desc(), F("numero").desc())
    )
    return [
        Mois(ligne["annee"], ligne["numero"], **{code: ligne[code] for code in Reponse.Sens.values}) for ligne in lignes
    ]
