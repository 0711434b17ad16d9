"""Figures of the answers, for everybody: how many, how fast, how late, and why not.

They are counted over the rows each time, and no row that they read can change: the date of a clock is locked, a published
answer is sealed, and a correction is another answer. Totals are those of what was signed; corrections are counted beside,
never instead. Month by month (`reponses.mois`) what was first published is kept, and compared with what is counted today.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Count
from django.utils import timezone

from reponses.models import Echeance, Reponse
from reponses.mois import Mois, mois_par_mois
from reponses.regles import DECISIONS, REPONSE

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
class Chiffres:
    ensemble: Delais
    services: list[Delais]
    decisions: list[tuple[str, str, int]]  # code, words, number; every decision, in the order of the model
    questions: int  # answers to a question: neither a yes nor a no
    refus: list[tuple[str, str, int]]  # reasons of the no-gos, the most frequent first
    mois: list[Mois]  # the latest first
    corrections: int

    @property
    def publiees(self) -> int:
        """First answers; corrections are not answers more."""
        return self.questions + sum(nombre for _code, _mots, nombre in self.decisions)


def rang_proche(valeurs: Iterable[int], part: Fraction) -> int | None:
    """Quantile by nearest rank: the smallest value that at least `part` of them do not exceed. None without values."""
    rangees = sorted(valeurs)
    return rangees[max(ceil(part * len(rangees)), 1) - 1] if rangees else None


def compter() -> Chiffres:
    """All figures, in eight queries at most, whatever the number of answers."""
    services = _par_service()
    premieres = Reponse.objects.publiees().filter(corrige__isnull=True)
    sens = dict(premieres.order_by().values_list("sens").annotate(nb=Count("pk")))
    motifs = premieres.filter(sens=Reponse.Sens.NO_GO).order_by().values_list("motif").annotate(nb=Count("pk"))
    return Chiffres(
        ensemble=services.pop(None),
        services=sorted(services.values(), key=lambda d: (d.nom, d.service)),
        decisions=[(code, str(Reponse.Sens(code).label), sens.get(code, 0)) for code in DECISIONS],
        questions=sens.get(REPONSE, 0),
        refus=[(code, str(Reponse.Motif(code).label), nb) for code, nb in sorted(motifs, key=lambda m: (-m[1], m[0]))],
        mois=mois_par_mois(),
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
