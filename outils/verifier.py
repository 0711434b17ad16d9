"""`make check`: everything that can be said of the code without running the suite.

All checks run; the exit code is 0 when all of them passed. Run as a command:
`python3 -m outils.verifier [--seulement ruff,mypy]`.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from outils.dire import Arret, conclure, dire, duree
from outils.preparer import (
    MODULES_NODE,
    NODE_MINIMUM_TESTS,
    PYTHON,
    RACINE,
    VENV,
    preparer,
    trouver_node,
)
from outils.tester import environnement_de_test

PAGES = RACINE / "rapports" / "pages"


@dataclass(frozen=True)
class Verification:
    nom: str
    commandes: Callable[[], Sequence[Sequence[str]]]


def _binaire(nom: str) -> str:
    return str(VENV / "bin" / nom)


def _module(*mots: str) -> list[str]:
    return [str(PYTHON), "-m", *mots]


def _gestion(*mots: str) -> list[str]:
    return [str(PYTHON), "manage.py", *mots]


def _html_valide() -> list[list[str]]:
    validateur = MODULES_NODE / "html-validate" / "bin" / "html-validate.mjs"
    return [
        _module("outils.pages_rendues", str(PAGES)),
        [trouver_node(NODE_MINIMUM_TESTS), str(validateur), "--config", ".htmlvalidate.json", f"{PAGES}/**/*.html"],
    ]


VERIFICATIONS = (
    Verification("ruff", lambda: [[_binaire("ruff"), "check"], [_binaire("ruff"), "format", "--check"]]),
    Verification("djlint", lambda: [[_binaire("djlint"), "templates", "--lint", "--quiet"]]),
    Verification("imports", lambda: [[_binaire("lint-imports"), "--no-cache"]]),
    Verification("migrations", lambda: [_gestion("makemigrations", "--check", "--dry-run")]),
    Verification("traductions", lambda: [_module("outils.traductions", "verifier")]),
    Verification("html", _html_valide),
    Verification("mypy", lambda: [_module("mypy")]),
)


def executer(verification: Verification, env: dict[str, str]) -> bool:
    """Run the commands of one check up to the first that fails; its output is shown then, and only then."""
    debut = time.monotonic()
    try:
        for commande in verification.commandes():
            fini = subprocess.run(
                commande,
                cwd=RACINE,
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
            )
            if fini.returncode:
                dire(f"✗ {verification.nom:<12} ÉCHEC : {' '.join(commande).replace(f'{RACINE}{os.sep}', '')}")
                dire(f"{fini.stdout}{fini.stderr}".strip() + "\n")
                return False
    except Arret as arret:
        dire(f"✗ {verification.nom:<12} ÉCHEC : {arret}")
        return False
    dire(f"✓ {verification.nom:<12} {duree(time.monotonic() - debut)}")
    return True


def choisir(texte: str) -> list[Verification]:
    connues = {verification.nom: verification for verification in VERIFICATIONS}
    noms = [nom.strip() for nom in texte.split(",") if nom.strip()] or list(connues)
    inconnus = [nom for nom in noms if nom not in connues]
    if inconnus:
        raise Arret(f"Vérification inconnue : {', '.join(inconnus)}. Il y a : {', '.join(connues)}.")
    return [connues[nom] for nom in noms]


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.verifier")
    lecteur.add_argument("--seulement", default="", help=", ".join(v.nom for v in VERIFICATIONS))
    verifications = choisir(lecteur.parse_args().seulement)
    preparer(tests=True)
    with tempfile.TemporaryDirectory(prefix="estuaire-verifications-", ignore_cleanup_errors=True) as donnees:
        env = environnement_de_test(donnees, {})
        echecs = [verification.nom for verification in verifications if not executer(verification, env)]
    dire(f"À reprendre : {', '.join(echecs)}." if echecs else "Tout est en ordre.")
    return 1 if echecs else 0


if __name__ == "__main__":
    conclure(principal)
