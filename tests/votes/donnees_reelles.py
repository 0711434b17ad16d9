"""Real elections, read where they lie beside the repository: nothing of them is kept here."""

import os
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
DOSSIER = Path(os.environ.get("ESTUAIRE_DONNEES_REELLES", RACINE.parent / "shared" / "data"))


def orsay() -> list[Path]:
    """The three polling stations of Orsay, 22 April 2007; empty where they are not."""
    return sorted((DOSSIER / "jugement-majoritaire-orsay-2007").glob("orsay2007_bureau_*.csv"))


def manque() -> str:
    """Why they cannot be read; empty when they can."""
    return "" if len(orsay()) == 3 else f"élection réelle absente de {DOSSIER} : jugement-majoritaire-orsay-2007"
