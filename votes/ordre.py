"""In which order options are shown: drawn at each visit, or as the list was published. Never by votes.

The draw is a number that the address or the form carries: the same page comes back in the same order, without a cookie.
"""

import hashlib
import secrets
from collections.abc import Iterable

from votes.models import Option, Scrutin

MAXIMUM = 10**6


def tirer() -> int:
    return secrets.randbelow(MAXIMUM)


def lire(ecrit: str) -> int | None:
    """A draw that an address carries; nothing when it is not one."""
    return int(ecrit) if ecrit.isascii() and ecrit.isdecimal() and len(ecrit) <= 6 else None


def est_tire(scrutin: Scrutin) -> bool:
    """Yes then no is an order that everybody knows."""
    return scrutin.regle != Scrutin.Regle.OUI_NON


def ranger(options: Iterable[Option], tirage: int) -> list[Option]:
    """Shuffled by a number: those that were taken out come last."""
    return sorted(options, key=lambda o: (o.est_retiree, hashlib.sha256(f"{tirage}/{o.cle}".encode()).digest()))
