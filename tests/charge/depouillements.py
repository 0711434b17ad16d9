"""How long do the rules without a budget take on a great city? 100 options, 130,000 ballots, all of them different.

`python -m tests.charge.depouillements`: no database, one process. Memory is the peak of the process, ballots included.
"""

import random
import resource
import time

from votes.regles.catalogue import REGLES
from votes.regles.election import Bulletin, Election, Genre, Option

OPTIONS, BULLETINS, MENTIONS = 100, 130_000, 6


def classements(hasard: random.Random) -> Election:
    """Complete rankings, each by a taste of one's own and what everybody likes."""
    paires = [[(place, rang) for rang in range(OPTIONS + 1)] for place in range(OPTIONS)]
    gouts = [0.3 * hasard.random() for _ in range(OPTIONS)]
    bulletins = []
    for _ in range(BULLETINS):
        ordre = sorted(range(OPTIONS), key=lambda place: gouts[place] + hasard.random())
        notes: list[tuple[int, int]] = [(0, 0)] * OPTIONS
        for rang, place in enumerate(ordre, 1):
            notes[place] = paires[place][rang]
        bulletins.append(Bulletin(tuple(notes)))
    return Election(Genre.CLASSEMENT, tuple(Option(str(place)) for place in range(OPTIONS)), tuple(bulletins))


def mentions(hasard: random.Random) -> Election:
    """A grade for every option."""
    paires = [[(place, valeur) for valeur in range(MENTIONS)] for place in range(OPTIONS)]
    bulletins = tuple(Bulletin(tuple(hasard.choice(choix) for choix in paires)) for _ in range(BULLETINS))
    return Election(Genre.MENTIONS, tuple(Option(str(place)) for place in range(OPTIONS)), bulletins, mentions=MENTIONS)


def mesurer(election: Election, *noms: str) -> None:
    for nom in noms:
        debut = time.perf_counter()
        compte = REGLES[nom].depouiller(election)
        duree = time.perf_counter() - debut
        memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{nom:<22} {duree:6.1f} s   {memoire:5.0f} Mio   première : {compte.retenues[0]}")


if __name__ == "__main__":
    mesurer(mentions(random.Random(1)), "jugement-majoritaire")
    mesurer(classements(random.Random(1)), "schulze", "vote-alternatif")
