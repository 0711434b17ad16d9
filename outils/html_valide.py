"""Run html-validate on written pages, and say each fault once with where it shows: a template makes many pages.

`python3 -m outils.html_valide DOSSIER`
"""

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from outils.dire import Arret, conclure, dire
from outils.preparer import MODULES_NODE, NODE_MINIMUM_TESTS, RACINE, environnement, trouver_node

EXEMPLES = 3
LIGNE = re.compile(r"^(?P<page>.+):(?P<ligne>\d+):\d+: \w+ \[(?P<regle>[\w-]+)\] (?P<message>.*)$")


def valider(dossier: Path) -> list[str]:
    """What html-validate reports of the pages under this folder, one line per fault."""
    validateur = MODULES_NODE / "html-validate" / "bin" / "html-validate.mjs"
    commande = [trouver_node(NODE_MINIMUM_TESTS), str(validateur), "--config", str(RACINE / ".htmlvalidate.json")]
    with tempfile.TemporaryDirectory(prefix="estuaire-html-") as temporaire:
        # In a file: what does not fit in a pipe is lost when the command ends.
        rapport = Path(temporaire) / "rapport.txt"
        fini = subprocess.run(
            [*commande, "--formatter", f"text={rapport}", f"{dossier}/**/*.html"],
            cwd=RACINE,
            env=environnement(),
            capture_output=True,
            text=True,
        )
        lignes = rapport.read_text(encoding="utf-8").splitlines() if rapport.exists() else []
    if fini.returncode and not lignes:
        raise Arret(f"html-validate n'a pas fini.\n{fini.stdout}{fini.stderr}")
    return lignes


def resumer(lignes: Iterable[str], dossier: Path) -> list[str]:
    """One entry per distinct fault, the most frequent first: rule, message, a few places."""
    lieux: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ligne in lignes:
        if trouve := LIGNE.match(ligne):
            page = Path(trouve["page"]).relative_to(dossier)
            lieux[trouve["regle"], trouve["message"]].append(f"{page}:{trouve['ligne']}")
    return [
        f"{regle} : {message}\n    {len(trouves)} fois, par exemple {', '.join(trouves[:EXEMPLES])}"
        for (regle, message), trouves in sorted(lieux.items(), key=lambda paire: -len(paire[1]))
    ]


def principal() -> int:
    dossier = Path(sys.argv[1]).resolve()
    fautes = resumer(valider(dossier), dossier)
    for faute in fautes:
        dire(faute)
    dire(f"Fautes différentes : {len(fautes)}.")
    return 1 if fautes else 0


if __name__ == "__main__":
    conclure(principal)
