"""What discussions forget of a person who leaves."""

from commentaires.models import Mention


def oublier(personne) -> None:
    """Her name in others' words is no longer a call to her: the words stay theirs."""
    Mention.objects.filter(personne=personne).delete()
