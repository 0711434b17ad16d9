"""The same words sent twice are one: a finger that presses again, a phone that found the network back.

Asked of the rows themselves, under the lock of whoever writes: exact, and the same for all processes. What makes two
sendings the same is all that they say: whoever adds a picture, or changes her mind, has said something else.
"""

from datetime import timedelta

from django.utils import timezone

DOUBLE_ENVOI = timedelta(minutes=1)


def recentes(lignes, quand: str, **mots):
    """The rows of the queryset `lignes` that say exactly these `mots` and are not a minute old (their column `quand`)."""
    return lignes.filter(**mots, **{f"{quand}__gte": timezone.now() - DOUBLE_ENVOI})


def deja_envoye(lignes, quand: str, **mots):
    """The first of them, or None."""
    return recentes(lignes, quand, **mots).first()
