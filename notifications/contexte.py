from functools import cache

from notifications.models import Notification


def cloche(request):
    """Context processor: how many notifications wait under the bell. Counted once, and only if the page shows it."""
    personne = getattr(request, "user", None)
    if personne is None or not personne.is_authenticated:
        return {"nb_notifications": 0}
    return {"nb_notifications": cache(lambda: Notification.objects.compter_non_lues(personne))}
