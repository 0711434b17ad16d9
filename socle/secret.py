"""The secret of something without an account: drawn here, read aloud or copied by hand, kept as a fingerprint only.

Twenty symbols of five bits, a hundred in all: guessing is out of reach, with or without limits, so a plain SHA-256 keeps
it well. No I, L, O or U: what is misread is read right (Crockford's base 32).
"""

import hashlib
import secrets
from dataclasses import dataclass
from hmac import compare_digest

from django.core import signing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGUEUR = 20
GROUPE = 4
PROMESSE_MAX = 24 * 3600  # seconds a page that promises a secret may stay open
SOSIES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def tirer() -> str:
    return "".join(secrets.choice(ALPHABET) for _rang in range(LONGUEUR))


def en_groupes(secret: str) -> str:
    """As it is shown: XXXX-XXXX-XXXX-XXXX-XXXX."""
    return "-".join(secret[debut : debut + GROUPE] for debut in range(0, len(secret), GROUPE))


def lire(saisi: str) -> str:
    """What somebody typed, in whatever case and groups."""
    return "".join(c for c in saisi.upper().translate(SOSIES) if c in ALPHABET)


@dataclass(frozen=True)
class Coffre:
    """Secrets of one kind of thing. `sel` keeps kinds apart: what opens an idea opens nothing else."""

    sel: str

    def empreinte(self, numero: int, secret: str) -> str:
        """SHA-256, hexadecimal. The number is in it: equal secrets, were there any, would not show."""
        return hashlib.sha256(f"{self.sel}:{numero}:{secret}".encode()).hexdigest()

    def est_le_bon(self, connue: str, numero: int, saisi: str) -> bool:
        """Same work whether there is a fingerprint to compare with or not: time tells nothing."""
        juste = compare_digest(connue or "-" * 64, self.empreinte(numero, lire(saisi)))
        return juste and bool(connue)

    def promettre(self, objet) -> str:
        """A secret drawn with the page, signed, for its form to carry.

        It opens nothing until the form is sent. The same form sent twice brings the same secret, so that whoever clicks
        twice still reads it; and it is written nowhere.
        """
        return signing.dumps([str(objet), tirer()], salt=self.sel)

    def tenir_parole(self, jeton: str) -> tuple[str, str]:
        """(object, secret) of a promise. Raises django.core.signing.BadSignature, also when it is too old."""
        objet, secret = signing.loads(jeton, salt=self.sel, max_age=PROMESSE_MAX)
        return objet, secret
