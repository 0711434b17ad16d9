"""Circles of people around a thing: who is told what is said in these words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from comptes.models import Role, Utilisateur
from notifications.models import Abonnement

_soutiens: dict[str, Callable] = {}
_sans_compte: dict[str, Callable] = {}
_suivent_sans_compte: dict[str, Callable] = {}


@dataclass(frozen=True)
class SansCompte:
    """Somebody without an account who left an address; `lien` and `arreter` are paths of her own, signed."""

    adresse: str
    lien: str
    arreter: str


def sans_compte_de(modele) -> Callable:
    """Decorator: how the app that owns this kind of thing finds an author who has no account."""

    def inscrire(trouver: Callable) -> Callable:
        _sans_compte[modele._meta.label_lower] = trouver
        return trouver

    return inscrire


def sans_compte_qui_suivent(modele) -> Callable:
    """Decorator: how the app that owns this kind of thing finds those who follow one, and have no account to follow with."""

    def inscrire(trouver: Callable) -> Callable:
        _suivent_sans_compte[modele._meta.label_lower] = trouver
        return trouver

    return inscrire


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
    """Whoever wrote it; all of them where several people write together (`autrices`)."""
    if hasattr(chose, "autrices"):
        return Utilisateur.objects.filter(pk__in=chose.autrices())
    return personne(getattr(chose, "auteur_id", None))


def auteur_sans_compte(chose) -> list[SansCompte]:
    trouver = _sans_compte.get(chose._meta.label_lower)
    return trouver(chose) if trouver else []


def abonnes_sans_compte(chose) -> list[SansCompte]:
    trouver = _suivent_sans_compte.get(chose._meta.label_lower)
    return trouver(chose) if trouver else []


def soutiens(chose) -> QuerySet[Utilisateur]:
    trouver = _soutiens.get(chose._meta.label_lower)
    return trouver(chose) if trouver else Utilisateur.objects.none()


def abonnes(chose, *, grande_etape: bool) -> QuerySet[Utilisateur]:
    """Those who follow it and hear of this. An `Annonce` asks `self.abonnes(chose)`, which knows what it tells."""
    dits = Abonnement.objects.sur(chose).dits(grande_etape=grande_etape)
    return Utilisateur.objects.filter(pk__in=dits.values("personne"))


def nommees(projet, role) -> QuerySet[Utilisateur]:
    """Those whom this projet names in this role; nobody without a projet."""
    return (
        Utilisateur.objects.filter(roles_projets__projet=projet, roles_projets__role=role) if projet else personne(None)
    )


def agents() -> QuerySet[Utilisateur]:
    return _ayant(Role.Nom.AGENT)


def moderation() -> QuerySet[Utilisateur]:
    return _ayant(Role.Nom.MODERATRICE)


def mediation() -> QuerySet[Utilisateur]:
    return _ayant(Role.Nom.MEDIATRICE)


def _ayant(role) -> QuerySet[Utilisateur]:
    return Utilisateur.objects.filter(pk__in=Role.objects.filter(role=role).values("personne"))
