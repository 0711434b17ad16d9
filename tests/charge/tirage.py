"""10,000 people, 6 criteria, 80 seats: how long the lots take, how much memory, how fair they are, and how long anybody needs to redo the draw.

`python -m tests.charge.tirage`, or `make bench ARGS="--mesure tirage"`. Beside it, the maximin of `sortition-algorithms` on pools that it can
hold, in the same run (`--bibliotheque 100`, 0 to leave it out).
"""

import argparse
import random
import resource
import time
from collections import Counter

from communautes.tirage import fichiers
from communautes.tirage.preparation import preparer
from communautes.tirage.refaire import refaire
from communautes.tirage.vivier import seuls
from tests.communautes.tirage.oracle import loterie
from tests.communautes.tirage.viviers import annoncer, inventer, quotas_de

CIBLE, MEMOIRE = 120.0, 1024  # seconds, megabytes


def bibliotheque(personnes: int, places: int) -> None:
    vivier = inventer(personnes)
    quotas = quotas_de(vivier, places, jeu=1)
    depart = time.perf_counter()
    panels = loterie(vivier, quotas, places, lots=1000)
    duree = time.perf_counter() - depart
    comptes = Counter(code for panel in panels for code in panel)
    parts = [comptes[personne.code] for personne in vivier.personnes]
    depart = time.perf_counter()
    ici = preparer(vivier, annoncer(quotas, places))
    notre = time.perf_counter() - depart
    print(f"{personnes} personnes, {places} places : sortition-algorithms {duree:.1f} s, chances de {min(parts)} à {max(parts)} ‰ ;")
    print(f"  ici {notre:.1f} s, de {float(ici.probabilites.minimum * 1000):.0f} à {float(ici.probabilites.maximum * 1000):.0f} ‰")


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--personnes", type=int, default=10_000)
    lecteur.add_argument("--places", type=int, default=80)
    lecteur.add_argument("--jeu", type=int, default=0, help="sièges de part et d'autre de chaque quota (0 : quotas exacts)")
    lecteur.add_argument("--bibliotheque", type=int, default=100, help="personnes du vivier montré à l'autre bibliothèque")
    choix = lecteur.parse_args()
    vivier = inventer(choix.personnes)
    parametres = annoncer(quotas_de(vivier, choix.places, choix.jeu), choix.places, graine=random.Random(1).getrandbits(60))
    depart = time.perf_counter()
    preparation = preparer(vivier, parametres)
    duree = time.perf_counter() - depart
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    publies = (fichiers.ecrire_vivier(vivier), fichiers.ecrire_parametres(parametres), fichiers.ecrire_lots(preparation.lots))
    depart = time.perf_counter()
    tirage = refaire(*publies, "4 8 15 16 23 42")
    refait = time.perf_counter() - depart
    chances = preparation.probabilites
    print(f"{choix.personnes} personnes ({len(vivier.profils)} profils, {seuls(vivier)} seules), {choix.places} places, jeu {choix.jeu}")
    print(f"lots : {duree:.1f} s (cible {CIBLE:.0f} s), mémoire {memoire:.0f} Mo (cible {MEMOIRE} Mo)")
    print(f"chances : de {float(chances.minimum * 1000):.0f} à {float(chances.maximum * 1000):.0f} ‰, somme {chances.somme}, sans chance {chances.sans_chance}")
    print(f"plus petite chance au mieux : {preparation.optimum * 1000:.3f} ‰ ; lots approchés : {preparation.approches}")
    print(f"refaire : {refait:.2f} s, lot {tirage.numero}, fichiers de {', '.join(str(len(octets)) for octets in publies)} octets")
    if choix.bibliotheque:
        bibliotheque(choix.bibliotheque, 20)
    return duree > CIBLE or memoire > MEMOIRE


if __name__ == "__main__":
    raise SystemExit(principal())
