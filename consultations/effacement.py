"""What consultations forget of a person who leaves."""

from consultations.participer import oublier_de


def oublier(personne) -> None:
    """What she began; what she sent stays counted, under no name."""
    oublier_de(personne)
