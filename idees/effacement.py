"""What ideas forget of a person who leaves."""

from functools import partial

from django.db import transaction

from idees import equipe
from idees.models import Idee, Photo


def oublier(personne) -> None:
    """Her drafts, pictures included: nobody else ever saw them. What she sent stays, with its answer and its supports;
    what she wrote with others, drafts too, is theirs from now on."""
    equipe.oublier(personne)
    brouillons = Idee.objects.filter(auteur=personne, etat=Idee.Etat.BROUILLON)
    for photo in Photo.objects.filter(idee__in=brouillons):
        for fichier in (photo.fichier, photo.vignette):
            transaction.on_commit(partial(fichier.storage.delete, str(fichier.name)))
    brouillons.delete()
