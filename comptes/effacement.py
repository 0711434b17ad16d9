"""Closing an account: the person leaves, what she gave to the debate stays, under no name.

The row is emptied rather than deleted: supports still count, ideas keep an author, and the journal its chain. Each app
that knows more about people registers what it forgets (`oublier_avec`), since this one may not import them.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from comptes.pseudonymes import EFFACE

DOMAINE = "efface.invalid"  # reserved: nobody ever receives mail there
CONFIRMER_AVANT = timedelta(days=7)
PAR_PASSAGE = 200

_oublis: list[Callable[[Utilisateur], None]] = []


class EffacementImpossible(Exception):
    """`str()` is a sentence for the person."""


def oublier_avec(oubli: Callable[[Utilisateur], None]) -> Callable[[Utilisateur], None]:
    """Register what an app forgets of a person who leaves; called by its `ready()`, run in the same transaction."""
    if oubli not in _oublis:
        _oublis.append(oubli)
    return oubli


def est_effacee(personne) -> bool:
    return not personne.is_active and personne.email.endswith(f"@{DOMAINE}")


def empechement(personne) -> str:
    """Why this account cannot be erased, as a sentence; empty when it can."""
    if personne.est_de_la_maison:
        return _(
            "Votre compte agit au nom de la collectivité. Une personne de l’administration doit d’abord retirer votre rôle."
        )
    if noms := _engagements(personne):
        return _(
            "Votre nom est lié à des actes publics (%(actes)s), qui doivent garder leur responsable. "
            "Vous ne pouvez pas effacer ce compte vous-même."
        ) % {"actes": get_text_list(noms, _("et"))}
    return ""


def _engagements(personne) -> list[str]:
    """Kinds of rows that forbid by themselves (PROTECT) that this person disappears."""
    return [
        str(relation.related_model._meta.verbose_name_plural).lower()
        for relation in Utilisateur._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is models.PROTECT
        and relation.related_model._base_manager.filter(**{relation.field.name: personne}).exists()
    ]


def effacer(personne) -> None:
    """Erase everything personal. Raises EffacementImpossible, and then nothing has changed."""
    with transaction.atomic():
        personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
        if raison := empechement(personne):
            raise EffacementImpossible(raison)
        for session in UserSession.objects.filter(user=personne):
            session.end()
        _vider_le_journal_de_l_administration(personne)
        for oubli in _oublis:
            oubli(personne)
        for liens in ("emailaddress_set", "socialaccount_set", "authenticator_set", "mandats"):
            getattr(personne, liens).all().delete()
        personne.groups.clear()
        personne.user_permissions.clear()
        personne.email = f"{secrets.token_hex(16)}@{DOMAINE}"
        personne.pseudonyme = f"{EFFACE} {personne.pk}"
        personne.commune = personne.annee_naissance = personne.last_login = None
        personne.is_active = personne.is_superuser = False
        personne.set_unusable_password()  # also ends any session that nobody listed
        personne.save()


def _vider_le_journal_de_l_administration(personne) -> None:
    """What the technical administration did to this account remains; how the account was called does not."""
    traces = models.Q(content_type=ContentType.objects.get_for_model(Utilisateur), object_id=str(personne.pk))
    for liens in ("emailaddress_set", "socialaccount_set", "authenticator_set", "mandats"):
        lignes = getattr(personne, liens).all()
        traces |= models.Q(
            content_type=ContentType.objects.get_for_model(lignes.model),
            object_id__in=[str(pk) for pk in lignes.values_list("pk", flat=True)],
        )
    LogEntry.objects.filter(traces).update(object_repr=EFFACE, change_message="")


def oublier_inscriptions_abandonnees() -> int:
    """Delete sign-ups that nobody confirmed in a week; their link died after three days, nothing hangs on them."""
    jamais = Utilisateur.objects.filter(
        last_login__isnull=True,
        is_active=True,
        inscrite_le__lt=timezone.now() - CONFIRMER_AVANT,
        emailaddress__verified=False,
    ).exclude(emailaddress__verified=True)
    oubliees = [personne for personne in jamais.distinct()[:PAR_PASSAGE] if not empechement(personne)]
    for personne in oubliees:
        personne.delete()
    return len(oubliees)


def oublier_sessions_finies() -> int:
    """Sessions keep the address that was typed at the door; nobody reads them once they have ended."""
    finies = Session.objects.filter(expire_date__lt=timezone.now())
    UserSession.objects.filter(session_key__in=finies.values("session_key")).delete()
    return finies.delete()[0]
