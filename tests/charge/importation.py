"""Lines a minute of an importation, beside a plain bulk insert of the same rows, in the same run.

`make bench ARGS="--mesure importation"`; on SQLite, `python -m tests.charge.importation [lines]` without DATABASE_URL. Two
shapes of file: one with a whole history (an idea, its provenance, seven entries of the journal a line), one without (a single
entry). The plain insert writes the ideas alone, unhashed and unchecked. Rounds are interleaved. What counts is the ratio, and
that a minute takes more than LIGNES_VISEES lines.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

DOSSIER = Path(tempfile.mkdtemp(prefix="estuaire-mesures-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("ESTUAIRE_DONNEES", str(DOSSIER))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from idees.importation import depart  # noqa: E402
from idees.importation.lecture import Tableau  # noqa: E402
from idees.importation.moteur import executer  # noqa: E402
from idees.models import Boite, Idee  # noqa: E402
from reponses.models import Service  # noqa: E402
from socle.permissions import SYSTEME  # noqa: E402
from tests.idees.importation.conftest import COLONNES, SIMPLE, en_csv, modele, rangee  # noqa: E402
from tests.idees.importation.test_reprise import PARIS, paris  # noqa: E402

LIGNES_VISEES = 10_000  # a minute
TOURS = 3


def mesurer(geste) -> tuple[float, float]:
    """(seconds of the clock, seconds of this process)."""
    horloge, processeur = time.perf_counter(), time.process_time()
    geste()
    return time.perf_counter() - horloge, time.process_time() - processeur


def reprendre(tableau, brut, boite, source) -> None:
    regles = depart.pour_la_source(brut, source, "Ville fictive")
    importation = depart.preparer(tableau, regles, boite=boite, par=SYSTEME, nom="mesure.csv")
    depart.lancer(importation)
    executer(importation, tableau, par=SYSTEME)
    assert importation.refusees == 0


def inserer(boite, lignes) -> None:
    maintenant = timezone.now()
    Idee.objects.bulk_create(
        [
            Idee(
                boite=boite, titre=f"Projet gagnant {n}", texte="Un texte.", etat="realisee", soumise_le=maintenant,
                publiee_le=maintenant, lieu="Place fictive", seuil_soutiens=50, delai_reponse=60,
            )
            for n in range(lignes)
        ],
        batch_size=500,
    )  # fmt: skip


def main(lignes: int) -> int:
    """1 when a round stays under LIGNES_VISEES, else 0."""
    call_command("migrate", verbosity=0)
    boite = Boite.objects.create(
        titre="B", slug="b", description="d", service=Service.objects.create(nom="Service fictif")
    )
    formes = {
        "toute une histoire": (modele("paris-budget-participatif"), [paris(n) for n in range(lignes)], PARIS),
        "une entrée": (SIMPLE, [rangee(n) for n in range(lignes)], COLONNES),
    }
    print(f"{connection.vendor}, {lignes} lignes, {TOURS} tours, charge {os.getloadavg()[0]:.1f}", flush=True)
    lentes = 0
    for tour in range(TOURS):
        nue, nue_cpu = mesurer(lambda: inserer(boite, lignes))
        print(f"  insertion nue : {lignes * 60 / nue:.0f} lignes par minute")
        for nom, (brut, rangees, colonnes) in formes.items():
            chemin = DOSSIER / "mesure.csv"
            chemin.write_text(en_csv(rangees, colonnes), encoding="utf-8", newline="")
            tableau = Tableau.ouvrir(chemin)
            source = f"mesure-{tour}-{len(colonnes)}"
            temps, calcul = mesurer(lambda t=tableau, b=brut, s=source: reprendre(t, b, boite, s))
            par_minute = lignes * 60 / temps
            lentes += par_minute < LIGNES_VISEES
            print(
                f"  reprise, {nom} : {par_minute:.0f} lignes par minute ({lignes * 60 / calcul:.0f} par minute de calcul), "
                f"{temps / nue:.1f} fois l’insertion nue (calcul : {calcul / nue_cpu:.1f})"
                f"{'' if par_minute >= LIGNES_VISEES else ' — SOUS LA CIBLE'}",
                flush=True,
            )
    return int(bool(lentes))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
