"""The same words sent twice are one: a finger that presses again, a phone that found the network back.

Asked of the rows themselves, under the lock of whoever writes: exact, and the same for all processes.
"""

from datetime import timedelta

from django.utils import timezone

DOUBLE_ENVOI = timedelta(minutes=1)


def deja_envoye(lignes, quand: str, **mots):
    """The row of the queryset `lignes` that says exactly these `mots` and is not a minute old (its column `quand`), or None."""
    return lignes.filter(**mots, **{f"{quand}__gte": timezone.now() - DOUBLE_ENVOI}).first()
