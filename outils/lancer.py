"""`make run`: set up, migrate, load the demonstration, serve, and say where.  `make demo`: the same from an empty base.

Run as a command: `python3 -m outils.lancer [--demonstration-neuve]`.
"""

import argparse
import errno
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outils.dire import Arret, conclure, dire, etape
from outils.preparer import JOURNAL, PYTHON, RACINE, environnement, noter, preparer, seul
from outils.services import arreter, lier_au_parent

HOTE = "127.0.0.1"
FILE_D_ATTENTE = 1024  # connections that wait for the server to take them
# whitenoise says so for each file under ASGI, and of the folder that only production fills: nothing to do about either.
AVERTISSEMENTS_CONNUS = "ignore:StreamingHttpResponse must consume:Warning,ignore:No directory at:UserWarning"


def lancer() -> int:
    refuser_production()
    port = lire_port()
    exiger_port_libre(port)
    preparer(tests=False)
    with donnees_en_service(fcntl.LOCK_SH, "La démonstration est en train d'être refaite : attendez sa fin."):
        with seul():  # two servers starting together on a new base: one migrates, the other waits
            accueil = amorcer()
        exiger_port_libre(port)  # somebody may have taken it meanwhile
        return servir(port, accueil)


def refaire_demonstration() -> int:
    refuser_production()
    if os.environ.get("DATABASE_URL"):
        raise Arret("make demo n'efface que la base embarquée, et DATABASE_URL en désigne une autre : rien n'a changé.")
    preparer(tests=False)
    with donnees_en_service(fcntl.LOCK_EX, "Le site tourne sur cette base : arrêtez-le (Ctrl-C), puis recommencez."):
        effacer_base(dossier_de_donnees())
        dire("Base embarquée effacée, avec ses photos et documents.")
        dire(amorcer())
    return 0


def refuser_production() -> None:
    if os.environ.get("ESTUAIRE_PROFIL", "embarque") != "embarque":
        raise Arret(
            "Cette commande charge une démonstration aux mots de passe publics : "
            "elle n'existe que dans le profil embarqué (ESTUAIRE_PROFIL vide). Pour la production, voir docs/guide/installer.md."
        )


def lire_port() -> int:
    texte = os.environ.get("PORT") or "8000"
    if not texte.isdecimal() or not 1 <= int(texte) <= 65535:
        raise Arret(f"PORT vaut « {texte} » : il faut un nombre entre 1 et 65535, par exemple make run PORT=8001")
    return int(texte)


def exiger_port_libre(port: int) -> None:
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server stopped a second ago is not in the way
        try:
            prise.bind((HOTE, port))
        except OSError as erreur:
            if erreur.errno == errno.EACCES:
                raise Arret(f"Le port {port} est réservé à l'administrateur : make run PORT=8001") from None
            if erreur.errno == errno.EADDRINUSE:
                raise Arret(
                    f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre : "
                    f"make run PORT={port + 1 if port < 65535 else 8001}"
                ) from None
            raise Arret(f"Impossible d'écouter sur {HOTE}, port {port} : {erreur.strerror}.") from None


def dossier_de_donnees() -> Path:
    return Path(os.environ.get("ESTUAIRE_DONNEES") or RACINE / "donnees")


@contextmanager
def donnees_en_service(mode: int, phrase: str) -> Iterator[None]:
    """Servers share the data folder; the command that empties it wants it alone."""
    dossier = dossier_de_donnees()
    dossier.mkdir(parents=True, exist_ok=True)
    with open(dossier / ".en_service", "w") as verrou:
        try:
            fcntl.flock(verrou, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Arret(phrase) from None
        yield


def effacer_base(dossier: Path) -> None:
    """Empty the embedded base; the secret key of this machine stays."""
    for suite in ("", "-wal", "-shm", "-journal"):
        (dossier / f"estuaire.sqlite3{suite}").unlink(missing_ok=True)
    shutil.rmtree(dossier / "medias", ignore_errors=True)


def amorcer() -> str:
    """Migrate and load the demonstration; what it says of its accounts."""
    with etape("Base de données et démonstration (une minute la première fois)"):
        fini = subprocess.run(
            [PYTHON, "-m", "outils.amorcer"],
            cwd=RACINE,
            env=environnement(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    if fini.returncode:
        noter(f"outils.amorcer\n{fini.stdout}{fini.stderr}")
        raise Arret(
            f"La base de données n'a pas pu être préparée : {raison(fini.stderr)}\n"
            f"Le détail est dans {JOURNAL.relative_to(RACINE)}."
        )
    return fini.stdout.strip()


def raison(erreurs: str) -> str:
    """Last line of a traceback, without the dotted name of its class: settings say there what is missing."""
    derniere = (erreurs.strip().splitlines() or ["raison inconnue"])[-1]
    return re.sub(r"^(\w+\.)*\w+(Error|Configured|Exception)?: ", "", derniere)


def ecoute(port: int) -> str:
    """Where daphne listens. Its own queue of 50 connections turns people away when many press a button at once."""
    return f"tcp:port={port}:interface={HOTE}:backlog={FILE_D_ATTENTE}"


def servir(port: int, accueil: str) -> int:
    commande: list[str | Path] = [PYTHON, "-m", "daphne", "-v", "0", "--access-log", "-", "-e", ecoute(port)]
    serveur = subprocess.Popen(
        [*commande, "config.asgi:application"],
        cwd=RACINE,
        env=environnement(PORT=str(port), PYTHONWARNINGS=AVERTISSEMENTS_CONNUS),
        stdin=subprocess.DEVNULL,
        preexec_fn=lier_au_parent,
    )
    try:
        if not _attendre_reponse(serveur, port):
            raise Arret("Le serveur n'a pas démarré : la raison est écrite ci-dessus.")
        dire(f"\n{accueil}\n" if accueil else "")
        dire(f"Estuaire est prêt : http://{HOTE}:{port}   (Ctrl-C pour arrêter)\n")
        code = serveur.wait()
        raise Arret(f"Le serveur s'est arrêté (code {code}).")
    except KeyboardInterrupt:
        dire("\nArrêt du serveur…")
        return 0
    finally:
        # A shell that starts us in the background makes all of us deaf to SIGINT.
        arreter(serveur, signal.SIGTERM if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else signal.SIGINT)


def _attendre_reponse(serveur: subprocess.Popen, port: int, secondes: float = 60) -> bool:
    fin = time.monotonic() + secondes
    while time.monotonic() < fin and serveur.poll() is None:
        try:
            socket.create_connection((HOTE, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.lancer")
    lecteur.add_argument("--demonstration-neuve", action="store_true", help="vider la base embarquée, puis la remplir")
    return refaire_demonstration() if lecteur.parse_args().demonstration_neuve else lancer()


if __name__ == "__main__":
    conclure(principal)
