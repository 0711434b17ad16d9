"""What votes forget of a person who leaves."""

from votes.models import Emargement


def oublier(personne) -> None:
    """A ballot that was cast stays counted, under no name: nothing leads from it to an account any more."""
    Emargement.objects.filter(personne=personne).update(personne=None)
