"""What communities forget of a person who leaves."""

from communautes.models import Voix


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused. What she wrote there stays, under no name."""
    personne.adhesions.all().delete()
    # Her answers to polls are counted, and no longer hers.
    Voix.objects.filter(personne=personne).update(personne=None)
