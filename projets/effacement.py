"""What the projets forget of a person who closes her account."""

from projets.models import RoleProjet


def oublier(personne) -> None:
    """Her place in the teams. What she published in the name of the collectivité stays."""
    RoleProjet.objects.filter(personne=personne).delete()
