"""A site already loaded, from which real sites fork.

Three seconds of processor go by before the first line of a new process of the site, and the stories start more than a
hundred. A stump loads the code, the addresses and the pages once, opens no database, no socket and no thread, and forks:
what comes out is a process of its own, with its own settings, that is killed for real.

Run as a command by `Souche`, which speaks to it: one line of JSON and three open files ask for one process.
"""

import atexit
import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
#: What differs from one site to the next, and is set after the fork: see `_installer`.
PROPRES = ("ESTUAIRE_DONNEES", "PORT")
#: Elsewhere there is no way to watch a process that is not one's child.
POSSIBLE = hasattr(os, "pidfd_open")
TAILLE = 1 << 20  # bytes of one demand
#: What `config.asgi` imports. Not itself: it starts the clock.
DU_SERVEUR = (
    "channels.auth", "channels.routing", "channels.security.websocket",
    "config.lecture_bornee", "config.limites", "config.taches", "portail.controles", "timeline.routage",
)  # fmt: skip


class Fourche:
    """A process that a stump has forked: what the tests use of `subprocess.Popen`."""

    def __init__(self, pid: int, suivi: int, tuyaux: dict[str, Any]):
        self.pid, self.suivi = pid, suivi
        self.stdin, self.stdout, self.stderr = (tuyaux.get(nom) for nom in ("stdin", "stdout", "stderr"))

    def poll(self) -> int | None:
        """0 once it has ended, whatever it said: only its parent, the stump, could know more."""
        return 0 if select.select([self.suivi], [], [], 0)[0] else None

    def wait(self, secondes: float) -> int:
        if not select.select([self.suivi], [], [], secondes)[0]:
            raise subprocess.TimeoutExpired(f"processus {self.pid}", secondes)
        return 0

    def send_signal(self, numero: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.suivi, numero)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self) -> tuple[str, str]:
        """What it still had to say, once it has ended."""
        self.stdin.close()
        dits = self.stdout.read(), self.stderr.read()
        self.wait(10)
        self.stdout.close()
        self.stderr.close()
        return dits


class Souche:
    """The stump of the sites that have the same settings but for `PROPRES`."""

    def __init__(self, environnement: dict[str, str]):
        self.prise, sienne = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.processus = subprocess.Popen(
            [sys.executable, "-m", "tests.souche", str(sienne.fileno())],
            cwd=RACINE,
            env=environnement,
            stdin=subprocess.DEVNULL,
            pass_fds=[sienne.fileno()],
        )
        sienne.close()

    def fourcher(self, code: str, arguments: list[str], environnement: dict[str, str], sortie=None) -> Fourche:
        """Python `code` in a process of its own, `arguments` in its sys.argv.

        It writes in the file `sortie`; without one, its three ends are ours.
        """
        tuyaux, siens = {}, []
        if sortie is None:
            (lu, entree), (lue, ecrite), (fautes, faute) = os.pipe(), os.pipe(), os.pipe()
            siens = [lu, ecrite, faute]
            tuyaux = {"stdin": open(entree, "w"), "stdout": open(lue), "stderr": open(fautes)}  # noqa: SIM115  closed by communicate
            fichiers = siens
        else:
            fichiers = [os.open(os.devnull, os.O_RDONLY), sortie.fileno(), sortie.fileno()]
            siens = fichiers[:1]
        propres = {nom: environnement[nom] for nom in PROPRES}
        demande = json.dumps({"code": code, "arguments": arguments, "propres": propres})
        socket.send_fds(self.prise, [demande.encode()], fichiers)
        for fichier in siens:
            os.close(fichier)
        reponse, suivis, _drapeaux, _adresse = socket.recv_fds(self.prise, 64, 1)
        if not reponse:
            raise AssertionError(f"la souche s'est arrêtée, code {self.processus.wait()}")
        return Fourche(int(reponse), suivis[0], tuyaux)

    def finir(self) -> None:
        self.prise.close()
        self.processus.wait(10)


def souche_de(environnement: dict[str, str], siennes: Iterable[str]) -> Souche | None:
    """The stump of this site, started by the first who asks; None for a site that has settings of its own: `siennes`, their names.

    Sites that name the same PostgreSQL database share one: the tests that have such a database make it anew under one name.
    """
    if not POSSIBLE or set(siennes) - {"DJANGO_SETTINGS_MODULE"}:
        return None
    commun = {nom: mot for nom, mot in environnement.items() if nom not in PROPRES and not nom.startswith("PYTEST_")}
    return _souche(frozenset(commun.items()))


@cache
def _souche(commun: frozenset[tuple[str, str]]) -> Souche:
    nulle_part = tempfile.mkdtemp(prefix="estuaire-souche-")
    souche = Souche({**dict(commun), "ESTUAIRE_DONNEES": nulle_part, "PORT": "0"})
    atexit.register(shutil.rmtree, nulle_part, ignore_errors=True)
    atexit.register(souche.finir)
    return souche


# --- In the stump ---------------------------------------------------------------------------------------------------


def charger() -> None:
    """What every process of the site reads before its first line, and its first page."""
    import django

    django.setup()

    from django.core.management import get_commands
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    for module in DU_SERVEUR:
        import_module(module)
    get_commands()
    for langue in ("en", "fr"):
        with translation.override(langue):
            translation.gettext("")
            get_resolver()._populate()
    for page in (RACINE / "templates").rglob("*.html"):
        get_template(str(page.relative_to(RACINE / "templates")))
    ouvertes = [base.alias for base in connections.all(initialized_only=True) if base.connection is not None]
    assert not ouvertes, f"une base ouverte ne se partage pas : {ouvertes}"


def _installer(propres: dict[str, str]) -> None:
    """The settings that these variables decide, in a process that has read the others."""
    from django.conf import settings

    os.environ.update(propres)
    donnees = Path(propres["ESTUAIRE_DONNEES"])
    donnees.mkdir(parents=True, exist_ok=True)
    settings.DONNEES, settings.MEDIA_ROOT = donnees, donnees / "medias"
    if "DATABASE_URL" not in os.environ:
        settings.DATABASES["default"]["NAME"] = str(donnees / "estuaire.sqlite3")
    if "ESTUAIRE_ADRESSE" not in os.environ:
        settings.ADRESSE = f"http://127.0.0.1:{propres['PORT']}"
    random.seed()


def _vivre(demande: dict, fichiers: list[int]) -> None:
    """In the child: its files, its settings, then its code, as `python -c` would."""
    for voulu, fichier in enumerate(fichiers):
        os.dup2(fichier, voulu)
        os.close(fichier)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.argv = ["-c", *demande["arguments"]]
    _installer(demande["propres"])
    code = 0
    try:
        exec(demande["code"], {"__name__": "__main__"})  # noqa: S102  what `python -c` does
    except SystemExit as fin:
        code = fin.code if isinstance(fin.code, int) else int(fin.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def principal() -> None:
    from outils.services import lier_au_parent

    lier_au_parent()
    prise = socket.socket(fileno=int(sys.argv[1]))
    charger()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here: the kernel forgets them at once
    while True:
        demande, fichiers, _drapeaux, _adresse = socket.recv_fds(prise, TAILLE, 3)
        if not demande:
            return
        pid = os.fork()
        if not pid:
            prise.close()
            lier_au_parent()
            _vivre(json.loads(demande), fichiers)
        suivi = os.pidfd_open(pid)
        socket.send_fds(prise, [str(pid).encode()], [suivi])
        for fichier in (*fichiers, suivi):
            os.close(fichier)


if __name__ == "__main__":
    principal()
