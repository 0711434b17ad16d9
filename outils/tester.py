"""`make test`: the suite on SQLite, what speaks to the database again on PostgreSQL and Redis, then the browser stories.

All parts run, whatever the first ones said; the exit code is 0 when all of them passed.
Run as a command:
`python3 -m outils.tester [--parties sqlite,postgresql,parcours] [--services-jetables] [--ouvriers N] [pytest…]`.
"""

import argparse
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from outils import choix as choix_des_tests
from outils.dire import Arret, conclure, dire, duree, etape
from outils.preparer import PYTHON, RACINE, environnement, lancer, preparer
from outils.services import arreter, base_donnee, lier_au_parent, navigateurs, postgresql, redis

# A variable meant for a running site must not change what the tests see.
REGLAGES_DU_SITE = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PORT", "EMAIL_URL",
    "DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER",
)  # fmt: skip
AUCUN_TEST = 5  # pytest's exit code
FAMILLES_DU_SITE = ("ESTUAIRE_", "OIDC_", "FRANCECONNECT_")


@dataclass(frozen=True)
class Choix:
    """What the command line asks of every part."""

    options: Sequence[str] = ()
    jetables: bool = False
    ouvriers: int = 1
    #: a migrated SQLite file; with it, nobody migrates an empty database: workers and servers start from copies
    modele: str = ""
    #: DATABASE_URL of the part on PostgreSQL, where it is open already; "": the part opens its own
    base: str = ""
    #: name of the migrated PostgreSQL database that workers copy
    modele_pg: str = ""
    #: folder where the part on SQLite notes what each test says to the database; "": PostgreSQL repeats everything
    releve: str = ""


@dataclass(frozen=True)
class Partie:
    nom: str
    titre: str
    selection: str
    #: starts what the part needs; tells its variables, and how many workers may share it
    services: Callable[[ExitStack, Choix], tuple[dict[str, str], int]]
    #: how workers share the tests (pytest-xdist); the chapters of a story stay together, in their order
    partage: str = "worksteal"
    #: where its tests are, when nobody chose any: what is not there need not be read
    ou: tuple[str, ...] = ()


def _aucun(pile: ExitStack, choix: Choix) -> tuple[dict[str, str], int]:
    return {"ESTUAIRE_TEST_RELEVE": choix.releve} if choix.releve else {}, choix.ouvriers


def _bases(pile: ExitStack, choix: Choix) -> tuple[dict[str, str], int]:
    base = choix.base or pile.enter_context(postgresql(jetable=choix.jetables))
    redis_de_chacun = pile.enter_context(redis(jetable=choix.jetables, bases=choix.ouvriers))
    variables = {
        "DATABASE_URL": base,
        "REDIS_URL": redis_de_chacun[0],
        "ESTUAIRE_TEST_REDIS": ",".join(redis_de_chacun),
    }
    if choix.modele_pg:
        variables["ESTUAIRE_TEST_MODELE_PG"] = choix.modele_pg
    if choix.releve and (laisses := _a_laisser(Path(choix.releve))):
        variables["ESTUAIRE_TEST_LAISSES"] = laisses
    return variables, len(redis_de_chacun)


def _a_laisser(dossier: Path) -> str:
    """File of the tests that the second database does not repeat; "" when nothing was noted: it repeats them all."""
    ecoutes = choix_des_tests.lire(dossier)
    if not ecoutes:
        return ""
    choisis = choix_des_tests.choisir(ecoutes)
    formes = len(frozenset().union(*(ecoute.formes for ecoute in ecoutes)))
    dire(
        f"{len(choisis)} tests sur {len(ecoutes)} sont refaits : ils disent à la base les {formes} choses que tous lui disent."
    )
    fichier = dossier / "laisses.txt"
    fichier.write_text("\n".join(sorted({ecoute.test for ecoute in ecoutes} - choisis)), encoding="utf-8")
    return str(fichier)


