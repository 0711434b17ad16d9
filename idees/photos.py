"""The pictures of an idea: five at most, in an order, each with its words. Callers hold the lock of the idea's row."""

import uuid
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from idees.models import Photo
from timeline.etapes import EtapeInvalide

EN_MAIN = 0  # the rank of a picture that changes places, for as long as a transaction lasts


def joindre_photo(idee, encodages, alternative) -> Photo:
    """Store a picture and its thumbnail under names of our own, after the others. Raises EtapeInvalide past five."""
    rang = idee.photos.count() + 1
    if rang > Photo.RANG_MAX:
        raise EtapeInvalide(_("Une idée porte %(n)s photos au plus.") % {"n": Photo.RANG_MAX}, champ="photo")
    grande, vignette = encodages
    photo = Photo(idee=idee, rang=rang, alternative=alternative, largeur=grande.largeur, hauteur=grande.hauteur)
    nom = uuid.uuid4().hex
    photo.fichier.save(f"{nom}.webp", ContentFile(grande.contenu), save=False)
    photo.vignette.save(f"{nom}-v.webp", ContentFile(vignette.contenu), save=False)
    photo.save()
    return photo


def decrire_photos(idee, alternatives) -> None:
    """Write what pictures show, {number of a picture: words}; those of other ideas are left alone."""
    for photo in idee.photos.filter(pk__in=alternatives):
        if photo.alternative != alternatives[photo.pk]:
            photo.alternative = alternatives[photo.pk]
            photo.save(update_fields=["alternative"])


def enlever_photo(idee, pk) -> None:
    """Take a picture off, and its files once it is certain. One that is no longer there is off already."""
    photo = idee.photos.filter(pk=pk).first()
    if photo is None:
        return
    oublier_les_fichiers([photo])
    photo.delete()
    for suivante in idee.photos.filter(rang__gt=photo.rang):
        _ranger(suivante, suivante.rang - 1)


def enlever_les_photos(idee) -> None:
    oublier_les_fichiers(idee.photos.all())
    idee.photos.all().delete()


def avancer_photo(idee, pk) -> None:
    """One place nearer the first; the first stays where it is."""
    photo = idee.photos.filter(pk=pk).first()
    devant = idee.photos.filter(rang=photo.rang - 1).first() if photo else None
    if devant is None:
        return
    place = photo.rang
    _ranger(photo, EN_MAIN)
    _ranger(devant, place)
    _ranger(photo, place - 1)


def _ranger(photo, rang) -> None:
    photo.rang = rang
    photo.save(update_fields=["rang"])


def oublier_les_fichiers(photos) -> None:
    """Delete the files of these pictures when the transaction is safe."""
    for photo in photos:
        for fichier in (photo.fichier, photo.vignette):
            transaction.on_commit(partial(fichier.storage.delete, str(fichier.name)))
