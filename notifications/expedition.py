"""Sending what the outbox holds, and forgetting it later.

At least once, never knowingly twice: a mail is claimed by a lease before it leaves, so that two workers never send the
same one. A worker killed between the server's « accepted » and our own note leaves a lease that runs out, and the mail
leaves again — under the same Message-ID, by which mail boxes recognise it.
"""

import logging
import smtplib
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from notifications.models import Courriel

journal = logging.getLogger(__name__)

BAIL = timedelta(minutes=5)
DUREE_MAX = 15  # seconds a call: other tasks wait behind it
ATTENTE_MAX = 24 * 60  # minutes


def envoyer(duree: float = DUREE_MAX) -> int:
    """Send what is due, for `duree` seconds at most; number of mails handed over.

    When the server cannot be reached at all, no mail is counted as tried: the next call knocks again.
    """
    _abandonner_ceux_des_comptes_fermes()
    if not settings.COURRIEL_TRANSPORT:
        return _remettre_sur_place()
    if not Courriel.objects.a_envoyer().exists():
        return 0
    connexion = get_connection(settings.COURRIEL_TRANSPORT)
    fin, remis = time.monotonic() + duree, 0
    try:
        while time.monotonic() < fin and _ouvrir(connexion) and (courriel := _prendre()):
            remis += _remettre(courriel, connexion)
    finally:
        _fermer(connexion)
    return remis


def _abandonner_ceux_des_comptes_fermes() -> None:
    Courriel.objects.filter(etat=Courriel.Etat.EN_ATTENTE, personne__is_active=False).update(
        etat=Courriel.Etat.ABANDONNE, derniere_erreur="compte fermé"
    )


def _remettre_sur_place() -> int:
    """No mail server: the row is the mail, and `/courriels/` shows it."""
    return Courriel.objects.a_envoyer().update(etat=Courriel.Etat.ENVOYE, envoye_le=timezone.now())


def _ouvrir(connexion) -> bool:
    try:
        connexion.open()
    except OSError as erreur:  # smtplib's errors are OSErrors too
        journal.warning("le serveur de courriels ne répond pas : %s", type(erreur).__name__)
        return False
    return True


def _fermer(connexion) -> None:
    try:
        connexion.close()
    except OSError:
        journal.debug("le serveur de courriels était déjà parti", exc_info=True)


def _prendre() -> Courriel | None:
    """The next mail, leased to this process."""
    with transaction.atomic():
        while courriel := Courriel.objects.a_envoyer().select_for_update(skip_locked=True, of=("self",)).first():
            if courriel.essais < Courriel.ESSAIS_MAX:
                courriel.essais += 1
                courriel.prochain_essai_le = timezone.now() + BAIL
                courriel.save(update_fields=["essais", "prochain_essai_le"])
                return courriel
            # Each time, the worker died with it in its hands.
            courriel.etat, courriel.derniere_erreur = Courriel.Etat.ABANDONNE, "l'envoi a été interrompu à chaque essai"
            courriel.save(update_fields=["etat", "derniere_erreur"])
    return None


def _remettre(courriel: Courriel, connexion) -> bool:
    try:
        connexion.send_messages([_message(courriel, connexion)])
    except Exception as erreur:  # whatever one mail does, the others must leave
        _fermer(connexion)
        _noter_l_echec(courriel, erreur)
        return False
    _noter_l_envoi(courriel)
    return True


def _message(courriel: Courriel, connexion) -> EmailMultiAlternatives:
    site = urlsplit(settings.ADRESSE).hostname or "localhost"
    entetes = {
        "Message-ID": f"<courriel.{courriel.pk}.{int(courriel.cree_le.timestamp())}@{site}>",
        "Auto-Submitted": "auto-generated",
        **courriel.entetes,
    }
    message = EmailMultiAlternatives(
        subject=courriel.objet,
        body=courriel.texte,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[courriel.destinataire],
        headers=entetes,
        connection=connexion,
    )
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    return message


def _noter_l_envoi(courriel: Courriel) -> None:
    changes: dict = {"etat": Courriel.Etat.ENVOYE, "envoye_le": timezone.now(), "derniere_erreur": ""}
    if courriel.priorite == Courriel.Priorite.ACCES and not settings.COURRIELS_LISIBLES:
        # It opens an account: once gone, no copy of the link stays here.
        changes |= {"texte": "", "html": ""}
    Courriel.objects.filter(pk=courriel.pk, etat=Courriel.Etat.EN_ATTENTE).update(**changes)


def _noter_l_echec(courriel: Courriel, erreur: Exception) -> None:
    definitif = _est_definitif(erreur) or courriel.essais >= Courriel.ESSAIS_MAX
    changes: dict = {"derniere_erreur": f"{type(erreur).__name__} : {erreur}".replace("\x00", "")[:500]}
    if definitif:
        changes["etat"] = Courriel.Etat.ABANDONNE
    else:
        changes["prochain_essai_le"] = timezone.now() + attente(courriel.essais)
    Courriel.objects.filter(pk=courriel.pk, etat=Courriel.Etat.EN_ATTENTE).update(**changes)
    journal.warning(
        "le courriel %s n'est pas parti (essai %s, %s)%s",
        courriel.pk, courriel.essais, type(erreur).__name__, " : abandonné" if definitif else "",
    )  # fmt: skip


def _est_definitif(erreur: Exception) -> bool:
    """The server says that this address will never do (5xx)."""
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _raison in erreur.recipients.values())
    return False


def attente(essais: int) -> timedelta:
    """1, 4, 16, 64 minutes… then once a day: two days in all."""
    return timedelta(minutes=min(4 ** (essais - 1), ATTENTE_MAX))


def purger() -> int:
    """Forget old mails, words and addresses; number of rows."""
    return Courriel.objects.perimes().delete()[0]
