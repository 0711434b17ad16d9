"""kill -9 in the middle of an importation: begun again, every line is there, once, and the journal verifies."""

import os
import signal
import subprocess
import sys
import time

from tests.site_reel import RACINE

LIGNES, LOT = 3000, 50
ATTENTE_MAX = 120  # seconds

PREPARER = """
from idees.models import Boite
from reponses.models import Service
Boite.objects.create(titre="B", slug="b", description="d", service=Service.objects.create(nom="S"))
"""
COMPTER = """
from idees.models import Idee, ProvenanceIdee
from timeline.models import Entree
print(Idee.objects.count(), ProvenanceIdee.objects.values("cle").distinct().count(), Entree.objects.filter(type="idees.importer").count())
"""


def test_tuee_puis_reprise(site, tmp_path):
    site.executer(PREPARER)
    fichier = tmp_path / "idees.csv"
    lignes = (f"{n},,,Idée fictive {n},Un texte inventé.,{n},2019-01-24 22:29:15 +0100,\n" for n in range(LIGNES))
    fichier.write_text("id,category/name/fr,scope/name/fr,title,body,votes,created_at,url\n" + "".join(lignes))
    commande = [
        "importer_idees",
        str(fichier),
        "--correspondance",
        "decidim-propositions",
        "--boite",
        "b",
        "--lot",
        str(LOT),
    ]

    def compter() -> list[int]:
        return [int(n) for n in site.executer(COMPTER).split()]

    processus = subprocess.Popen(
        [sys.executable, "manage.py", *commande], cwd=RACINE, env=site.environnement, stdout=subprocess.DEVNULL
    )
    limite = time.monotonic() + ATTENTE_MAX
    while compter()[0] < LOT and time.monotonic() < limite:
        assert processus.poll() is None, "the importation ended before it could be killed"
    os.kill(processus.pid, signal.SIGKILL)
    processus.wait(10)
    idees, cles, entrees = compter()
    assert 0 < idees < LIGNES and idees % LOT == 0, "whole batches only"
    assert idees == cles == entrees
    site.gerer("verifier_journal")
    fin = site.gerer(*commande, "--reprendre")
    assert f"{LIGNES} lignes lues, {LIGNES} reprises" in fin
    assert compter() == [LIGNES] * 3
    site.gerer("verifier_journal")
    assert f"0 reprises, {LIGNES} déjà là" in site.gerer(*commande)
    assert compter() == [LIGNES] * 3
