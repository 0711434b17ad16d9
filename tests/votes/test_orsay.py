"""Orsay, 22 April 2007: 1,733 real ballots, and the results that Balinski and Laraki published."""

import pytest

from tests.votes.donnees_reelles import manque, orsay
from votes.fichiers.mentions import Bareme, lire
from votes.regles.catalogue import REGLES

pytestmark = [pytest.mark.sans_base, pytest.mark.skipif(bool(manque()), reason=manque() or "présente")]

depouiller = REGLES["jugement-majoritaire"].depouiller

#: « Election by majority judgment: experimental evidence », their table of majority gauges: order, and shares in %.
ORDRE_PUBLIE = (
    "Bayrou",
    "Royal",
    "Sarkozy",
    "Voynet",
    "Besancenot",
    "Buffet",
    "Bové",
    "Laguiller",
    "Nihous",
    "de Villiers",
    "Schivardi",
    "Le Pen",
)
JAUGES_PUBLIEES = {
    "Bayrou": (44.3, "Assez bien", "+", 30.6),
    "Royal": (39.4, "Assez bien", "-", 41.5),
    "Sarkozy": (38.9, "Assez bien", "-", 46.9),
}


@pytest.fixture(scope="module")
def election():
    return lire(orsay(), Bareme(nombre=6, pire=1, blanche=0))


@pytest.mark.parametrize("departage", ["jauge", "retrait", "jauge-puis-retrait"])
def test_l_ordre_publie(election, departage):
    compte = depouiller(election, mentions=("six",), departage=departage)

    assert compte.retenues == ORDRE_PUBLIE
    assert "sort" not in {egalite["decidee_par"] for egalite in compte.egalites}
    assert election.votantes == compte.mesures["votantes"] == 1733


def test_les_jauges_publiees(election):
    mesures = depouiller(election, mentions=("six",)).mesures

    for nom, publiee in JAUGES_PUBLIEES.items():
        jauge = mesures["jauges"][nom]
        parts = [round(100 * jauge[cote] / jauge["total"], 1) for cote in ("mieux", "moins")]
        assert (parts[0], mesures["mentions"][jauge["mention"]], jauge["signe"], parts[1]) == publiee


def test_lu_sans_rien_dire_l_ordre_est_le_meme():
    """Without a scale the blanks are a seventh grade, below the worst: no majority grade changes place."""
    election = lire(orsay())

    assert election.mentions == 7
    assert depouiller(election).retenues == ORDRE_PUBLIE
