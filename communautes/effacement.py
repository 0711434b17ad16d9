"""What communities forget of a person who leaves."""


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused. What she wrote there stays, under no name; so do
    her questions and her supports of others, as those of ideas: an answer was promised to that many people."""
    personne.adhesions.all().delete()
