"""`make verrouiller`: write the lock files again from requirements/*.in and package.json.

Run as a command: `python3 -m outils.verrouiller [--actualiser]` (the option takes the newest allowed versions).
"""

import argparse
from pathlib import Path

from outils.dire import conclure, dire, etape
from outils.preparer import NODE_MINIMUM, PYTHON, RACINE, SANS_DEPENDANCES, VENV, lancer, preparer, trouver_npm

# runtime first: dev is resolved with what the site runs on, and oracles with both.
LISTES = ("runtime", "dev", "oracles", "outils", "node")


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.verrouiller")
    lecteur.add_argument("--actualiser", action="store_true", help="prendre les versions les plus récentes permises")
    actualiser = lecteur.parse_args().actualiser
    preparer(tests=False)
    for nom in LISTES:
        with etape(f"requirements/{nom}.txt"):
            verrouiller_python(nom, actualiser=actualiser)
    with etape("package-lock.json"):
        npm, env = trouver_npm(NODE_MINIMUM)
        lancer([*npm, "update" if actualiser else "install", "--package-lock-only"], quoi="npm", env=env)
    dire("Les verrous sont écrits. Le prochain make run ou make test installera ce qui a changé.")
    return 0


def verrouiller_python(nom: str, *, actualiser: bool) -> None:
    dossier = RACINE / "requirements"
    # No host and no path in the lock: it is the same wherever it is made, and any mirror can serve it.
    options: list[str | Path] = [
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--no-annotate",
        "--universal",
    ]
    options += ["--python-version", "3.11", "--python", PYTHON, *(["--upgrade"] if actualiser else [])]
    options += ["--no-deps"] if nom in SANS_DEPENDANCES else []
    commande: list[str | Path] = [
        VENV / "bin" / "uv",
        "pip",
        "compile",
        dossier / f"{nom}.in",
        "-o",
        dossier / f"{nom}.txt",
        *options,
    ]
    lancer(commande, quoi=f"requirements/{nom}.txt")


if __name__ == "__main__":
    conclure(principal)
