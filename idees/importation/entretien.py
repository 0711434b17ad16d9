"""What time brings to importations: lost jobs go on, files are not kept. Idempotent, as every part of `tic`."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from idees.models import Importation

SILENCE = timedelta(minutes=1)  # of a running job whose task was lost
FICHIER_GARDE = timedelta(days=7)  # of an importation that nobody launched


def relancer(reveiller: Callable[[int], None]) -> int:
    """Wake the jobs that no longer move; how many."""
    maintenant = timezone.now()
    muettes = Importation.objects.en_cours().exclude(fichier="").filter(avance_le__lt=maintenant - SILENCE)
    nombre = 0
    for pk in muettes.values_list("pk", flat=True):
        # Only one of two processes that look at once wakes it.
        if Importation.objects.filter(pk=pk, avance_le__lt=maintenant - SILENCE).update(avance_le=maintenant):
            reveiller(pk)
            nombre += 1
    return nombre


def oublier() -> int:
    """Files that serve no more, and importations that were only prepared, a week later."""
    finies = Importation.objects.filter(terminee_le__isnull=False).exclude(fichier="")
    abandonnees = Importation.objects.filter(lancee_le__isnull=True, cree_le__lt=timezone.now() - FICHIER_GARDE)
    nombre = 0
    for importation in finies:
        oublier_le_fichier(importation)
        nombre += 1
    for importation in abandonnees:
        supprimer(importation)
        nombre += 1
    return nombre


def oublier_le_fichier(importation: Importation) -> None:
    """The file may hold more than what was taken over of it: it goes as soon as it has served."""
    importation.fichier.delete(save=False)
    importation.save(update_fields=["fichier"])


def supprimer(importation: Importation) -> None:
    """An importation that never began leaves nothing."""
    importation.fichier.delete(save=False)
    importation.delete()
