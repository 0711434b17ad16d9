"""What communities forget of a person who leaves."""

from communautes.models import Communaute, Signature, Voix
from communautes.panels.places import oublier as oublier_sa_place
from timeline.etapes import franchir


def oublier(personne) -> None:
    """To which ones she belonged, asked to belong, or was refused, and what she signed. What she wrote there stays, under no
    name; so do her questions and her supports of others, as those of ideas: an answer was promised to that many people.
    What she proposed and nobody has opened is withdrawn."""
    for communaute in Communaute.objects.filter(proposee_par=personne, etat=Communaute.Etat.PROPOSEE):
        franchir(communaute.retirer, par=personne)
    oublier_sa_place(personne)
    personne.adhesions.all().delete()
    Signature.objects.filter(personne=personne).delete()
    # Her answers to polls are counted, and no longer hers.
    Voix.objects.filter(personne=personne).update(personne=None)
