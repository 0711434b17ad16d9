"""130,000 ballots over 100 projects: each budget rule beside a plain loop over the same ballots, in the same run.

`python -m tests.charge.budget`, or `make bench ARGS="--mesure budget"`. What counts is the ratio to the loop, which adds up the supports
ballot by ballot: a busy machine slows both. Seconds and memory are said beside the targets of the project.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable
from typing import Any

from tests.votes.oracles import importer
from votes.regles import achats, parts_egales, plus_votes
from votes.regles.budget import ouvrir
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.explications import pourquoi_pas
from votes.regles.generation import generer

CIBLES = {"les plus votés": 5.0, "une course": 1.0, "toute la montée, par 1 €": 120.0}
MEMOIRE = 2048  # megabytes
ORACLE = 2_000  # ballots shown to pabutools, which would take hours with all


def projets(nombre: int) -> list[Option]:
    hasard = random.Random(1)
    return [
        Option(f"p{n}", cout=int(hasard.lognormvariate(12.6, 1)) * 100, territoire=f"Quartier {n % 11}")
        for n in range(nombre)
    ]


def chronometrer(calcul: Callable[[], Any]) -> tuple[float, Any]:
    depart = time.perf_counter()
    resultat = calcul()
    return time.perf_counter() - depart, resultat


def boucle(election: Election) -> dict[str, int]:
    """The plainest count there is."""
    totaux = dict.fromkeys((option.cle for option in election.options), 0)
    for bulletin in election.bulletins:
        for place, _ in bulletin.notes:
            totaux[election.options[place].cle] += 1
    return totaux


def oracle(election: Election) -> tuple[float, float]:
    """Seconds of one run on the first ballots only: (ours, those of pabutools)."""
    modele, regles = importer("pabutools.election", "pabutools.rules")
    bulletins = [Bulletin(bulletin.notes) for bulletin in election.bulletins[:ORACLE]]
    petite = Election(Genre.APPROBATION, election.options, tuple(bulletins), budget=election.budget)
    leurs = [modele.Project(option.cle, option.cout) for option in election.options]
    instance = modele.Instance(leurs, budget_limit=election.budget)
    profil = modele.ApprovalProfile(
        [modele.ApprovalBallot([leurs[place] for place, _ in bulletin.notes]) for bulletin in bulletins]
    )
    notre, ici = chronometrer(lambda: parts_egales.compter(petite, parts_egales.Parametres(pas=0)))
    leur, la = chronometrer(lambda: regles.method_of_equal_shares(instance, profil, sat_class=modele.Cost_Sat))
    assert {projet.name for projet in la} == set(ici.retenues)
    return notre, leur


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--votantes", type=int, default=130_000)
    lecteur.add_argument("--projets", type=int, default=100)
    lecteur.add_argument("--budget", type=float, default=30e6, help="en euros")
    lecteur.add_argument("--maximum", type=int, default=5, help="projets choisis au plus")
    lecteur.add_argument("--points", type=int, default=0)
    choix = lecteur.parse_args()
    election = generer(
        projets(choix.projets), votantes=choix.votantes, graine="charge", budget=round(choix.budget * 100),
        maximum=choix.maximum, points=choix.points,
    )  # fmt: skip
    nue, _ = chronometrer(lambda: boucle(election))
    mesures = {"boucle nue": nue}
    mesures["les plus votés"], _ = chronometrer(lambda: plus_votes.compter(election, plus_votes.Parametres()))
    parametres = parts_egales.Parametres()
    concours = ouvrir(election, parametres)
    mesures["grouper les bulletins"], marche = chronometrer(lambda: achats.preparer(concours, par_euro=True))
    dotation = election.budget // election.votantes
    mesures["une course"], course = chronometrer(lambda: achats.courir(marche, dotation))
    mesures["une course exacte"], exacte = chronometrer(lambda: achats.courir(marche, dotation, exacte=True))
    assert course.douteuse or course.retenues == exacte.retenues
    montee, depouillement = chronometrer(lambda: parts_egales.compter(election, parametres))
    mesures["toute la montée, par 1 €"] = montee
    mesures["raisons de chaque perdant"], _ = chronometrer(lambda: pourquoi_pas(election, depouillement, parametres))
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pas = depouillement.mesures["augmentations"]
    print(f"{choix.votantes} bulletins ({marche.classes} différents), {choix.projets} projets, {choix.budget:.0f} €")
    print(f"{pas} augmentations, {len(depouillement.retenues)} retenus, {depouillement.mesures['certifie']}")
    print(f"{'':<28}{'secondes':>10}{'fois la boucle':>16}{'cible':>8}")
    for nom, secondes in mesures.items():
        cible = f"{CIBLES[nom]:.0f} s" if nom in CIBLES else ""
        print(f"{nom:<28}{secondes:>10.3f}{secondes / nue:>16.1f}{cible:>8}")
    print(f"mémoire {memoire:.0f} Mo (cible {MEMOIRE} Mo)")
    notre, leur = oracle(election) if not choix.points else (0.0, 0.0)
    if leur:
        print(
            f"une course sur {ORACLE} bulletins : {notre:.3f} s, pabutools {leur:.3f} s, soit {leur / notre:.0f} fois plus"
        )
    return any(mesures[nom] > cible for nom, cible in CIBLES.items()) or memoire > MEMOIRE


if __name__ == "__main__":
    raise SystemExit(principal())
