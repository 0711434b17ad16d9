"""Real PostgreSQL, Redis and Chromium for the tests: those that are there, else throw-away ones, else installed.

Each service is a context manager; what it started it also stops, whatever happened in between.
"""

import ctypes
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from outils.dire import Arret, dire, etape
from outils.preparer import JOURNAL, PYTHON, RACINE, environnement

BASE_DE_TEST = "estuaire"


# --- Processes --------------------------------------------------------------------------------------------------


def lier_au_parent() -> None:
    """In the child, before exec: end when the parent is killed without a chance to clean up (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextmanager
def demarre(commande: Sequence[str | Path], *, arret: signal.Signals, **options) -> Iterator[subprocess.Popen]:
    """A server of ours, stopped by `arret` at the end, by force after ten seconds."""
    processus = subprocess.Popen(
        [str(mot) for mot in commande],
        start_new_session=True,  # Ctrl-C reaches us first: the tests end before their database does
        preexec_fn=lier_au_parent,
        **options,
    )
    try:
        yield processus
    finally:
        arreter(processus, arret)


def arreter(processus: subprocess.Popen, premier: signal.Signals, patience: float = 10) -> None:
    if processus.poll() is not None:
        return
    processus.send_signal(premier)
    try:
        processus.wait(patience)
    except subprocess.TimeoutExpired:
        processus.kill()
        processus.wait()


def attendre(est_pret: Callable[[], bool], processus: subprocess.Popen, *, quoi: str, secondes: float = 60) -> None:
    fin = time.monotonic() + secondes
    while not est_pret():
        if processus.poll() is not None or time.monotonic() > fin:
            raise Arret(f"{quoi} jetable n'a pas démarré. Le détail est dans {JOURNAL.relative_to(RACINE)}.")
        time.sleep(0.1)


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


# --- Debian packages --------------------------------------------------------------------------------------------


def installer_par_apt(*paquets: str) -> bool:
    """Install Debian packages when this is our right and the machine has apt; tells whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = environnement(DEBIAN_FRONTEND="noninteractive")
    installer = ["apt-get", "install", "-y", "--no-install-recommends", *paquets]
    with etape(f"Installation de {', '.join(paquets)} (apt-get)"), open(JOURNAL, "a", encoding="utf-8") as journal:
        for commande in (["apt-get", "update"], installer):
            fini = subprocess.run(commande, env=env, stdin=subprocess.DEVNULL, stdout=journal, stderr=journal)
        return fini.returncode == 0


# --- PostgreSQL -------------------------------------------------------------------------------------------------


@contextmanager
def postgresql(*, jetable: bool = False) -> Iterator[str]:
    """DATABASE_URL of an empty database, on a server where this run may create others."""
    url = base_donnee()
    if url:
        faute = sonder_postgresql(url)
        if faute:
            raise Arret(f"DATABASE_URL désigne une base PostgreSQL qui ne convient pas : {faute}")
        yield url
        return
    local = None if jetable else _postgresql_local()
    with nullcontext(local) if local else _postgresql_jetable() as serveur, base_neuve(serveur) as url:
        if local:
            dire(f"PostgreSQL de la machine : {sans_mot_de_passe(url)}")
        yield url


def base_donnee() -> str:
    """The PostgreSQL database that DATABASE_URL names, if it does."""
    donnee = os.environ.get("DATABASE_URL", "")
    return normaliser(donnee) if donnee.startswith(("postgres", "psql", "pgsql")) else ""


@contextmanager
def base_neuve(serveur: str) -> Iterator[str]:
    """DATABASE_URL of an empty database on this server, dropped at the end with the test databases made from it.

    Its name is new each time: two runs on one machine do not drop each other's.
    """
    url = urlunsplit(urlsplit(serveur)._replace(path=f"/{BASE_DE_TEST}_{secrets.token_hex(4)}"))
    faute = _parler_a_postgresql("creer", url)
    if faute:
        raise Arret(f"Aucune base n'a pu être créée sur {sans_mot_de_passe(serveur)} : {faute}")
    try:
        yield url
    finally:
        _effacer_bases(url)


def normaliser(url: str) -> str:
    """The names that Django's URL readers accept, under the only one that libpq knows."""
    return "postgresql://" + url.partition("://")[2]


def sans_mot_de_passe(url: str) -> str:
    morceaux = urlsplit(url)
    if morceaux.password is None:
        return url
    return urlunsplit(morceaux._replace(netloc=morceaux.netloc.replace(f":{morceaux.password}@", ":…@")))


def sonder_postgresql(url: str) -> str:
    """Why this server cannot hold a test database; empty when it can."""
    return _parler_a_postgresql("sonder", url)


