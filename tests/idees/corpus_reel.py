"""Real French ideas, read where they lie beside the repository: nothing of them is kept here, ideas are named by number."""

import csv
import os
from pathlib import Path

from tests.fabriques import publier_en_masse

RACINE = Path(__file__).resolve().parents[2]
#: Not of the settings of a site (`ESTUAIRE_…`): those do not reach tests and measures.
DONNEES = Path(os.environ.get("DONNEES_REELLES", RACINE.parent / "shared" / "data"))
DOSSIER = DONNEES / "textes-fr"
FICHIERS = {"mel": "mel_propositions-libres.csv", "rn": "republique_numerique_propositions.csv"}
ARGUMENTS = "republique_numerique_arguments.csv"


def manque() -> str:
    """Why the corpus cannot be read; empty when it can."""
    absents = [nom for nom in (*FICHIERS.values(), ARGUMENTS) if not (DOSSIER / nom).is_file()]
    return f"textes réels absents de {DOSSIER} : {', '.join(absents)}" if absents else ""


def lire() -> dict[str, tuple[str, str]]:
    """{"mel:418": (title, text)}, cut to what our form accepts."""
    textes = {}
    for source, nom in FICHIERS.items():
        with open(DOSSIER / nom, encoding="utf-8-sig", newline="") as fichier:
            for ligne in csv.DictReader(fichier):
                textes[f"{source}:{ligne['id']}"] = (ligne["title"][:120], ligne["body"][:5000])
    return textes


def lire_les_arguments() -> list[str]:
    """What other people answered: the same language, and none of the sentences of the ideas."""
    with open(DOSSIER / ARGUMENTS, encoding="utf-8-sig", newline="") as fichier:
        return [ligne["body"] for ligne in csv.DictReader(fichier)]


def publier() -> dict[int, str]:
    """Every idea of the corpus published in one box; {number here: its name}."""
    textes = lire()
    return dict(zip((idee.pk for idee in publier_en_masse(textes.values())), textes, strict=True))
