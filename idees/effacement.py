"""What ideas forget of a person who leaves."""

from idees import equipe
from idees.brouillons import oublier_de


def oublier(personne) -> None:
    """Her drafts, pictures included: nobody else ever saw them. What she sent stays, with its answer and its supports;
    what she wrote with others, drafts too, is theirs from now on."""
    equipe.oublier(personne)
    oublier_de(personne)
