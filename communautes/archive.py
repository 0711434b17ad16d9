"""What somebody put in communities as files, for the archive of what is hers."""

from collections.abc import Iterator

from communautes.models import Sujet, VersionDocument


def fichiers_de(personne) -> Iterator[tuple[str, bytes]]:
    """(name in the archive, bytes): the photos of her threads, the files that she shared. One lost by the disk is left out."""
    for sujet in Sujet.objects.filter(auteur=personne).exclude(photo="").order_by("pk"):
        yield from _lire(f"forum/{sujet.pk}.webp", sujet.photo)
    for version in VersionDocument.objects.filter(auteur=personne).exclude(fichier="").order_by("pk"):
        nom = f"documents_partages/{version.document_id}-{version.numero}.{version.format.extension}"
        yield from _lire(nom, version.fichier)


def _lire(nom, fichier) -> Iterator[tuple[str, bytes]]:
    try:
        with fichier.open("rb") as ouvert:
            yield nom, ouvert.read()
    except OSError:
        return
