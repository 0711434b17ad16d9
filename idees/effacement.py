"""What ideas forget of a person who leaves."""

from idees.brouillons import oublier_de


def oublier(personne) -> None:
    """Her drafts, pictures included. What she sent stays, with its answer and its supports."""
    oublier_de(personne)
