"""`make fix`: let the tools mend what they can mend without changing what the code does."""

import subprocess

from outils.dire import conclure
from outils.preparer import RACINE, VENV, preparer


def principal() -> int:
    preparer(tests=True)
    ruff = str(VENV / "bin" / "ruff")
    restent = subprocess.run([ruff, "check", "--fix"], cwd=RACINE).returncode
    subprocess.run([ruff, "format"], cwd=RACINE, check=True)
    return restent


if __name__ == "__main__":
    conclure(principal)
