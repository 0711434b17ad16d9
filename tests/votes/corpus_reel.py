"""Real Pabulib files, read where they lie beside the repository: nothing of them is kept here."""

import os
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
DOSSIER = Path(os.environ.get("ESTUAIRE_PABULIB", RACINE.parent / "shared" / "data" / "pabulib"))
if not DOSSIER.is_dir():
    DOSSIER = RACINE.parents[1] / "shared" / "data" / "pabulib"


def fichiers() -> list[Path]:
    return sorted(DOSSIER.glob("*.pb"))


def manque() -> str:
    """Why they cannot be read; empty when they can."""
    return "" if fichiers() else f"fichiers Pabulib réels absents de {DOSSIER}"
