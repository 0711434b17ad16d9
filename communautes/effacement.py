"""What communities forget of a person who leaves."""

from communautes.panels.places import oublier as oublier_sa_place


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused. What she wrote there stays, under no name."""
    oublier_sa_place(personne)
    personne.adhesions.all().delete()
