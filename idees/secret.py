"""The secrets of ideas without an account (`socle.secret`)."""

from socle.secret import ALPHABET, LONGUEUR, PROMESSE_MAX, Coffre, en_groupes, lire, tirer

__all__ = [
    "ALPHABET",
    "LONGUEUR",
    "PROMESSE_MAX",
    "empreinte",
    "en_groupes",
    "est_le_bon",
    "lire",
    "promettre",
    "tenir_parole",
    "tirer",
]

_coffre = Coffre("idees.secret")
empreinte, est_le_bon = _coffre.empreinte, _coffre.est_le_bon
promettre, tenir_parole = _coffre.promettre, _coffre.tenir_parole
