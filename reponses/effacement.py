"""What the answers forget of a person who closes her account."""

from reponses.models import Appreciation, SecondeLecture


def oublier(personne) -> None:
    """Her words about answers. What she thought of them still counts, under no name."""
    Appreciation.objects.filter(personne=personne).update(mot="")
    SecondeLecture.objects.filter(demandee_par=personne).update(raison="", demandee_par=None)
