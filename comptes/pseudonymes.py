"""Pseudonyms: when two of them are the same, which ones nobody may take, and inventions for people who have none."""

import re
import secrets
import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from territoires.models import Territoire

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
ARTICLES = {"la", "le", "l", "les", "une", "un", "votre", "notre"}
#: Words that say for whom one speaks, when a name begins with them: « Mairie de Nantes », « Élue aux mobilités ».
INSTITUTIONS = {
    "mairie", "maire", "mairesse", "metropole", "ville", "commune", "collectivite", "municipalite", "departement", "region",
    "prefecture", "prefet", "prefete", "conseil", "service", "services", "cabinet", "officiel",
    "officielle", "elu", "elue", "elus", "elues", "adjoint", "adjointe", "conseiller", "conseillere",
    "president", "presidente", "vicepresident", "vicepresidente", "depute", "deputee", "senateur", "senatrice",
    "agent", "agente", "mediateur", "mediatrice",
}  # fmt: skip
#: Words that say so wherever they stand, even glued to others: « Nantes Métropole », « La mairie », « mairiedenantes ».
INSTITUTIONS_PARTOUT = ("mairie", "metropole", "municipal", "prefecture", "collectivite")
#: Between words, and where a capital begins one: « VilleDeNantes ».
COUPURES = re.compile(r"[\s\-.'’_]+|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
LIAISON = "(?:de|du|des|d|dela|a)?"  # between an institution and its place, when everything is glued
EFFACE = "Participant effacé"


def normaliser(pseudonyme: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", pseudonyme).split())


def cle_de(pseudonyme: str) -> str:
    """What two pseudonyms may not share: letters and digits, without case, accents or punctuation."""
    plat = unicodedata.normalize("NFKD", pseudonyme).casefold()
    return "".join(c for c in plat if c.isalnum()) or plat


def est_reserve(pseudonyme: str) -> bool:
    """Would it speak in the name of somebody who has gone?"""
    return cle_de(pseudonyme).startswith(cle_de(EFFACE))


def est_institutionnel(pseudonyme: str) -> bool:
    """Would people think that the house, the collectivité, one of its communes or somebody elected speaks?"""
    cle = cle_de(pseudonyme)
    noms = NOMS_DE_LA_MAISON | {cle_de(settings.ESTUAIRE[nom]) for nom in ("nom_plateforme", "collectivite")}
    mots = [sans_chiffres(cle_de(mot)) for mot in COUPURES.split(pseudonyme) if mot]
    while mots and mots[0] in ARTICLES:
        mots.pop(0)
    if not mots or mots[0] in INSTITUTIONS or noms.intersection({cle, sans_chiffres(cle), "".join(mots)}):
        return True
    if any(mot in cle for mot in INSTITUTIONS_PARTOUT):
        return True
    if cle.startswith(cle_de(settings.ESTUAIRE["collectivite"]) or "\0"):
        return True
    places = Territoire.objects.filter(genre__in=[Territoire.Genre.METROPOLE, Territoire.Genre.COMMUNE])
    lieux = {cle_de(nom) for nom in places.values_list("nom", flat=True)}
    return cle in lieux or any(_parle_d_un_lieu(cle, lieu) for lieu in lieux)


def sans_chiffres(cle: str) -> str:
    """« maire2 » is still « maire »; a name of figures alone stays."""
    return cle.strip("0123456789") or cle


def _parle_d_un_lieu(cle: str, lieu: str) -> bool:
    """« villedereze », « mairederezé44 »: an institution and a place, without a space."""
    if lieu not in cle:
        return False
    institutions = "|".join(sorted(INSTITUTIONS))
    return (
        re.fullmatch(rf"(?:{'|'.join(sorted(ARTICLES))})?(?:{institutions}){LIAISON}{re.escape(lieu)}[0-9]*", cle)
        is not None
    )


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
