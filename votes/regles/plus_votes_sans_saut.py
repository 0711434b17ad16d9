"""Most votes first, stop there: the first project that does not fit in what is left ends the count.

Cheaper projects further down cannot profit from the cost of the one that was more wanted. Same source and same
parameters as `plus_votes`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from votes.regles import plus_votes
from votes.regles.budget import ouvrir, verifier_categories
from votes.regles.depouillement import Depouillement
from votes.regles.election import Election
from votes.regles.enveloppes import compter_par_enveloppe

NOM = "plus-votes-sans-saut"


@dataclass(frozen=True)
class Parametres(plus_votes.Parametres):
    """Those of `plus_votes`. A project kept out by the maximum of its category does not stop the count."""


def compter(
    election: Election,
    parametres: Parametres,
    *,
    avancement: Callable[[int, int], None] | None = None,
    interrompre: Callable[[], bool] | None = None,
) -> Depouillement:
    """Count `election`, envelope by envelope if it has some. Raises RegleInvalide, Interrompu.

    Rounds as in `plus_votes.compter`.
    """
    verifier_categories(election, parametres.maximums, parametres.minimums)
    if election.enveloppes:
        return compter_par_enveloppe(NOM, election, parametres, compter, avancement=avancement, interrompre=interrompre)
    return plus_votes.depouiller(NOM, ouvrir(election, parametres), parametres, saut=False, interrompre=interrompre)
