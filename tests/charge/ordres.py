"""Does the list get slower when there are more ideas? Each order at 500, 5,000 and 50,000 ideas, in one run.

`make bench ARGS="--mesure ordres"`, or `python -m tests.charge.ordres` with an empty database in DATABASE_URL. The pages take
turns, with a witness that does not depend on the ideas: its time tells how busy the machine is, and is what the growth is
corrected by.
"""

import argparse
import random
import statistics
import time
from datetime import timedelta

from tests.charge.bench import peupler  # first: it sets Django up

from django.core.management import call_command  # isort: skip
from django.db import connection
from django.test import Client
from django.utils import timezone

from idees import exposition
from idees.models import Idee
from territoires.models import Territoire

TAILLES = (500, 5_000, 50_000)
CROISSANCE_MAX = 1.3
PROFONDE = 30  # page
CENTRE = (47.218, -1.554)
ORDRES = ("recentes", "soutenues", "discutees", "proches", "moins_vues")
TEMOIN = "témoin"
NAVIGATEUR = {"headers": {"user-agent": "Mozilla/5.0"}}


def grandir(jusqu_a: int, hasard: random.Random) -> None:
    """Add ideas like those that are there, spread over the metropolis."""
    modele = Idee.objects.first()
    lieux = list(Territoire.objects.exclude(genre="metropole").values_list("pk", flat=True))
    debut = timezone.now() - timedelta(days=400)
    lignes = []
    for n in range(Idee.objects.count(), jusqu_a):
        date = debut - timedelta(minutes=n)
        idee = Idee(
            boite_id=modele.boite_id, titre=f"Une idée fictive numéro {n}", texte=modele.texte, thematique_id=modele.thematique_id,
            territoire_id=hasard.choice(lieux), auteur_id=modele.auteur_id, soumise_le=date, publiee_le=date,
            seuil_soutiens=50, delai_reponse=60,
        )  # fmt: skip
        idee.__dict__["etat"] = "publiee"
        lignes.append(idee)
    Idee.objects.bulk_create(lignes, batch_size=2000)
    _placer(hasard)
    exposition.Rang.objects.all().delete()
    exposition.tourner()
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _placer(hasard: random.Random) -> None:
    """Most near the middle, and sort keys as `tic` would have left them."""
    nouvelles = list(Idee.objects.filter(latitude__isnull=True).only("pk", "etat"))
    for idee in nouvelles:
        idee.latitude, idee.longitude = CENTRE[0] + hasard.gauss(0, 0.06), CENTRE[1] + hasard.gauss(0, 0.09)
        idee.poids, idee.echanges = hasard.randrange(200), hasard.randrange(200)
    Idee.objects.bulk_update(nouvelles, ["latitude", "longitude", "poids", "echanges"], batch_size=500)


def adresses(client) -> dict[str, str]:
    """The witness, then the first page and a deep one of each order."""
    trouvees = {TEMOIN: "/charte/"}
    for ordre in ORDRES:
        chemin = f"/idees/?ordre={ordre}"
        if ordre == "proches":
            chemin += f"&lat={CENTRE[0]}&lon={CENTRE[1]}"
        elif ordre == "moins_vues":
            chemin = client.get(chemin, **NAVIGATEUR).url
        trouvees[ordre] = chemin
        trouvees[f"{ordre}, page {PROFONDE}"] = f"{chemin}&page={PROFONDE}"
    return trouvees


def mesurer(client, chemins, tours: int) -> dict[str, float]:
    """Median seconds of each page."""
    mesures: dict[str, list[float]] = {nom: [] for nom in chemins}
    for _tour in range(tours + 2):
        for nom, chemin in chemins.items():
            depart = time.perf_counter()
            reponse = client.get(chemin, **NAVIGATEUR)
            mesures[nom].append(time.perf_counter() - depart)
            assert reponse.status_code == 200, (chemin, reponse.status_code)
    return {nom: statistics.median(temps[2:]) for nom, temps in mesures.items()}


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--tours", type=int, default=25)
    choix = lecteur.parse_args()
    hasard, client = random.Random(44), Client(SERVER_NAME="127.0.0.1")
    call_command("migrate", verbosity=0)
    peupler(TAILLES[0], 2_000, 5_000)
    temps = []
    for taille in TAILLES:
        grandir(taille, hasard)
        temps.append(mesurer(client, adresses(client), choix.tours))
    print(f"{connection.vendor}, médianes de {choix.tours} demandes, en millisecondes")
    print(f"{'page':<24}" + "".join(f"{taille:>10}" for taille in TAILLES) + f"{'croissance':>12}")
    trop = []
    for nom in temps[0]:
        corrigee = [mesure[nom] / mesure[TEMOIN] for mesure in temps]
        croissance = max(corrigee) / corrigee[0]
        print(f"{nom:<24}" + "".join(f"{mesure[nom] * 1000:>10.1f}" for mesure in temps) + f"{croissance:>12.2f}")
        if croissance >= CROISSANCE_MAX:
            trop.append(nom)
    if trop:
        print(f"Croissent de {CROISSANCE_MAX} ou plus : {', '.join(trop)}")
    return bool(trop)


if __name__ == "__main__":
    raise SystemExit(principal())
