"""The table of docs/mesures.md: real elections counted by each budget rule, each in a process of its own.

`python -m tests.charge.budgets_reels`. Time is that of the count alone, the file being read; memory is the peak of the process.
"""

import json
import resource
import subprocess
import sys
import time

from tests.votes import budgets
from votes.fichiers import pabulib
from votes.regles.catalogue import REGLES
from votes.regles.sans_projet import sans_projet

COMPTES = (
    ("plus-votes", {}),
    ("plus-votes-sans-saut", {}),
    ("parts-egales", {}),
    ("parts-egales", {"arret_exhaustif": True}),
    ("parts-egales", {"pas": 0}),
)


def mesurer(nom: str, regle: str, valeurs: dict) -> dict:
    """One count, in this process."""
    fichier = pabulib.lire(budgets.DOSSIER / nom)
    election = pabulib.election_de(fichier)
    decompte = REGLES[regle]
    parametres = decompte.parametres(**valeurs)  # imports the rule, before the clock starts
    depart = time.perf_counter()
    depouillement = decompte.compter(election, parametres)
    secondes = time.perf_counter() - depart
    publiees = fichier.publiees
    return {
        "retenues": len(depouillement.retenues),
        "cout": (depouillement.cout or 0) / 100,
        "part": (depouillement.cout or 0) / (election.budget or 1),
        "dotation": None if depouillement.dotation is None else float(depouillement.dotation) / 100,
        "sans_projet": sans_projet(election, depouillement.retenues)["part"],
        "ecarts": sum(map(len, pabulib.ecarts(fichier).values())),
        "publiees": None if publiees is None else len(set(publiees) ^ set(depouillement.retenues)),
        "secondes": secondes,
        "memoire": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def ligne(nom: str, regle: str, valeurs: dict) -> str:
    commande = [sys.executable, "-m", __spec__.name, nom, regle, json.dumps(valeurs)]
    m = json.loads(subprocess.run(commande, capture_output=True, text=True, check=True).stdout)
    options = ", ".join(f"{cle} = {valeur}" for cle, valeur in valeurs.items())
    publiees = {None: "non dites", 0: "les mêmes"}.get(m["publiees"], f"{m['publiees']} différences")
    dotation = "" if m["dotation"] is None else f"{m['dotation']:.2f}"
    return (
        f"| {nom.removesuffix('.pb')} | {regle}{f' ({options})' if options else ''} | {m['ecarts']} | {m['retenues']} "
        f"| {m['cout']:.2f} | {m['part']:.1%} | {dotation} | {m['sans_projet']:.1%} | {publiees} | {m['secondes']:.2f} "
        f"| {m['memoire']:.0f} |"
    )


def principal() -> int:
    if len(sys.argv) == 4:
        print(json.dumps(mesurer(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))
        return 0
    if budgets.manque():
        print(budgets.manque())
        return 1
    for nom in budgets.REELS:
        for regle, valeurs in COMPTES:
            print(ligne(nom, regle, valeurs), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(principal())
