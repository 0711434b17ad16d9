"""Secrets of the second factor at rest: a stolen copy of the database opens no account."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def _coffre() -> MultiFernet:
    """Keys derived from SECRET_KEY, then from the former ones, so that changing it loses nobody's second factor."""
    cles = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"comptes.chiffrement:" + force_bytes(cle)).digest()))
            for cle in cles
        ]
    )


def chiffrer(texte: str) -> str:
    return _coffre().encrypt(texte.encode()).decode()


def dechiffrer(chiffre: str) -> str:
    return _coffre().decrypt(chiffre.encode()).decode()
