"""A deep page does not ask the system for memory at each of its calls."""

import resource
from concurrent.futures import ThreadPoolExecutor

import pytest

from socle.pile import au_large

pytestmark = pytest.mark.sans_base

FOIS = 200
PROFONDEURS = range(250)  # more frames than a piece of 16 kB holds


def boucler(profondeur: int) -> None:
    """So many calls from so deep."""
    if profondeur:
        boucler(profondeur - 1)
        return
    for _fois in range(FOIS):
        rien()


def rien() -> None:
    """One more frame."""


def pages_demandees(appeler) -> int:
    """By the worst of the depths of a new thread: this one has room already. Memory that is new to us costs a page fault."""

    def une(profondeur):
        avant = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        boucler(profondeur)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - avant

    with ThreadPoolExecutor(1) as fil:
        return fil.submit(appeler, lambda: max(une(profondeur) for profondeur in PROFONDEURS)).result()


def test_a_aucune_profondeur_les_appels_ne_coutent_une_page_chacun():
    if pages_demandees(lambda faire: faire()) < FOIS // 2:
        pytest.skip("ce Python ne rend pas la place d'un appel à chaque retour")
    assert pages_demandees(au_large) < FOIS // 10


def test_rien_d_autre_ne_change():
    assert au_large(lambda *nombres, **noms: (nombres, noms), 1, 2, nom="trois") == ((1, 2), {"nom": "trois"})
    with pytest.raises(ZeroDivisionError):
        au_large(lambda: 1 / 0)
