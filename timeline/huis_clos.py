"""Who reads what happened inside a community. The app that owns communities says it; until it does, nobody reads anything."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Regle:
    #: entrees(personne) -> Q over the entries that have a community: those that she may read, whatever her role in the house.
    entrees: Callable[..., Q]
    #: lectrices(communaute) -> Q over the accounts: those who may read what happens in it.
    lectrices: Callable[..., Q]
    #: chaines(personne) -> Q over the chains that have a community: those of which she may read the links, and know the length.
    chaines: Callable[..., Q]


_PERSONNE = Regle(
    entrees=lambda _personne: Q(pk__in=[]),
    lectrices=lambda _communaute: Q(pk__in=[]),
    chaines=lambda _personne: Q(pk__in=[]),
)
_regle = _PERSONNE


def lire_avec(regle: Regle) -> None:
    """Called by the `ready()` of the app that owns communities."""
    global _regle
    _regle = regle


def lues_par(personne) -> Q:
    """Over entries."""
    return _regle.entrees(personne)


def chaines_lues_par(personne) -> Q:
    """Over chains. What somebody reads of herself in a closed community does not give her the rest, not even how much there is."""
    return Q(communaute__isnull=True) | _regle.chaines(personne)


def lectrices_de(communaute) -> Q:
    """Over accounts."""
    return _regle.lectrices(communaute)


def est_lisible_dedans(cible) -> bool:
    """May those who are in the community read its words? Moderation hides them there too."""
    return getattr(cible, "est_lisible_dedans", getattr(cible, "est_lisible", True))


def communaute_de(cible):
    """The community inside which this thing lives, or None: its entries are read there and nowhere else."""
    demander = getattr(cible, "communaute_du_journal", None)
    return demander() if demander else None


def peut_vivre_dedans(cible) -> bool:
    """Whatever cannot say in which community it lives is told outside, always: `communaute_de` found none for its entries."""
    return hasattr(cible, "communaute_du_journal")
