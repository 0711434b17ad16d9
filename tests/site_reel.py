"""A real server in a process of its own, with its own data folder: for browsers, and for being killed."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from outils.lancer import ecoute
from tests.souche import Fourche, souche_de

RACINE = Path(__file__).resolve().parent.parent
DEMARRAGE_MAX = 60  # seconds
#: Shared by the workers of a run, and removed with its data.
PARTAGE = settings.DONNEES.parent if "PYTEST_XDIST_WORKER" in os.environ else settings.DONNEES
#: A migrated database: made by `make test` for all its parts, else by the first site that wants it.
MODELE = Path(os.environ.get("ESTUAIRE_TEST_MODELE") or PARTAGE / "modele.sqlite3")
#: A shell of the site that stays open: a process costs three seconds before its first line. One line of JSON each way.
COQUILLE = """
import contextlib, io, json, sys, traceback
import django
from django.core.management import execute_from_command_line
from django.db import connections
django.setup()
sortie = sys.stdout
for ligne in sys.stdin:
    demande, ecrit, faute = json.loads(ligne), io.StringIO(), ""
    with contextlib.redirect_stdout(ecrit), contextlib.redirect_stderr(ecrit):
        try:
            if "code" in demande:
                exec(demande["code"], {"__name__": "__main__"})
            else:
                execute_from_command_line(["manage.py", *demande["arguments"]])
        except SystemExit as fin:
            faute = f"sortie {fin.code}" if fin.code else ""
        except BaseException:
            faute = traceback.format_exc()
    connections.close_all()
    print(json.dumps({"ecrit": ecrit.getvalue(), "faute": faute}), file=sortie, flush=True)
"""

#: Python for `SiteReel.executer`: opens the session of each person, and gives their keys.
SESSIONS = """
from importlib import import_module
from django.conf import settings
Session = import_module(settings.SESSION_ENGINE).SessionStore
def sessions(gens):
    par = {"_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0]}
    lignes = [
        Session().create_model_instance(par | {"_auth_user_id": str(p.pk), "_auth_user_hash": p.get_session_auth_hash()})
        for p in gens
    ]
    Session.get_model_class().objects.bulk_create(lignes)
    return [ligne.session_key for ligne in lignes]
"""


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
        #: names of the settings that only this site has
        self.siennes = environnement.keys()
        self.processus: subprocess.Popen | Fourche | None = None
        self.coquille: subprocess.Popen | Fourche | None = None
        self.avance = 0  # days

    def avancer(self, jours: int) -> None:
        """Let days pass: the site stops, and starts again with its clock moved. Its pages come back by themselves."""
        self.avance += jours
        self.arreter()
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

    def gerer(self, *arguments: str) -> str:
        """`manage.py …`; what it printed. Raises when it fails."""
        return self._demander(arguments=arguments)

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
                modele.arreter()
                modele.base_embarquee.rename(MODELE)
        self.donnees.mkdir(parents=True, exist_ok=True)
        shutil.copy(MODELE, self.base_embarquee)

    @property
    def base_embarquee(self) -> Path:
        return self.donnees / "estuaire.sqlite3"

    def executer(self, code: str) -> str:
        """Python inside the site, as an operator would in its shell; what it printed."""
        return self._demander(code=code)

    def _demander(self, **demande) -> str:
        """Ask the shell of the site: another process than its server, opened by the first who asks."""
        if self.coquille is None:
            self.coquille = self._lancer(COQUILLE)
        entree, sortie = self.coquille.stdin, self.coquille.stdout
        assert entree and sortie
        with contextlib.suppress(BrokenPipeError):  # it says itself why it does not start
            entree.write(json.dumps(demande) + "\n")
            entree.flush()
        ligne = sortie.readline()
        if not ligne:
            fermee, self.coquille = self.coquille, None
            raise AssertionError(f"la coquille du site s'est fermée : {fermee.communicate()}")
        dit = json.loads(ligne)
        if dit["faute"]:
            raise AssertionError(f"{demande} : {dit['ecrit']}{dit['faute']}")
        return dit["ecrit"]

    def demarrer(self) -> None:
        serveur = "from daphne.cli import CommandLineInterface\nCommandLineInterface.entrypoint()"
        with open(self.journal, "ab") as sortie:
            self.processus = self._lancer(serveur, "-e", ecoute(self.port), "config.asgi:application", sortie=sortie)
        limite = time.monotonic() + DEMARRAGE_MAX
        while time.monotonic() < limite:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.adresse}/sante", timeout=2) as reponse:
                if reponse.status == 200:
                    return
            if self.processus.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError(f"le serveur ne démarre pas : {self.journal.read_text()[-3000:]}")

    def _lancer(self, code: str, *arguments: str, sortie: BinaryIO | None = None) -> subprocess.Popen | Fourche:
        """Python in a process of this site, at its hour: it writes in `sortie`, or speaks to us by its three ends."""
        code = self._horloge + code
        if souche := souche_de(self.environnement, self.siennes):
            return souche.fourcher(code, list(arguments), self.environnement, sortie)
        tuyau = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=RACINE,
            env=self.environnement,
            stdin=None if sortie else tuyau,
            stdout=sortie or tuyau,
            stderr=sortie or tuyau,
            text=sortie is None,
        )

    def tuer(self) -> None:
        """As the kernel would: no goodbye, nothing flushed."""
        if self.processus and self.processus.poll() is None:
            self.processus.send_signal(signal.SIGKILL)
            self.processus.wait(10)

    def arreter(self) -> None:
        """The server and its shell."""
        self.tuer()
        if self.coquille:
            self.coquille.kill()
            self.coquille.communicate()
            self.coquille = None


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]
