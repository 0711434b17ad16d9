"""What communities forget of a person who leaves."""


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused. What she wrote there stays, under no name."""
    personne.adhesions.all().delete()
    personne.soutiens_de_questions.all().delete()
