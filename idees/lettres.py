"""Letters to people who left a postal address: which ones wait, and which have left.

The words are those of the site: a letter is a page of it, printed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from idees.lignee import mene_a
from idees.models import Depot, Fusion, Idee, Lettre
from moderation.models import Decision
from reponses.models import Reponse
from timeline.etapes import EtapeImpossible


@dataclass(frozen=True)
class Courrier:
    """One letter that is owed to somebody, sent or not."""

    depot: Depot
    genre: Lettre.Genre
    depuis: datetime
    reponse: Reponse | None = None
    fusion: Fusion | None = None
    decision: Decision | None = None
    envoyee: Lettre | None = None

    @property
    def gabarit(self) -> str:
        return f"idees/depots/_lettre_{self.genre}.html"

    @property
    def numero(self) -> int | None:
        """Which answer, or which merge."""
        objet = self.reponse or self.fusion
        return objet.pk if objet else None

    @property
    def url(self) -> str:
        suite = [self.numero] if self.numero else []
        return reverse("idees:lettre", args=[self.depot.numero, str(self.genre), *suite])


def a_envoyer() -> list[Courrier]:
    """Those that wait, oldest first."""
    attente = [c for c in courriers(Depot.objects.exclude(adresse_postale="")) if c.envoyee is None]
    return sorted(attente, key=lambda courrier: (courrier.depuis, courrier.depot.pk))


def courriers(depots) -> list[Courrier]:
    """Every letter that these deposits call for, in a constant number of queries."""
    gens = list(depots.select_related("idee__boite", "idee__auteur").prefetch_related("lettres__envoyee_par"))
    decisions, reponses, fusions = _refus(gens), _reponses(gens), _fusions(gens)
    return [courrier for depot in gens for courrier in _de(depot, decisions, reponses, fusions)]


def _de(depot, decisions, reponses, fusions):
    parties = {(lettre.genre, lettre.reponse_id or lettre.fusion_id): lettre for lettre in depot.lettres.all()}
    genres = Lettre.Genre
    # At the desk and on line, the receipt is given at once.
    if depot.canal in {Depot.Canal.COURRIER, Depot.Canal.TELEPHONE}:
        yield Courrier(depot, genres.ACCUSE, depot.cree_le, envoyee=parties.get((genres.ACCUSE, None)))
    if decision := decisions.get(depot.idee_id):
        yield Courrier(depot, genres.REFUS, decision.le, decision=decision, envoyee=parties.get((genres.REFUS, None)))
    if fusion := fusions.get(depot.idee_id):
        partie = parties.get((genres.REUNION, fusion.pk))
        yield Courrier(depot, genres.REUNION, fusion.effective_le, fusion=fusion, envoyee=partie)
    for reponse in reponses.get(depot.idee_id, ()):
        partie = parties.get((genres.REPONSE, reponse.pk))
        yield Courrier(depot, genres.REPONSE, reponse.publiee_le, reponse=reponse, envoyee=partie)


def _refus(depots) -> dict[int, Decision]:
    """The statement of reasons of each refused idea."""
    refusees = [depot.idee_id for depot in depots if depot.idee.etat == Idee.Etat.REFUSEE]
    decisions = Decision.objects.filter(
        cible_type=ContentType.objects.get_for_model(Idee), cible_id__in=refusees, sens=Decision.Sens.REFUSER
    )
    return {decision.cible_id: decision for decision in decisions.order_by("pk")}


def _reponses(depots) -> dict[int, list[Reponse]]:
    """Each published answer, corrections included: first the answer, then what corrects it.

    An idea that joined another has the answer of that one.
    """
    mene = mene_a(depot.idee for depot in depots)
    publiees = Reponse.objects.publiees().filter(
        cible_type=ContentType.objects.get_for_model(Idee), cible_id__in=set(mene.values())
    )
    par_cible: dict[int, list[Reponse]] = {}
    for reponse in publiees.select_related("corrige").prefetch_related("jalons__nouvelles").order_by("pk"):
        par_cible.setdefault(reponse.cible_id, []).append(reponse)
    return {pk: par_cible.get(bout, []) for pk, bout in mene.items()}


def _fusions(depots) -> dict[int, Fusion]:
    """The merge in effect of each idea that joined another."""
    effectives = Fusion.objects.effectives().filter(source__in=[depot.idee_id for depot in depots])
    return {fusion.source_id: fusion for fusion in effectives.select_related("cible")}


@transaction.atomic
def marquer_envoyee(courrier, *, par) -> Lettre:
    """Once: a second click changes neither the date nor the name. Raises EtapeImpossible without an address."""
    if not courrier.depot.adresse_postale:
        raise EtapeImpossible(_("Cette personne n’a plus d’adresse postale ici."))
    lettre, _nouvelle = Lettre.objects.get_or_create(
        depot=courrier.depot,
        genre=courrier.genre,
        reponse=courrier.reponse,
        fusion=courrier.fusion,
        defaults={"envoyee_par": par},
    )
    return lettre