def _navigateur(pile: ExitStack, choix: Choix) -> tuple[dict[str, str], int]:
    # A story waits for its pages half of the time: one more at a time than there are cores keeps these busy.
    return navigateurs(), choix.ouvriers + 1 if choix.ouvriers > 1 else 1


PARCOURS = "tests/parcours"
PARTIES = (
    Partie("sqlite", "Suite sur SQLite", "not parcours", _aucun, ou=("tests", f"--ignore={PARCOURS}")),
    Partie(
        "postgresql", "Suite sur PostgreSQL et Redis", "not parcours and not sans_base and not une_fois", _bases,
        ou=("tests", f"--ignore={PARCOURS}"),
    ),
    Partie("parcours", "Parcours dans le navigateur", "parcours", _navigateur, "loadgroup", (PARCOURS,)),
)  # fmt: skip


def preparer_les_modeles(pile: ExitStack, choix: Choix, dossier: Path, parties: Sequence[Partie]) -> Choix:
    """The choice, with the migrated databases that workers will copy. A choice of tests may need none: it makes its own."""
    if choix.ouvriers == 1:
        return choix
    base = ""
    # A database that somebody lends stays as it is.
    if not base_donnee() and any(partie.nom == "postgresql" for partie in parties):
        with suppress(Arret):  # its part will say it
            base = pile.enter_context(postgresql(jetable=choix.jetables))
    sqlite, pg = migrer(dossier, base)
    return replace(
        choix,
        modele=str(dossier / "estuaire.sqlite3") if sqlite else "",
        base=base,
        modele_pg=urlsplit(base).path.lstrip("/") if pg else "",
    )


def migrer(dossier: Path, base: str) -> tuple[bool, bool]:
    """Migrate an SQLite file in `dossier`, and this PostgreSQL database unless it is "": half a minute of one core each, so both
    at once. Where it fails the tests migrate their own, and tell why.
    """
    (dossier / "postgresql").mkdir()
    with etape("Migrations, sur des bases que les tests copieront"), ThreadPoolExecutor() as ensemble:
        essais = [ensemble.submit(_migrer, dossier)]
        if base:
            essais.append(ensemble.submit(_migrer, dossier / "postgresql", DATABASE_URL=base))
    fautes = [essai.result() for essai in essais]
    for faute in filter(None, fautes):
        dire(faute)
    return not fautes[0], bool(base) and not fautes[-1]


def _migrer(donnees: Path, **variables: str) -> str:
    """Why it failed; "" when it did not."""
    try:
        lancer(
            [PYTHON, "manage.py", "migrate", "-v0"],
            quoi="Migrations",
            env=environnement_de_test(str(donnees), variables),
        )
    except Arret as arret:
        return str(arret)
    return ""


@dataclass(frozen=True)
class Resultat:
    titre: str
    reussi: bool
    detail: str


def environnement_de_test(donnees: str, services: dict[str, str]) -> dict[str, str]:
    env = {
        nom: valeur
        for nom, valeur in environnement().items()
        if nom not in REGLAGES_DU_SITE and not nom.startswith(FAMILLES_DU_SITE)
    }
    return {**env, "ESTUAIRE_DONNEES": donnees, **services}


