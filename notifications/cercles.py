"""Circles of people around a thing: who is told what is said in these words."""

from collections.abc import Callable

from django.db.models import QuerySet

from comptes.models import Role, Utilisateur
from notifications.models import Abonnement

_soutiens: dict[str, Callable] = {}


def soutenus_par(modele) -> Callable:
    """Decorator: how the app that owns this kind of thing finds the people who support one."""

    def inscrire(trouver: Callable) -> Callable:
        _soutiens[modele._meta.label_lower] = trouver
        return trouver

    return inscrire


def personne(pk) -> QuerySet[Utilisateur]:
    """That person alone; nobody for None (an erased account)."""
    return Utilisateur.objects.filter(pk=pk) if pk else Utilisateur.objects.none()


def auteur(chose) -> QuerySet[Utilisateur]:
    return personne(getattr(chose, "auteur_id", None))


def soutiens(chose) -> QuerySet[Utilisateur]:
    trouver = _soutiens.get(chose._meta.label_lower)
    return trouver(chose) if trouver else Utilisateur.objects.none()


def abonnes(chose) -> QuerySet[Utilisateur]:
    return Utilisateur.objects.filter(pk__in=Abonnement.objects.sur(chose).values("personne"))


def nommees(projet, role) -> QuerySet[Utilisateur]:
    """Those whom this projet names in this role; nobody without a projet."""
    return (
        Utilisateur.objects.filter(roles_projets__projet=projet, roles_projets__role=role) if projet else personne(None)
    )


def agents() -> QuerySet[Utilisateur]:
    return _ayant(Role.Nom.AGENT)


def moderation() -> QuerySet[Utilisateur]:
    return _ayant(Role.Nom.MODERATRICE)


def _ayant(role) -> QuerySet[Utilisateur]:
    return Utilisateur.objects.filter(pk__in=Role.objects.filter(role=role).values("personne"))
