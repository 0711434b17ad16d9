"""Pseudonyms: when two of them are the same, which ones nobody may take, and inventions for people who have none."""

import secrets
import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

LONGUEUR_MAX = 40
CHOSES = (
    "Aigrette",
    "Alose",
    "Balise",
    "Bac",
    "Brise",
    "Courlis",
    "Gabare",
    "Héron",
    "Marée",
    "Phragmite",
    "Roseau",
    "Vasière",
)
#: Names under which the house itself speaks, written as `cle_de` gives them.
NOMS_DE_LA_MAISON = {
    "estuaire", "moderation", "moderateur", "moderatrice", "administration", "administrateur", "administratrice",
    "mairie", "metropole", "systeme", "equipedudialogue",
}  # fmt: skip
EFFACE = "Participant effacé"


def normaliser(pseudonyme: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", pseudonyme).split())


def cle_de(pseudonyme: str) -> str:
    """What two pseudonyms may not share: letters and digits, without case, accents or punctuation."""
    plat = unicodedata.normalize("NFKD", pseudonyme).casefold()
    return "".join(c for c in plat if c.isalnum()) or plat


def est_reserve(pseudonyme: str) -> bool:
    """Would it speak in the name of the house, or of somebody who has gone?"""
    cle = cle_de(pseudonyme)
    noms = NOMS_DE_LA_MAISON | {cle_de(settings.ESTUAIRE[nom]) for nom in ("nom_plateforme", "collectivite")}
    return cle in noms or cle.startswith(cle_de(EFFACE))


def valider_alphabet(pseudonyme: str) -> None:
    """One alphabet at a time: a Cyrillic « а » among Latin letters would pass for somebody else."""
    alphabets = {unicodedata.name(c, "?").split()[0] for c in pseudonyme if c.isalpha()}
    if len(alphabets) > 1 and alphabets & {"LATIN", "CYRILLIC", "GREEK"}:
        raise ValidationError(_("N’utilisez qu’un seul alphabet dans votre pseudonyme."))


VALIDATEURS: list[Callable[[str], None]] = [
    RegexValidator(
        r"^[^\W_][\w .'’\-]*\Z",
        _(
            "Commencez par une lettre ou un chiffre, puis des lettres, chiffres, espaces, points, tirets ou apostrophes."
        ),
    ),
    valider_alphabet,
]


def pseudonyme_libre() -> str:
    personnes = get_user_model().objects
    while True:
        propose = f"{secrets.choice(CHOSES)} {secrets.randbelow(90_000) + 10_000}"
        if not personnes.filter(pseudonyme_cle=cle_de(propose)).exists():
            return propose
