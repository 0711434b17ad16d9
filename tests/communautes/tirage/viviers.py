"""Invented pools, of any size, whose volunteers do not look like the population: more graduates, fewer young people."""

import random
from datetime import UTC, datetime

from communautes.tirage.parametres import Parametres
from communautes.tirage.quotas import Quota, proportionnels
from communautes.tirage.vivier import Personne, Vivier

SEL = b"le sel d'un vivier d'essai, secret"
QUAND = datetime(2026, 12, 1, 20, tzinfo=UTC)

#: For each criterion, each class: its share of the population, and how readily its people volunteer.
POPULATION = {
    "age": {"16-24": (12, 0.5), "25-39": (22, 0.8), "40-54": (24, 1), "55-64": (15, 1.4), "65-79": (18, 1.6), "80 et plus": (9, 0.5)},
    "genre": {"femme": (50, 1.1), "homme": (48, 0.9), "autre": (2, 1)},
    "territoire": {
        f"commune {rang:02}": (part, 1)
        for rang, part in enumerate([30, 8, 7, 6, 5, 5, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1.5, 1.5, 1, 1, 1, 1], 1)
    },
    "profession": {
        "agricole": (1, 1), "artisanat": (4, 1), "cadre": (18, 1), "intermédiaire": (16, 1), "emploi": (16, 1), "ouvrier": (12, 1),
        "retraite": (25, 1), "sans": (8, 1),
    },
    "diplome": {"aucun": (25, 0.3), "bac": (30, 0.7), "bac +2": (20, 1.2), "bac +5": (25, 1.8)},
    "logement": {"locataire": (40, 0.8), "propriétaire": (45, 1.3), "social": (15, 0.5)},
}  # fmt: skip


def inventer(nombre: int, *, criteres: int = 6, graine: int = 1) -> Vivier:
    hasard = random.Random(graine)
    noms = list(POPULATION)[:criteres]
    personnes = [
        Personne(
            f"{rang:08x}",
            tuple(
                hasard.choices(list(POPULATION[nom]), [part * envie for part, envie in POPULATION[nom].values()])[0]
                for nom in noms
            ),
        )
        for rang in range(nombre)
    ]
    return Vivier(tuple(noms), tuple(personnes))


def quotas_de(vivier: Vivier, places: int, jeu: int = 0) -> dict[str, dict[str, Quota]]:
    """Proportional to the population, over the classes that the pool has, give or take `jeu` seats."""
    quotas = {}
    for critere in vivier.criteres:
        parts = {
            classe: round(part * 10)
            for classe, (part, _) in POPULATION[critere].items()
            if vivier.effectifs[critere][classe]
        }
        quotas[critere] = {
            classe: Quota(max(0, quota.minimum - jeu), quota.maximum + jeu)
            for classe, quota in proportionnels(parts, places).items()
        }
    return quotas


def annoncer(quotas, places: int, **autres) -> Parametres:
    defauts = {"titre": "Panel d'essai", "valeur_publique": "Le tirage du Loto d'essai", "connue_le": QUAND, "graine": 7}
    return Parametres(places=places, quotas=quotas, **{**defauts, **autres})
