"""A real server in a process of its own, with its own data folder: for browsers, and for being killed."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from django.conf import settings

from outils.lancer import ecoute

RACINE = Path(__file__).resolve().parent.parent
DEMARRAGE_MAX = 60  # seconds
#: Shared by the workers of a run, and removed with its data.
PARTAGE = settings.DONNEES.parent if "PYTEST_XDIST_WORKER" in os.environ else settings.DONNEES
#: A migrated database: made by `make test` for all its parts, else by the first site that wants it.
MODELE = Path(os.environ.get("ESTUAIRE_TEST_MODELE") or PARTAGE / "modele.sqlite3")


class SiteReel:
    """daphne in the embedded profile; `base` may name a PostgreSQL database of its own instead of SQLite."""

    def __init__(self, dossier: Path, *, base: str = "", **environnement: str):
        self.port = _port_libre()
        self.adresse = f"http://127.0.0.1:{self.port}"
        self.journal = dossier / "serveur.txt"
        self.donnees = dossier / "donnees"
        propre = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}}
        self.environnement = propre | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ESTUAIRE_DONNEES": str(self.donnees),
            "SECRET_KEY": "une-cle-qui-ne-sert-qu-aux-essais-" * 2,
            "PORT": str(self.port),
            "ESTUAIRE_TIC": "1",
            **({"DATABASE_URL": base} if base else {}),
            **environnement,
        }
        self.processus: subprocess.Popen | None = None
        self.avance = 0  # days

    def avancer(self, jours: int) -> None:
        """Let days pass: the site stops, and starts again with its clock moved. Its pages come back by themselves."""
        self.avance += jours
        self.tuer()
        self.demarrer()

    @property
    def _horloge(self) -> str:
        """Python for the beginning of a process of this site."""
        if not self.avance:
            return ""
        return (
            "import datetime, time_machine\n"
            f"_le = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days={self.avance})\n"
            "time_machine.travel(_le, tick=True).start()\n"
        )

    def gerer(self, *arguments: str) -> subprocess.CompletedProcess:
        """`manage.py …`; raises when it fails, with what it printed."""
        fait = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=RACINE,
            env=self.environnement,
            capture_output=True,
            text=True,
            check=False,
        )
        if fait.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)} : {fait.stdout}{fait.stderr}")
        return fait

    def migrer(self) -> None:
        """`manage.py migrate`; on SQLite its result is kept for the other sites of the run, which take a copy."""
        if "DATABASE_URL" in self.environnement:
            self.gerer("migrate", "-v0")
            return
        with (PARTAGE / "modele.verrou").open("w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            if not MODELE.exists():
                modele = SiteReel(PARTAGE)
                modele.gerer("migrate", "-v0")
                modele.base_embarquee.rename(MODELE)
        self.donnees.mkdir(parents=True, exist_ok=True)
        shutil.copy(MODELE, self.base_embarquee)

    @property
    def base_embarquee(self) -> Path:
        return self.donnees / "estuaire.sqlite3"

    def executer(self, code: str) -> str:
        """Python inside the site, as an operator would in its shell; what it printed."""
        prelude = f"{self._horloge}import django; django.setup()\n"
        fait = subprocess.run(
            [sys.executable, "-c", prelude + code],
            cwd=RACINE,
            env=self.environnement,
            capture_output=True,
            text=True,
            check=False,
        )
        if fait.returncode:
            raise AssertionError(fait.stdout + fait.stderr)
        return fait.stdout

    def demarrer(self) -> None:
        serveur = f"{self._horloge}from daphne.cli import CommandLineInterface\nCommandLineInterface.entrypoint()"
        with open(self.journal, "ab") as sortie:
            self.processus = subprocess.Popen(
                [sys.executable, "-c", serveur, "-e", ecoute(self.port), "config.asgi:application"],
                cwd=RACINE,
                env=self.environnement,
                stdout=sortie,
                stderr=sortie,
            )
        limite = time.monotonic() + DEMARRAGE_MAX
        while time.monotonic() < limite:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.adresse}/sante", timeout=2) as reponse:
                if reponse.status == 200:
                    return
            if self.processus.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError(f"le serveur ne démarre pas : {self.journal.read_text()[-3000:]}")

    def tuer(self) -> None:
        """As the kernel would: no goodbye, nothing flushed."""
        if self.processus and self.processus.poll() is None:
            self.processus.send_signal(signal.SIGKILL)
            self.processus.wait(10)

    arreter = tuer


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]
