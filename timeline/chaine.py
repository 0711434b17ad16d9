"""Canonical form and fingerprint of a journal entry.

A fingerprint is the SHA-256 of the previous fingerprint, a line feed, and the entry as canonical JSON (RFC 8785 in
spirit: sorted keys, no spaces, UTF-8; numbers in `donnees` are integers or strings, never floats). Anybody can
recompute it from the public export with twenty lines of any language.
"""

import hashlib
import json
from datetime import UTC, datetime

ORIGINE = "0" * 64


def canonique(contenu: dict) -> bytes:
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def empreinte(precedente: str, contenu: dict) -> str:
    return hashlib.sha256(precedente.encode() + b"\n" + canonique(contenu)).hexdigest()


def horodatage(le: datetime) -> str:
    """UTC, to the microsecond: what both databases keep."""
    return le.astimezone(UTC).isoformat(timespec="microseconds")
