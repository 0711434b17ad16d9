"""The draw: from four texts to a number, by one SHA-256 that anybody can compute."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from communautes.tirage.fichiers import empreinte
from communautes.tirage.parametres import FORMAT

BLANCS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Empreintes:
    """SHA-256 of the three published files."""

    vivier: str
    parametres: str
    lots: str

    @classmethod
    def des(cls, vivier: bytes, parametres: bytes, lots: bytes) -> "Empreintes":
        return cls(empreinte(vivier), empreinte(parametres), empreinte(lots))


def normaliser(valeur: str) -> str:
    """The public value as everybody will write it: composed characters (NFC), one space between words, none around.

    Raises ValueError when nothing is left, or a character cannot be written in UTF-8.
    """
    texte = BLANCS.sub(" ", unicodedata.normalize("NFC", valeur)).strip()
    if not texte:
        raise ValueError("La valeur publique est vide.")
    try:
        texte.encode()
    except UnicodeEncodeError:
        raise ValueError("La valeur publique contient un caractère qui ne s'écrit pas en UTF-8.") from None
    return texte


def graine_de(empreintes: Empreintes, valeur: str) -> str:
    """SHA-256 of five lines, each ended by LF: the format, the fingerprints of the pool, of the parameters, of the lots, the value."""
    lignes = (FORMAT, empreintes.vivier, empreintes.parametres, empreintes.lots, normaliser(valeur))
    return hashlib.sha256("".join(f"{ligne}\n" for ligne in lignes).encode()).hexdigest()


def numero_de(graine: str, lots: int) -> int:
    """The rest of the division by the number of lots.

    2^256 is not a multiple of 1000: some numbers are likelier than others by less than 1000 / 2^256, that is 2^-246.
    """
    return int(graine, 16) % lots
