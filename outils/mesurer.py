"""`make bench`: the load measures of tests/charge, in an empty database of a real PostgreSQL, with a real Redis.

Run as a command: `python3 -m outils.mesurer [--mesure NOM] [--services-jetables] [arguments of the measure…]`.
"""

import argparse
import signal
import subprocess
import tempfile
from contextlib import ExitStack

from outils.dire import conclure
from outils.preparer import PYTHON, RACINE, preparer
from outils.services import arreter, base_neuve, lier_au_parent, postgresql, redis
from outils.tester import environnement_de_test

MESURES = {
    "pages": "tests.charge.bench",
    "recherche": "tests.charge.bench_recherche",
    "ordres": "tests.charge.ordres",
    "importation": "tests.charge.importation",
    "consultations": "tests.charge.consultations",
    "budget": "tests.charge.budget",
    "tirage": "tests.charge.tirage",
}


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python3 -m outils.mesurer")
    lecteur.add_argument("--services-jetables", action="store_true", help="ne pas employer PostgreSQL et Redis d'ici")
    lecteur.add_argument("--mesure", choices=MESURES, default="pages", help="ce qui est mesuré")
    choix, arguments = lecteur.parse_known_args()
    preparer(tests=True)
    with ExitStack() as pile:
        donnees = pile.enter_context(
            tempfile.TemporaryDirectory(prefix="estuaire-mesures-", ignore_cleanup_errors=True)
        )
        serveur = pile.enter_context(postgresql(jetable=choix.services_jetables))
        services = {
            "DATABASE_URL": pile.enter_context(base_neuve(serveur)),
            "REDIS_URL": pile.enter_context(redis(jetable=choix.services_jetables))[0],
        }
        processus = subprocess.Popen(
            [PYTHON, "-m", MESURES[choix.mesure], *arguments],
            cwd=RACINE,
            env=environnement_de_test(donnees, services),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lier_au_parent,
        )
        try:
            return processus.wait()
        finally:
            arreter(processus, signal.SIGINT, patience=30)


if __name__ == "__main__":
    conclure(principal)
