"""The answers month by month: counted over the rows, sealed once the month is over, and compared ever after.

A first answer counts in the month of its publication, in the time zone of the site, for what it says when it is counted:
a published correction may give another reason. So two counts of one month may differ. The first one was published and
stays; the other is shown beside it, with what explains it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from reponses.models import MoisScelle, Reponse
from reponses.regles import DECISIONS, REPONSE
from socle.permissions import SYSTEME
from timeline.chaine import canonique
from timeline.journal import consigner

#: After midnight of the last day: what was being published at that moment is written by then.
MARGE = timedelta(hours=1)
CAUSES_MAX = 20  # told of one month; the others are counted
#: A `Ligne`, as `_lues` annotates it.
LUES = ("dit", "parce_que", "a_temps")

Cle = tuple[int, int]  # year, month
Ligne = tuple[str, str, bool | None]  # decision, reason, on time (None: nothing was promised)


def sens_en_clair() -> list[tuple[str, str]]:
    """(code, words) of everything that is counted. Beside « Réponses », what answers a question says that it does."""
    return [
        (code, str(_("Réponses à une question")) if code == REPONSE else str(mots))
        for code, mots in Reponse.Sens.choices
    ]


@dataclass(frozen=True)
class Compte:
    """The figures of one month."""

    go: int = 0
    go_conditions: int = 0
    no_go: int = 0
    reponse: int = 0  # to a question: counted, and neither a yes nor a no
    a_temps: int = 0
    apres: int = 0
    raisons: dict[str, dict[str, int]] = field(default_factory=dict)  # decision -> reason -> number

    @property
    def total(self) -> int:
        return self.go + self.go_conditions + self.no_go + self.reponse

    @classmethod
    def de(cls, lignes: Iterable[tuple[Ligne, int]]) -> "Compte":
        """From lines, each with how many times it occurs."""
        sens: Counter = Counter()
        tenues: Counter = Counter()
        raisons: dict[str, dict[str, int]] = {}
        for (decision, motif, a_temps), nombre in lignes:
            sens[decision] += nombre
            tenues[a_temps] += nombre
            if not motif:
                continue
            siennes = raisons.setdefault(decision, {})
            siennes[motif] = siennes.get(motif, 0) + nombre
        nombres = {code: sens[code] for code in Reponse.Sens.values}
        return cls(**nombres, a_temps=tenues[True], apres=tenues[False], raisons=raisons)

    @classmethod
    def publie(cls, scelle: MoisScelle) -> "Compte":
        nombres = {nom: getattr(scelle, nom) for nom in (*Reponse.Sens.values, "a_temps", "apres")}
        return cls(**nombres, raisons=scelle.raisons)

    def nombres(self) -> dict[str, int]:
        """Every figure under the words that the page shows."""
        nommes = {_("Réponses"): self.total}
        nommes |= {str(mots): getattr(self, code) for code, mots in sens_en_clair()}
        nommes |= {_("À la date promise"): self.a_temps, _("Après la date promise"): self.apres}
        for code in DECISIONS:
            mots = Reponse.Sens(code).label
            for motif, raison in Reponse.Motif.choices:
                nommes[f"{mots}\u00a0: {raison}"] = self.raisons.get(code, {}).get(motif, 0)
        return nommes


@dataclass(frozen=True)
class Ecart:
    libelle: str
    publie: int
    recompte: int


@dataclass(frozen=True)
class Cause:
    """Why the two counts differ: what happened to one answer since."""

    genre: str  # « corrigee », « entree », « sortie » or « autre »
    numero: int
    url: str = ""  # of the correction, or of the answer; nothing when it is no longer there
    le: datetime | None = None


@dataclass(frozen=True)
class Mois:
    annee: int
    mois: int
    recompte: Compte
    scelle_le: datetime | None = None
    publie: Compte | None = None  # None as long as the month is not sealed
    causes: tuple[Cause, ...] = ()

    @property
    def premier_jour(self) -> date:
        return date(self.annee, self.mois, 1)

    @property
    def compte(self) -> Compte:
        """What was published of it, or what is counted now while nothing is."""
        return self.publie or self.recompte

    @property
    def ecarts(self) -> list[Ecart]:
        if self.publie is None or self.publie == self.recompte:
            return []
        avant, maintenant = self.publie.nombres(), self.recompte.nombres()
        return [Ecart(nom, avant[nom], maintenant[nom]) for nom in avant if avant[nom] != maintenant[nom]]

    @property
    def se_montre(self) -> bool:
        """A month without any answer is published too, so that one added later shows; until then it has nothing to say."""
        return bool(self.compte.total or self.ecarts)

    @property
    def causes_dites(self) -> tuple[Cause, ...]:
        return self.causes[:CAUSES_MAX]

    @property
    def causes_de_plus(self) -> int:
        return len(self.causes) - len(self.causes_dites)


# --- Counting ------------------------------------------------------------------------------------------------------


def _corrections():
    """The published corrections of an answer, the latest first."""
    return Reponse.objects.publiees().filter(corrige=OuterRef("pk")).order_by("-publiee_le", "-pk")


def _lues():
    """First published answers, each with its month, what it says today, and whether it came on time."""
    return (
        Reponse.objects.publiees()
        .filter(corrige__isnull=True)
        .avec_echeance()
        .annotate(
            annee=ExtractYear("publiee_le"),
            numero=ExtractMonth("publiee_le"),
            dit=Coalesce(Subquery(_corrections().values("sens")[:1]), F("sens")),
            parce_que=Coalesce(Subquery(_corrections().values("motif")[:1]), F("motif")),
            a_temps=Case(
                When(tenue_le__date__lte=F("due_le"), then=Value(True)),
                When(tenue_le__date__gt=F("due_le"), then=Value(False)),
            ),
        )
        .order_by()
    )


def compter_les_mois() -> dict[Cle, Compte]:
    """Every month that has an answer, counted now, in one query."""
    lues = _lues().values_list("annee", "numero", *LUES)
    groupes: dict[Cle, Counter] = {}
    for annee, mois, *ligne in lues.iterator():
        groupes.setdefault((annee, mois), Counter())[tuple(ligne)] += 1
    return {cle: Compte.de(lignes.items()) for cle, lignes in groupes.items()}


def _dans(cles: Iterable[Cle]) -> Q:
    condition = Q(pk__in=[])
    for annee, mois in cles:
        condition |= Q(publiee_le__year=annee, publiee_le__month=mois)
    return condition


def mois_par_mois() -> list[Mois]:
    """The latest first: what was published of each, and what is counted today. Two queries, two more for a difference."""
    comptes = compter_les_mois()
    scelles = {(s.annee, s.mois): s for s in MoisScelle.objects.defer("lignes")}
    trouves = []
    for cle in sorted(comptes.keys() | scelles.keys(), reverse=True):
        scelle = scelles.get(cle)
        publie = Compte.publie(scelle) if scelle else None
        trouves.append(Mois(*cle, comptes.get(cle, Compte()), scelle.scelle_le if scelle else None, publie))
    differents = [(m.annee, m.mois) for m in trouves if m.ecarts]
    causes = _causes(differents) if differents else {}
    return [replace(m, causes=causes.get((m.annee, m.mois), ())) for m in trouves]


def _causes(cles: list[Cle]) -> dict[Cle, tuple[Cause, ...]]:
    """Of each of these months, answer by answer: what was counted, what is there now."""
    voulus = Q(pk__in=[])
    for annee, mois in cles:
        voulus |= Q(annee=annee, mois=mois)
    comptees: dict[Cle, dict[int, Ligne]] = {
        (scelle.annee, scelle.mois): {int(pk): tuple(ligne) for pk, ligne in scelle.lignes.items()}
        for scelle in MoisScelle.objects.filter(voulus)
    }
    maintenant: dict[Cle, dict[int, tuple]] = {cle: {} for cle in cles}
    lues = _lues().filter(_dans(cles)).annotate(
        correction=Subquery(_corrections().values("pk")[:1]),
        corrigee_le=Subquery(_corrections().values("publiee_le")[:1]),
    )  # fmt: skip
    for annee, mois, pk, *reste in lues.values_list("annee", "numero", "pk", *LUES, "correction", "corrigee_le"):
        maintenant[annee, mois][pk] = tuple(reste)
    return {cle: tuple(_causes_du_mois(comptees[cle], maintenant[cle])) for cle in cles}


def _causes_du_mois(comptees: dict[int, Ligne], maintenant: dict[int, tuple]):
    for pk in sorted(comptees.keys() | maintenant.keys()):
        if pk not in maintenant:
            yield Cause("sortie", pk)
            continue
        *ligne, correction, corrigee_le = maintenant[pk]
        if pk not in comptees:
            yield Cause("entree", pk, _adresse(pk))
        elif comptees[pk] != tuple(ligne) and correction:
            yield Cause("corrigee", pk, _adresse(correction), corrigee_le)
        elif comptees[pk] != tuple(ligne):
            yield Cause("autre", pk, _adresse(pk))


def _adresse(pk: int) -> str:
    return Reponse(pk=pk).get_absolute_url()


# --- Sealing -------------------------------------------------------------------------------------------------------


def sceller_les_mois() -> int:
    """Publish the figures of every month that is over; number of months. Safe when run twice, or by two processes."""
    premiere = Reponse.objects.publiees().aggregate(le=Min("publiee_le"))["le"]
    if premiere is None:
        return 0
    faits = set(MoisScelle.objects.values_list("annee", "mois"))
    return sum(_sceller(cle) for cle in _finis_depuis(premiere) if cle not in faits)


def _finis_depuis(premiere: datetime) -> list[Cle]:
    depuis, maintenant = timezone.localtime(premiere), timezone.localtime(timezone.now() - MARGE)
    rangs = range(depuis.year * 12 + depuis.month - 1, maintenant.year * 12 + maintenant.month - 1)
    return [(rang // 12, rang % 12 + 1) for rang in rangs]


@transaction.atomic
def _sceller(cle: Cle) -> bool:
    annee, mois = cle
    lues = _lues().filter(_dans([cle])).values_list("pk", *LUES)
    lignes = {pk: tuple(ligne) for pk, *ligne in lues}
    compte = Compte.de((ligne, 1) for ligne in lignes.values())
    champs = {nom: getattr(compte, nom) for nom in (*Reponse.Sens.values, "a_temps", "apres", "raisons")}
    champs["lignes"] = {str(pk): list(ligne) for pk, ligne in sorted(lignes.items())}
    scelle, nouveau = MoisScelle.objects.get_or_create(annee=annee, mois=mois, defaults=champs)
    if nouveau and compte.total:
        consigner(
            "reponses.chiffres.sceller",
            cible=scelle,
            par=SYSTEME,
            donnees={"mois": f"{annee:04d}-{mois:02d}", "total": compte.total, "empreinte": _empreinte(champs)},
        )
    return nouveau


def _empreinte(champs: dict) -> str:
    """SHA-256 of what is sealed: in the journal, so that anybody can compare."""
    return hashlib.sha256(canonique(champs)).hexdigest()
