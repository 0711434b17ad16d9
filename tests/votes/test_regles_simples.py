"""Single choice, approval, points: bounds, blanks, majorities; and what they promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.elections import avec_bulletins, choix, election, melangee, rang_de, tirees
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Genre

pytestmark = pytest.mark.sans_base

choix_unique = REGLES["choix-unique"].depouiller
approbation = REGLES["approbation"].depouiller
points = REGLES["points"].depouiller

APPROUVEES = tirees(Genre.APPROBATION, st.just(1))
POINTEES = tirees(Genre.POINTS, st.integers(1, 5))


def test_choix_unique():
    compte = choix_unique(choix("abc", {"a": 3, "b": 5, "": 2}), places=1)

    assert compte.retenues == ("b",)
    assert compte.totaux == {"a": 3, "b": 5, "c": 0}
    assert compte.classement == (("b",), ("a",), ("c",))
    assert compte.mesures == {"votantes": 10, "exprimes": 8, "blancs": 2, "majorite": 5}


def test_la_majorite_absolue_compte_ou_non_les_blancs():
    scrutin = choix("ab", {"a": 3, "b": 2, "": 1})

    assert choix_unique(scrutin, majorite="absolue").retenues == ("a", "b")
    assert choix_unique(scrutin, majorite="absolue", blancs="comptes").retenues == ()
    assert choix_unique(scrutin, majorite="absolue", blancs="comptes").mesures["majorite"] == 4
    assert choix_unique(choix("ab", {"a": 2, "b": 2}), majorite="absolue").retenues == ()


def test_une_egalite_est_decidee_par_le_sort_publie():
    scrutin = choix("abc", {"a": 2, "b": 2, "c": 2})

    compte = choix_unique(scrutin, places=2, ordre_du_sort=("c", "a", "b"))

    assert compte.retenues == ("c", "a")
    assert compte.classement == (("c", "a", "b"),)
    assert compte.egalites == ({"options": ["c", "a", "b"], "decidee_par": "sort"},)


def test_approbation_entre_deux_bornes():
    scrutin = election(
        Genre.APPROBATION,
        "abc",
        [({"a": 1, "b": 1}, 4), ({"c": 1}, 3), ({"a": 1, "b": 1, "c": 1}, 2), ({}, 1)],
    )

    libre = approbation(scrutin)
    bornee = approbation(scrutin, minimum=2, maximum=2)

    assert libre.totaux == {"a": 6, "b": 6, "c": 5}
    assert libre.mesures == {"votantes": 10, "exprimes": 9, "blancs": 1, "nuls": 0}
    assert bornee.totaux == {"a": 4, "b": 4, "c": 0}
    assert bornee.mesures == {"votantes": 10, "exprimes": 4, "blancs": 1, "nuls": 5}
    with pytest.raises(RegleInvalide, match="Un bulletin prend 1 options, il en faut au moins 2"):
        approbation(scrutin, minimum=2, hors_bornes="refus")
    with pytest.raises(RegleInvalide, match="prend 3 options, il en faut au plus 2"):
        approbation(scrutin, maximum=2, hors_bornes="refus")


@pytest.mark.parametrize(
    ("bornes", "nuls"),
    [
        ({}, 0),
        ({"total": 5}, 4),
        ({"total": 6, "tout_donner": True}, 3),
        ({"par_option": 3}, 4),
        ({"maximum": 1}, 5),
        ({"minimum": 2}, 2),
    ],
)
def test_points_entre_des_bornes(bornes, nuls):
    scrutin = election(Genre.POINTS, "abc", [({"a": 4, "b": 2}, 4), ({"a": 2, "c": 2}, 1), ({"b": 3}, 2)])

    compte = points(scrutin, **bornes)

    assert compte.mesures == {"votantes": 7, "exprimes": 7 - nuls, "blancs": 0, "nuls": nuls}


def test_les_points_s_additionnent():
    scrutin = election(Genre.POINTS, "abc", [({"a": 4, "b": 2}, 4), ({"b": 3}, 2), ({"c": 5}, 1)])

    compte = points(scrutin)

    assert compte.totaux == {"a": 16, "b": 14, "c": 5}
    assert compte.retenues == ("a", "b", "c")


@pytest.mark.parametrize(
    ("regle", "valeurs", "phrase"),
    [
        ("approbation", {"minimum": 3, "maximum": 2}, "au moins 3 et au plus 2"),
        ("points", {"minimum": 3, "maximum": 2}, "au moins 3 et au plus 2"),
        ("points", {"tout_donner": True}, "il faut dire combien on en a"),
        (
            "points",
            {"tout_donner": True, "total": 10, "par_option": 3, "maximum": 3},
            "personne ne peut donner 10 points",
        ),
        ("choix-unique", {"majorite": "forte"}, "relative, absolue"),
        ("choix-unique", {"places": 9}, "retient 9 options"),
    ],
)
def test_des_parametres_qui_se_contredisent(regle, valeurs, phrase):
    genre = REGLES[regle].genres[0]

    with pytest.raises(RegleInvalide, match=phrase):
        REGLES[regle].depouiller(election(genre, "ab", []), **valeurs)


def test_un_bulletin_d_un_autre_genre_est_refuse():
    with pytest.raises(
        RegleInvalide, match="« points » compte des bulletins qui portent des points ; ceux-ci portent un choix"
    ):
        points(choix("ab", {"a": 1}))


def test_zero_point_n_est_pas_un_point():
    with pytest.raises(RegleInvalide, match="moins d'un point"):
        points(election(Genre.POINTS, "ab", [({"a": 0}, 1)]), hors_bornes="refus")


@given(APPROUVEES, st.integers(0, 3), st.integers())
def test_l_ordre_des_approbations_ne_change_rien(scrutin, maximum, graine):
    assert approbation(melangee(scrutin, graine), maximum=maximum) == approbation(scrutin, maximum=maximum)


@given(POINTEES, st.integers(0, 9), st.integers())
def test_l_ordre_des_points_ne_change_rien(scrutin, total, graine):
    assert points(melangee(scrutin, graine), total=total) == points(scrutin, total=total)


@pytest.mark.parametrize(("compter", "elections"), [(approbation, APPROUVEES), (points, POINTEES)])
def test_un_soutien_de_plus_ne_nuit_jamais(compter, elections):
    @given(elections, st.data())
    def verifier(scrutin, data):
        place = data.draw(st.sampled_from(range(len(scrutin.options))))
        cle = scrutin.options[place].cle
        plus = avec_bulletins(scrutin, [*scrutin.bulletins, Bulletin(((place, 1),))])

        avant, apres = compter(scrutin).classement, compter(plus).classement

        assert rang_de(apres, cle) <= rang_de(avant, cle)
        assert compter(plus).totaux[cle] == compter(scrutin).totaux[cle] + 1

    verifier()
