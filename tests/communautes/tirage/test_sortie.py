"""The standard output of whoever draws is hers."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.sans_base

ESSAI = """
from communautes.tirage.solveur import Entiers
print("avant")
import communautes.tirage.solveur as solveur
solveur._laisser_se_presenter()
print("après")
"""


def test_le_solveur_ne_se_presente_pas_dans_la_sortie():
    dit = subprocess.run([sys.executable, "-c", ESSAI], capture_output=True, text=True, check=True, timeout=60)
    assert dit.stdout.split() == ["avant", "après"]
