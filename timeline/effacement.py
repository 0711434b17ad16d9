"""What the journal forgets of a person who leaves."""

from django.db.models import QuerySet

from timeline.models import Entree


def oublier(personne) -> None:
    """Detach her from her entries, and nothing else.

    `par` stays out of what is hashed, and its column out of the lock, for this very purpose: the chain still verifies,
    under a reference that no longer leads to anybody. A bare QuerySet, since the one of the journal refuses updates.
    """
    QuerySet(Entree).filter(par=personne).update(par=None)