def _parler_a_postgresql(action: str, url: str) -> str:
    fini = subprocess.run(
        [PYTHON, "-m", "outils.bases_de_test", action, url],
        cwd=RACINE,
        env=environnement(),
        capture_output=True,
        text=True,
    )
    return "" if fini.returncode == 0 else (fini.stderr.strip().splitlines() or ["pas de réponse"])[-1]


def _postgresql_local() -> str | None:
    hote, port = os.environ.get("PGHOST", "127.0.0.1"), int(os.environ.get("PGPORT", "5432"))
    mot_de_passe = os.environ.get("PGPASSWORD")
    for personne in dict.fromkeys([os.environ.get("PGUSER"), "postgres", _moi()]):
        if not personne:
            continue
        qui = quote(personne) + (f":{quote(mot_de_passe, safe='')}" if mot_de_passe else "")
        candidats = [f"postgresql://{qui}@{hote}:{port}/postgres"] if _ecoute(hote, port) else []
        candidats.append(f"postgresql://{qui}@/postgres")  # by the local socket, as the system's user
        for url in candidats:
            if not sonder_postgresql(url):
                return url
    return None


def _moi() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _ecoute(hote: str, port: int) -> bool:
    try:
        with socket.create_connection((hote, port), timeout=2):
            return True
    except OSError:
        return False


def _effacer_bases(url: str) -> None:
    faute = _parler_a_postgresql("effacer", url)
    if faute:
        dire(f"Les bases de test n'ont pas toutes été effacées ({sans_mot_de_passe(url)}) : {faute}")


def _binaire_de_postgresql(nom: str) -> Path | None:
    """Newest installed one; Debian keeps them out of PATH."""
    trouves = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{nom}"), key=lambda chemin: float(chemin.parts[-3]), reverse=True
    )
    sur_path = shutil.which(nom)
    return trouves[0] if trouves else Path(sur_path).resolve() if sur_path else None


@contextmanager
def _postgresql_jetable() -> Iterator[str]:
    if not _binaire_de_postgresql("initdb"):
        installer_par_apt("postgresql")
    initdb, serveur = _binaire_de_postgresql("initdb"), _binaire_de_postgresql("postgres")
    if not initdb or not serveur:
        raise Arret(
            "Les tests demandent PostgreSQL. Sur Debian ou Ubuntu : apt-get install postgresql ; "
            "ou indiquez un serveur : DATABASE_URL=postgresql://nom:secret@serveur/base"
        )
    port = port_libre()
    url = f"postgresql://{BASE_DE_TEST}@127.0.0.1:{port}/{BASE_DE_TEST}"
    qui = _personne_sans_pouvoir()
    with _dossier_jetable(qui) as dossier, open(JOURNAL, "a", encoding="utf-8") as journal:
        sorties = {"stdin": subprocess.DEVNULL, "stdout": journal, "stderr": journal, "cwd": dossier, **qui}
        with etape(f"PostgreSQL jetable, port {port}"):
            langue = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
            options = ["-U", BASE_DE_TEST, "-A", "trust", "-E", "UTF8", f"--locale={langue}", "--no-sync"]
            if subprocess.run([initdb, "-D", dossier / "base", *options], **sorties).returncode:
                raise Arret(f"PostgreSQL jetable n'a pas été créé. Voir {JOURNAL.relative_to(RACINE)}.")
        reglages = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            # The data lives as long as the tests: nothing has to reach the disk.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        commande: list[str | Path] = [serveur, "-D", dossier / "base", "-p", str(port)]
        commande += [mot for nom, valeur in reglages.items() for mot in ("-c", f"{nom}={valeur}")]
        # SIGINT is PostgreSQL's « fast shutdown »: open sessions are closed, files are left clean.
        with demarre(commande, arret=signal.SIGINT, **sorties) as processus:
            attendre(lambda: not sonder_postgresql(url), processus, quoi="PostgreSQL")
            yield url