def executer(partie: Partie, choix: Choix) -> Resultat:
    """Run one part with its services; a missing service is a failed part, not the end of the others."""
    dire(f"\n──── {partie.titre} ────")
    debut, processeur = time.monotonic(), temps_processeur()
    try:
        with ExitStack() as pile:
            donnees = pile.enter_context(
                tempfile.TemporaryDirectory(prefix="estuaire-tests-", ignore_cleanup_errors=True)
            )
            services, ouvriers = partie.services(pile, choix)
            partage = ["-n", str(ouvriers), "--dist", partie.partage] if ouvriers > 1 else []
            if choix.modele:
                services["ESTUAIRE_TEST_MODELE"] = choix.modele
            quoi = choix.options or partie.ou
            code = _pytest(["-m", partie.selection, *partage, *quoi], environnement_de_test(donnees, services))
    except Arret as arret:
        dire(str(arret))
        return Resultat(partie.titre, False, "service absent")
    if code == AUCUN_TEST:
        # A choice (-k, a folder) may leave a part empty; the whole suite may not.
        choisis = bool(choix.options)
        return Resultat(partie.titre, choisis, "aucun test choisi" if choisis else "aucun test trouvé")
    temps = f"{duree(time.monotonic() - debut)}, processeur {duree(temps_processeur() - processeur)}"
    return Resultat(partie.titre, code == 0, temps if code == 0 else f"code {code}")


def temps_processeur() -> float:
    """Seconds that our children have worked, theirs included: what a part costs, however busy the machine is."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _pytest(arguments: Sequence[str], env: dict[str, str]) -> int:
    processus = subprocess.Popen(
        [PYTHON, "-m", "pytest", "-p", "tests.releve", *arguments],
        cwd=RACINE,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # so that nothing of it is left when we end it
        preexec_fn=lier_au_parent,
    )
    try:
        return processus.wait()
    finally:
        arreter(processus, signal.SIGINT, patience=30)
        _finir_le_groupe(processus.pid)


def _finir_le_groupe(groupe: int) -> None:
    """A server that a test started and forgot ends here."""
    for signal_de_fin in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(groupe, signal_de_fin)
        except ProcessLookupError:
            return
        time.sleep(0.5)


def bilan(resultats: Sequence[Resultat]) -> bool:
    dire("\n──── Bilan ────")
    for resultat in resultats:
        dire(f"{resultat.titre:<32} {'réussi' if resultat.reussi else 'ÉCHEC'} ({resultat.detail})")
    tout = all(resultat.reussi for resultat in resultats)
    dire("Toutes les parties ont réussi." if tout else "Au moins une partie a échoué.")
    return tout


def lire_parties(texte: str) -> list[Partie]:
    connues = {partie.nom: partie for partie in PARTIES}
    noms = [nom.strip() for nom in texte.split(",") if nom.strip()] or list(connues)
    inconnus = [nom for nom in noms if nom not in connues]
    if inconnus:
        raise Arret(f"Partie inconnue : {', '.join(inconnus)}. Il y a : {', '.join(connues)}.")
    return [connues[nom] for nom in noms]


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.tester")
    lecteur.add_argument("--parties", default="", help="sqlite, postgresql, parcours ; toutes par défaut")
    lecteur.add_argument("--services-jetables", action="store_true", help="ne pas employer PostgreSQL et Redis d'ici")
    lecteur.add_argument("--ouvriers", type=int, help="processus par partie ; par défaut un par cœur, quatre au plus")
    lus, options = lecteur.parse_known_args()
    parties = lire_parties(lus.parties)
    preparer(tests=True)
    ouvriers = lus.ouvriers or ouvriers_par_defaut(options)
    with ExitStack() as pile:
        dossier = pile.enter_context(tempfile.TemporaryDirectory(prefix="estuaire-modele-", ignore_cleanup_errors=True))
        # A choice of tests, or one part alone, is whole on each base that it is asked for.
        releve = dossier if {"sqlite", "postgresql"} <= {partie.nom for partie in parties} and not options else ""
        choix = Choix(options, lus.services_jetables, ouvriers, releve=releve)
        choix = preparer_les_modeles(pile, choix, Path(dossier), parties)
        return 0 if bilan([executer(partie, choix) for partie in parties]) else 1


def ouvriers_par_defaut(options: Sequence[str]) -> int:
    """The whole suite is shared between the cores; a choice of tests is over before workers are there."""
    return 1 if options else min(os.cpu_count() or 1, 4)


if __name__ == "__main__":
    conclure(principal)
