"""« Camille écrit en ce moment » : a courtesy, forgotten after some minutes. What protects a text is its `version`."""

from django.core.cache import cache
from django.utils import timezone

from timeline.temps_reel import diffuser, groupe_de

DUREE = 5 * 60  # seconds; an open page says every minute that it still is


def signaler(reponse, personne) -> None:
    """She has the form of this text under her eyes. Open pages are told when she comes, not that she stays."""
    presentes = _presentes(reponse)
    cache.set(_cle(reponse), presentes | {personne.pk: (timezone.now(), personne.pseudonyme)}, DUREE)
    if personne.pk not in presentes:
        diffuser(groupe_de(reponse))


def oublier(reponse, personne) -> None:
    """She has kept her text."""
    presentes = _presentes(reponse)
    if presentes.pop(personne.pk, None):
        cache.set(_cle(reponse), presentes, DUREE)
        diffuser(groupe_de(reponse))


def qui_ecrit(reponse, sauf) -> list[str]:
    """Names of the others who write in it now."""
    return sorted(nom for pk, (_le, nom) in _presentes(reponse).items() if pk != sauf.pk)


def _cle(reponse) -> str:
    return f"reponses:ecrivent:{reponse.pk}"


def _presentes(reponse) -> dict:
    maintenant = timezone.now()
    vues = cache.get(_cle(reponse)) or {}
    return {pk: (le, nom) for pk, (le, nom) in vues.items() if (maintenant - le).total_seconds() < DUREE}
