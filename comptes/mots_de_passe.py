"""Passwords that are long enough and still the first ones an attacker tries."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SIGNES_DIFFERENTS = 5
RESTE_MIN = 4  # letters that must remain once the expected words are taken out
SUITES = ("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz")
MOTS_ATTENDUS = (
    "motdepasse",
    "password",
    "bienvenue",
    "bonjour",
    "jetaime",
    "administrateur",
    "admin",
    "secret",
    "soleil",
    "doudou",
    "france",
)


class MotDePasseDevinable:
    """Refuses repetitions, runs of the keyboard, and expected words dressed with figures (« Bienvenue2026! »)."""

    def validate(self, password, user=None):
        plat = "".join(c for c in unicodedata.normalize("NFKD", password).casefold() if not unicodedata.combining(c))
        lettres = re.sub(r"[^a-z]", "", plat)
        for mot in sorted(
            {*MOTS_ATTENDUS, *self._mots_du_site(), *self._morceaux_de_suites(lettres)}, key=len, reverse=True
        ):
            lettres = lettres.replace(mot, "")
        # Figures and signs alone are no phrase; other alphabets than ours are judged on their length only.
        latin = plat.isascii()
        if len(set(plat)) < SIGNES_DIFFERENTS or (latin and len(lettres) < RESTE_MIN):
            raise ValidationError(
                _("Ce mot de passe est trop facile à deviner. Essayez plusieurs mots sans rapport entre eux."),
                code="password_devinable",
            )

    def get_help_text(self):
        return _("Votre mot de passe n’est pas une suite de touches ni un mot très courant suivi de chiffres.")

    @staticmethod
    def _mots_du_site():
        noms = f"{settings.ESTUAIRE['nom_plateforme']} {settings.ESTUAIRE['collectivite']}"
        plat = unicodedata.normalize("NFKD", noms).casefold()
        return {mot for mot in re.split(r"[^a-z]+", plat.encode("ascii", "ignore").decode()) if len(mot) > 3}

    @staticmethod
    def _morceaux_de_suites(lettres):
        """Runs of five keys or more found in the password, in either direction."""
        for suite in SUITES:
            for sens in (suite, suite[::-1]):
                for debut in range(len(lettres) - 4):
                    fin = debut + 5
                    while fin <= len(lettres) and lettres[debut:fin] in sens:
                        fin += 1
                    if fin > debut + 5:
                        yield lettres[debut : fin - 1]