def _personne_sans_pouvoir() -> dict:
    """Popen options: initdb refuses root, so root lends the server to a user without rights."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for nom in ("postgres", "nobody"):
        try:
            personne = pwd.getpwnam(nom)
        except KeyError:
            continue
        env = {**environnement(), "HOME": "/"}
        return {"user": personne.pw_uid, "group": personne.pw_gid, "extra_groups": [], "env": env}
    raise Arret("PostgreSQL refuse de tourner comme root, et aucun compte « nobody » n'existe ici.")


@contextmanager
def _dossier_jetable(qui: dict) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="estuaire-services-", ignore_cleanup_errors=True) as nom:
        if qui:
            os.chown(nom, qui["user"], qui["group"])
        yield Path(nom)


# --- Redis ------------------------------------------------------------------------------------------------------


@contextmanager
def redis(*, jetable: bool = False, bases: int = 1) -> Iterator[list[str]]:
    """REDIS_URL of as many numbered databases as asked, each holding nothing: the tests empty them.

    A server given by REDIS_URL is somebody's choice of one database: one it is, whatever was asked.
    """
    donnee = os.environ.get("REDIS_URL", "")
    if donnee:
        if not _ecoute(*_hote_et_port(donnee)):
            raise Arret("REDIS_URL désigne un serveur Redis qui ne répond pas.")
        yield [donnee]
        return
    port = int(os.environ.get("REDIS_PORT", "6379"))
    numeros = [] if jetable else bases_vides_de_redis(port, bases)
    if len(numeros) == bases:
        dire(f"Redis de la machine : port {port}, bases {', '.join(map(str, numeros))}")
        yield [f"redis://127.0.0.1:{port}/{numero}" for numero in numeros]
        return
    with _redis_jetable() as port_jetable:
        yield [f"redis://127.0.0.1:{port_jetable}/{numero}" for numero in range(1, bases + 1)]


def _hote_et_port(url: str) -> tuple[str, int]:
    morceaux = urlsplit(url)
    return morceaux.hostname or "127.0.0.1", morceaux.port or 6379


def bases_vides_de_redis(port: int, combien: int) -> list[int]:
    """Numbers of databases without any key (never 0, the one everybody uses); fewer when there are fewer."""
    vides: list[int] = []
    numeros = list(range(1, 16))
    secrets.SystemRandom().shuffle(numeros)  # two runs on one machine rarely meet
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as prise, prise.makefile("rwb") as fil:
            for numero in numeros:
                if len(vides) < combien and _est_vide(fil, numero):
                    vides.append(numero)
    except OSError:
        return []
    return vides


def _est_vide(fil, numero: int) -> bool:
    return _demander(fil, f"SELECT {numero}") == "+OK" and _demander(fil, "DBSIZE") == ":0"


def _demander(fil, commande: str) -> str:
    fil.write(f"{commande}\r\n".encode())
    fil.flush()
    return fil.readline().decode(errors="replace").strip()


@contextmanager
def _redis_jetable() -> Iterator[int]:
    binaire = _binaire_de_redis()
    if not binaire and installer_par_apt("redis-server"):
        binaire = _binaire_de_redis()
    if not binaire:
        raise Arret(
            "Les tests demandent Redis. Sur Debian ou Ubuntu : apt-get install redis-server ; "
            "ou indiquez un serveur : REDIS_URL=redis://serveur:6379/1"
        )
    port = port_libre()
    with _dossier_jetable({}) as dossier, open(JOURNAL, "a", encoding="utf-8") as journal:
        commande = [binaire, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        sorties = {"stdin": subprocess.DEVNULL, "stdout": journal, "stderr": journal, "cwd": dossier}
        with demarre([*commande, "--dir", dossier], arret=signal.SIGTERM, **sorties) as processus:
            attendre(lambda: bool(bases_vides_de_redis(port, 1)), processus, quoi="Redis")
            dire(f"• Redis jetable, port {port}")
            yield port


def _binaire_de_redis() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


# --- Chromium ---------------------------------------------------------------------------------------------------


#: Chromium that never had a window: the same pages, a third less work than the whole browser hidden.
SANS_FENETRE = "chromium-headless-shell"


def navigateurs() -> dict[str, str]:
    """Paths of Chromiums that start: CHROMIUM for the stories, CHROMIUM_ENTIER for those that need all its settings."""
    entier = chromium()
    leger = None if os.environ.get("CHROMIUM") else _premier_qui_demarre(SANS_FENETRE)
    return {"CHROMIUM": leger or entier, "CHROMIUM_ENTIER": entier}


def chromium() -> str:
    """Path of a whole Chromium that starts."""
    donne = os.environ.get("CHROMIUM")
    if donne:
        if not _demarre_bien(donne):
            raise Arret(f"CHROMIUM désigne un navigateur qui ne démarre pas : {donne}")
        return donne
    trouve = _chromium_installe()
    # Not every distribution has the second package.
    for paquets in (["chromium", SANS_FENETRE], ["chromium"]):
        if not trouve and installer_par_apt(*paquets, "fonts-dejavu-core"):
            trouve = _chromium_installe()
    if not trouve:
        raise Arret(
            "Les parcours demandent Chromium. Sur Debian : apt-get install chromium chromium-headless-shell ; "
            "ou indiquez un navigateur : CHROMIUM=/chemin/vers/chromium"
        )
    return trouve


def _chromium_installe() -> str | None:
    return _premier_qui_demarre("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _premier_qui_demarre(*noms: str) -> str | None:
    for nom in noms:
        chemin = shutil.which(nom)
        if chemin and _demarre_bien(chemin):
            return chemin
    return None


def _demarre_bien(navigateur: str) -> bool:
    try:
        return subprocess.run([navigateur, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
