"""Letters to people who left a postal address: which ones wait, and which have left.

The words are those of the site: a letter is a page of it, printed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
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
    def est_rejointe(self) -> bool:
        """Of a merge: is theirs the idea that goes on, and that the other one joins?"""
        return self.fusion is not None and self.fusion.cible_id == self.depot.idee_id

    @property
    def autre(self) -> Idee | None:
        """Of a merge: the idea that is not theirs."""
        if self.fusion is None:
            return None
        return self.fusion.source if self.est_rejointe else self.fusion.cible

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
    for fusion in fusions.get(depot.idee_id, ()):
        yield from _d_une_fusion(depot, fusion, parties)
    for reponse in reponses.get(depot.idee_id, ()):
        partie = parties.get((genres.REPONSE, reponse.pk))
        yield Courrier(depot, genres.REPONSE, reponse.publiee_le, reponse=reponse, envoyee=partie)


def _d_une_fusion(depot, fusion, parties):
    """What is owed at this moment, and what has left: whoever was told that two ideas become one is told when they do not."""
    genres, etats = Lettre.Genre, Fusion.Etat
    parties = {genre: parties.get((genre, fusion.pk)) for genre in Lettre.DE_FUSION}
    accord = fusion.accord_source_le if fusion.source_id == depot.idee_id else fusion.accord_cible_le
    dus = {
        genres.PROPOSITION: fusion.proposee_le if fusion.etat == etats.PROPOSEE and accord is None else None,
        genres.REUNION: fusion.effective_le if fusion.etat == etats.EFFECTIVE else None,
        genres.FIN: fusion.close_le if any(parties.values()) else None,
    }
    for genre, depuis in dus.items():
        if depuis or parties[genre]:
            partie = parties[genre]
            yield Courrier(depot, genre, depuis or partie.envoyee_le, fusion=fusion, envoyee=partie)


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


def _fusions(depots) -> dict[int, list[Fusion]]:
    """The merges of each idea, oldest first: proposed, in effect, or over but told by a letter."""
    pks = [depot.idee_id for depot in depots]
    racontees = Lettre.objects.filter(depot__in=depots, fusion__isnull=False).values("fusion")
    vivantes = Q(etat__in=[Fusion.Etat.PROPOSEE, Fusion.Etat.EFFECTIVE]) | Q(pk__in=racontees)
    fusions = Fusion.objects.filter(Q(source__in=pks) | Q(cible__in=pks), vivantes).select_related("source", "cible")
    par_idee: dict[int, list[Fusion]] = {}
    for fusion in fusions.order_by("proposee_le", "pk"):
        par_idee.setdefault(fusion.source_id, []).append(fusion)
        par_idee.setdefault(fusion.cible_id, []).append(fusion)
    return par_idee


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
