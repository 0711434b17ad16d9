"""Reading CSV beside others: the limit of a cell belongs to the whole process."""

import csv
import io

import pytest

from communautes.tirage.fichiers import FichierInvalide, lire_vivier
from socle.tableur import Bornees


def test_une_lecture_laissee_en_route_ne_change_rien_pour_les_autres():
    avant = csv.field_size_limit()
    lignes = Bornees(csv.reader(io.StringIO(f"a,{'x' * 200_000}\nb,c\n")), 1_000_000)
    assert len(next(lignes)[1]) == 200_000
    assert csv.field_size_limit() == avant
    with pytest.raises(FichierInvalide) as refus:
        lire_vivier(b"code,age\nA,1\nA,2\n")
    assert csv.field_size_limit() == avant, refus.value


def test_une_ligne_refusee_n_arrete_pas_la_lecture():
    lignes = Bornees(csv.reader(io.StringIO(f"{'x' * 20}\nb,c\n")), 10)
    with pytest.raises(csv.Error):
        next(lignes)
    assert list(lignes) == [["b", "c"]]
