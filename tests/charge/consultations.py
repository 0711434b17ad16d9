"""Results of a consultation of 60 questions with 5,000 answers, and the export of 50,000 answers.

`make bench ARGS="--mesure consultations"`, or `python -m tests.charge.consultations` with an empty database in DATABASE_URL
(without one, SQLite). What counts: the queries of the page, and the memory of the server at its highest while it exports, which
must not depend on how many answers there are.
"""

import argparse
import http.client
import os
import random
import tempfile
import time
import uuid
from decimal import Decimal
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.charge.settings_charge"
os.environ.setdefault("ESTUAIRE_DONNEES", tempfile.mkdtemp(prefix="estuaire-mesures-"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from consultations.models import Donnee, Participation, Tranche  # noqa: E402
from consultations.questionnaire import Choix, Genre  # noqa: E402
from territoires.models import Territoire  # noqa: E402
from tests.consultations.fabriques import consultation, fermer, question, une_page  # noqa: E402
from tests.site_reel import SiteReel  # noqa: E402

REQUETES_MAX = 11
MEMOIRE_MAX = 200  # MB, of the whole process of the server
LOT = 5_000
QUATRE = tuple(Choix(cle, f"Choix fictif {cle}") for cle in "abcd")
GENRES = (Genre.UNIQUE, Genre.MULTIPLE, Genre.ECHELLE, Genre.SENTIMENT, Genre.NOMBRE, Genre.TEXTE_COURT)


def _questions(nombre: int) -> list:
    poses = []
    for n in range(nombre):
        genre = GENRES[n % len(GENRES)]
        champs = {"choix": QUATRE} if genre in {Genre.UNIQUE, Genre.MULTIPLE} else {}
        poses.append(question(f"q{n}", genre, **champs))
    return poses


def _donnees(faite, poses, hasard):
    for posee in poses:
        if posee.genre == Genre.MULTIPLE:
            for cle in hasard.sample("abcd", 2):
                yield Donnee(participation=faite, question=posee.cle, choix=cle)
        elif posee.genre == Genre.UNIQUE:
            yield Donnee(participation=faite, question=posee.cle, choix=hasard.choice("abcd"))
        elif posee.genre == Genre.TEXTE_COURT:
            yield Donnee(participation=faite, question=posee.cle, texte="Une phrase inventée, en quelques mots.")
        else:
            bornes = {Genre.ECHELLE: (0, 10), Genre.SENTIMENT: (1, 5)}.get(posee.genre, (0, 90))
            yield Donnee(participation=faite, question=posee.cle, nombre=Decimal(hasard.randint(*bornes)))


def remplir(questions: int, reponses: int, titre: str):
    """A closed consultation with so many answers, from everywhere and of every age."""
    hasard, poses, maintenant = random.Random(7), _questions(questions), timezone.now()
    ouverte = consultation(une_page(*poses), titre=titre)
    version, lieux = ouverte.version, list(Territoire.objects.exclude(genre="metropole").values_list("pk", flat=True))
    depart = Participation.objects.count()
    for debut in range(0, reponses, LOT):
        faites = Participation.objects.bulk_create(
            [
                Participation(
                    consultation=ouverte, version=version, cle=uuid.uuid4(), numero=10**8 + (depart + n) * 7919, envoyee_le=maintenant,
                    tranche=hasard.choice(Tranche.values), territoire_id=hasard.choice(lieux), accord_textes=n % 2 == 0,
                )
                for n in range(debut, min(debut + LOT, reponses))
            ]
        )  # fmt: skip
        Donnee.objects.bulk_create(
            [ligne for faite in faites for ligne in _donnees(faite, poses, hasard)], batch_size=LOT
        )
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return fermer(ouverte)


def page(chemin: str) -> tuple[int, float, int]:
    """(queries, seconds, bytes) of the page of results, asked of Django itself."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.get(chemin)
    with CaptureQueriesContext(connection) as requetes:
        depart = time.perf_counter()
        reponse = client.get(chemin)
        duree = time.perf_counter() - depart
    assert reponse.status_code == 200, (chemin, reponse.status_code)
    return len(requetes), duree, len(reponse.content)


def exporter(site: SiteReel, chemin: str) -> tuple[int, float, float]:
    """(bytes, seconds to the first ones, seconds in all)."""
    prise = http.client.HTTPConnection("127.0.0.1", site.port, timeout=600)
    depart = time.perf_counter()
    prise.request("GET", chemin)
    reponse = prise.getresponse()
    assert reponse.status == 200, (chemin, reponse.status)
    octets, premier = len(reponse.read(1)), time.perf_counter() - depart
    while morceau := reponse.read(1 << 16):
        octets += len(morceau)
    prise.close()
    return octets, premier, time.perf_counter() - depart


def memoire(pid: int, quoi: str) -> float:
    """MB; `quoi` is VmRSS (now) or VmHWM (at its highest)."""
    lignes = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(ligne.split()[1]) / 1024 for ligne in lignes if ligne.startswith(f"{quoi}:"))


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--reponses", type=int, default=5_000, help="de la page, sur 60 questions")
    lecteur.add_argument("--exportees", type=int, default=50_000, help="de l’export, sur 12 questions")
    choix = lecteur.parse_args()
    call_command("migrate", verbosity=0)
    call_command("charger_territoires", verbosity=0)
    depart = time.perf_counter()
    longue = remplir(60, choix.reponses, "Longue consultation fictive")
    large = remplir(12, choix.exportees, "Large consultation fictive")
    print(f"{connection.vendor} : {Donnee.objects.count()} données, en {time.perf_counter() - depart:.0f} s")
    requetes, duree, octets = page(f"{longue.get_absolute_url()}resultats/")
    print(f"résultats, 60 questions et {choix.reponses} réponses : {requetes} requêtes, {duree:.1f} s, {octets} octets")
    site = SiteReel(
        Path(os.environ["ESTUAIRE_DONNEES"]),
        base=os.environ.get("DATABASE_URL", ""),
        ESTUAIRE_DONNEES=os.environ["ESTUAIRE_DONNEES"],
        DJANGO_SETTINGS_MODULE="tests.charge.settings_charge",
        **({"REDIS_URL": os.environ["REDIS_URL"]} if os.environ.get("REDIS_URL") else {}),
    )
    site.demarrer()
    try:
        exporter(site, f"{large.get_absolute_url()}donnees/dictionnaire.csv")  # what a process loads once
        print(f"serveur avant : {memoire(site.processus.pid, 'VmRSS'):.0f} Mo")
        for nom in ("reponses.csv", "reponses.json"):
            octets, premier, total = exporter(site, f"{large.get_absolute_url()}donnees/{nom}")
            print(f"{nom}, {choix.exportees} réponses : {octets / 1e6:.1f} Mo, {premier:.2f} s puis {total:.0f} s")
        sommet = memoire(site.processus.pid, "VmHWM")
    finally:
        site.arreter()
    print(f"serveur au plus haut : {sommet:.0f} Mo, pour {MEMOIRE_MAX} au plus")
    return requetes > REQUETES_MAX or sommet >= MEMOIRE_MAX


if __name__ == "__main__":
    raise SystemExit(principal())
