"""Yes, no, blank: majority, quorum."""

from fractions import Fraction

import pytest

from tests.votes.elections import choix
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide

pytestmark = pytest.mark.sans_base

depouiller = REGLES["oui-non"].depouiller
SCRUTIN = choix(("oui", "non", "blanc"), {"oui": 60, "non": 30, "blanc": 5, "": 5})


def test_la_majorite_simple():
    compte = depouiller(SCRUTIN)

    assert compte.retenues == ("oui",)
    assert compte.totaux == {"oui": 60, "non": 30, "blanc": 5}
    assert compte.mesures == {
        "votantes": 100,
        "exprimes": 90,
        "blancs": 10,
        "quorum_atteint": True,
        "adopte": True,
        "part": "2/3",
    }


@pytest.mark.parametrize(
    ("valeurs", "retenues"),
    [
        ({"majorite": Fraction(2, 3)}, ("non",)),
        ({"majorite": Fraction(2, 3), "stricte": False}, ("oui",)),
        ({"majorite": Fraction(3, 5), "base": "votantes"}, ("non",)),
        ({"majorite": Fraction(3, 5), "base": "votantes", "stricte": False}, ("oui",)),
        ({"quorum": 100}, ("oui",)),
        ({"quorum": 101}, ()),
        ({"quorum": 95, "blancs_au_quorum": False}, ()),
        ({"quorum": 90, "blancs_au_quorum": False}, ("oui",)),
    ],
)
def test_la_regle_publiee_decide(valeurs, retenues):
    compte = depouiller(SCRUTIN, **valeurs)

    assert compte.retenues == retenues
    assert compte.mesures["adopte"] == (retenues == ("oui",))


def test_une_egalite_n_adopte_rien():
    scrutin = choix(("oui", "non"), {"oui": 4, "non": 4})

    assert depouiller(scrutin).retenues == ("non",)
    assert depouiller(scrutin, stricte=False).retenues == ("oui",)


def test_personne_ne_repond():
    compte = depouiller(choix(("oui", "non"), {"": 3}))

    assert compte.retenues == ("non",)
    assert compte.mesures["part"] is None


def test_d_autres_mots():
    scrutin = choix(("pour", "contre"), {"pour": 2, "contre": 1})

    assert depouiller(scrutin, oui="pour", non="contre").retenues == ("pour",)
    with pytest.raises(RegleInvalide, match="il propose « pour », « contre »"):
        depouiller(scrutin)


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"majorite": Fraction(1)}, "ne peut jamais être atteinte"),
        ({"majorite": Fraction(3, 2), "stricte": False}, "ne peut jamais être atteinte"),
        ({"non": "oui"}, "portent le même identifiant"),
        ({"quorum": -1}, "ne peut pas être négatif"),
        ({"base": "inscrits"}, "exprimes, votantes"),
    ],
)
def test_parametres_refuses(valeurs, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        depouiller(SCRUTIN, **valeurs)
