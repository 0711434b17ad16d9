"""« Camille écrit en ce moment »: a courtesy, forgotten after some minutes. What protects a text is its `version`."""

from django.core.cache import cache
from django.utils import timezone

DUREE = 5 * 60  # seconds


def _cle(reponse) -> str:
    return f"reponses:ecrivent:{reponse.pk}"


def signaler(reponse, personne) -> None:
    """This person has the form of this text under her eyes."""
    cache.set(_cle(reponse), _recentes(reponse) | {personne.pk: (timezone.now(), personne.pseudonyme)}, DUREE)


def oublier(reponse, personne) -> None:
    """She has kept her text."""
    restantes = _recentes(reponse)
    restantes.pop(personne.pk, None)
    cache.set(_cle(reponse), restantes, DUREE)


def qui_ecrit(reponse, sauf) -> list[str]:
    """Names of the others who write in it now."""
    return sorted(nom for pk, (_le, nom) in _recentes(reponse).items() if pk != sauf.pk)


def _recentes(reponse) -> dict:
    maintenant = timezone.now()
    ecrivent = cache.get(_cle(reponse)) or {}
    return {pk: (le, nom) for pk, (le, nom) in ecrivent.items() if (maintenant - le).total_seconds() < DUREE}
