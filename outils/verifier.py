"""`make check`: everything that can be said of the code without running the suite.

All checks run; the exit code is 0 when all of them passed. Run as a command:
`python3 -m outils.verifier [--seulement ruff,mypy]`.
"""

import argparse
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from outils.dire import Arret, conclure, dire, duree
from outils.preparer import PYTHON, RACINE, VENV, preparer
from outils.tester import environnement_de_test

PAGES = RACINE / "rapports" / "pages"


@dataclass(frozen=True)
class Verification:
    nom: str
    commandes: tuple[list[str], ...]


def _binaire(nom: str, *mots: str) -> list[str]:
    return [str(VENV / "bin" / nom), *mots]


def _module(*mots: str) -> list[str]:
    return [str(PYTHON), "-m", *mots]


# The long ones first: two run at a time.
VERIFICATIONS = (
    # Rules left aside in .htmlvalidate.json: white space and quotes as Django writes them, `for` beside a wrapped field
    # (both are what screen readers know best), checkboxes that share a name, file hashes for files of this site.
    Verification("html", (_module("outils.pages_rendues", str(PAGES)), _module("outils.html_valide", str(PAGES)))),
    Verification("mypy", (_module("mypy"),)),
    Verification("traductions", (_module("outils.traductions", "verifier"),)),
    Verification("migrations", ([str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],)),
    Verification("imports", (_binaire("lint-imports", "--no-cache"),)),
    Verification("djlint", (_binaire("djlint", "templates", "--lint", "--quiet"),)),
    Verification("ruff", (_binaire("ruff", "check"), _binaire("ruff", "format", "--check"))),
)


def executer(verification: Verification, env: dict[str, str]) -> bool:
    """Run the commands of one check up to the first that fails; its output is shown then, and only then."""
    debut = time.monotonic()
    for commande in verification.commandes:
        fini = subprocess.run(
            commande, cwd=RACINE, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        if fini.returncode:
            quoi = " ".join(commande).replace(f"{RACINE}{os.sep}", "")
            dire(f"✗ {verification.nom:<12} ÉCHEC : {quoi}\n{f'{fini.stdout}{fini.stderr}'.strip()}\n")
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
        with ThreadPoolExecutor(max_workers=2) as pool:
            reussites = list(pool.map(lambda verification: executer(verification, env), verifications))
    echecs = [verification.nom for verification, reussie in zip(verifications, reussites, strict=True) if not reussie]
    dire(f"À reprendre : {', '.join(echecs)}." if echecs else "Tout est en ordre.")
    return 1 if echecs else 0


if __name__ == "__main__":
    conclure(principal)
