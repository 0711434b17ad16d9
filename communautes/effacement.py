"""What communities forget of a person who leaves."""

from communautes.models import Signature


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused, and what she signed. What she wrote there stays, under no name."""
    personne.adhesions.all().delete()
    Signature.objects.filter(personne=personne).delete()
