"""The invented accounts of the demonstration: their passwords are public, so they open nothing outside of it."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from comptes.models import Role, Utilisateur

#: Domain of all their addresses, of which none can exist (RFC 2606).
DOMAINE = "demonstration.example"


def comptes():
    return Utilisateur.objects.filter(email__iendswith=f"@{DOMAINE}")


def comptes_ouverts():
    return comptes().filter(is_active=True)


def est_refusee(personne) -> bool:
    """Is this an account of the demonstration, on a site that is no demonstration?"""
    return not settings.DEMONSTRATION and personne.email.lower().endswith(f"@{DOMAINE}")


class Connexion(AuthenticationBackend):
    """Asked at sign-in, and again at each request: a session that was opened elsewhere is worth nothing here."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not est_refusee(user)

    def get_user(self, user_id):
        try:
            personne = Utilisateur.objects.lire_avec_roles(user_id)
        except Utilisateur.DoesNotExist:
            return None
        return personne if self.user_can_authenticate(personne) else None


def fermer() -> int:
    """Close the accounts of the demonstration for good; how many were open.

    What they published stays, under their invented names: it is part of a record that nobody rewrites.
    """
    with transaction.atomic():
        ouverts = list(comptes_ouverts().values_list("pk", flat=True))
        # Closed ones too: an administrator could open them again in one click.
        tous = list(comptes().values_list("pk", flat=True))
        sessions = UserSession.objects.filter(user__in=tous)
        Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
        sessions.delete()
        Authenticator.objects.filter(user__in=tous).delete()
        Role.objects.filter(personne__in=tous).delete()
        for personne in comptes().only("pk", "password"):
            personne.set_unusable_password()  # also ends any session that nobody listed
            personne.save(update_fields=["password"])
        comptes().update(is_active=False, is_staff=False, is_superuser=False)
    return len(ouverts)
