"""Prioritisation: which topics, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.elections import election, melangee, tirees
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Genre

pytestmark = pytest.mark.sans_base

depouiller = REGLES["priorites"].depouiller
TIREES = tirees(Genre.POINTS, st.integers(1, 3))
MOMENTS = ("2027", "2028", "2029")


def sujets(*bulletins):
    return election(Genre.POINTS, ("eau", "ombre", "bruit"), list(bulletins))


def test_les_sujets_les_plus_demandes_au_moment_que_veulent_ceux_qui_les_demandent():
    compte = depouiller(
        sujets(({"eau": 3, "ombre": 1}, 3), ({"eau": 1}, 2), ({"ombre": 3, "bruit": 2}, 1)), moments=MOMENTS
    )

    assert compte.totaux == {"eau": 5, "ombre": 4, "bruit": 1}
    assert compte.mesures["souhaits"]["eau"] == [3, 0, 2]
    assert compte.mesures["calendrier"] == {"2027": ["eau"], "2028": ["bruit"], "2029": ["ombre"]}
    assert compte.retenues == ("eau", "bruit", "ombre")


def test_un_moment_plein_renvoie_au_suivant():
    tous = sujets(({"eau": 3, "ombre": 3, "bruit": 3}, 2), ({"eau": 3, "ombre": 3}, 1), ({"eau": 3}, 1))

    compte = depouiller(tous, moments=MOMENTS, capacites=(1, 1, 0))

    assert compte.mesures["calendrier"] == {"2027": ["eau"], "2028": ["ombre"], "2029": []}
    assert compte.retenues == ("eau", "ombre")
    assert compte.tours[-1] == {"option": "bruit", "soutiens": 2, "moment_voulu": "2027", "moment": None}


def test_une_moitie_plus_tot_l_autre_plus_tard():
    partage = sujets(({"eau": 3}, 2), ({"eau": 1}, 2))

    assert depouiller(partage, moments=MOMENTS).mesures["calendrier"]["2027"] == ["eau"]
    assert depouiller(partage, moments=MOMENTS, mediane="tard").mesures["calendrier"]["2029"] == ["eau"]


def test_a_soutiens_egaux_le_plus_presse_puis_le_sort():
    egaux = sujets(({"eau": 1}, 2), ({"ombre": 2}, 2), ({"bruit": 2}, 2))

    compte = depouiller(egaux, moments=MOMENTS, ordre_du_sort=("bruit", "ombre", "eau"))

    assert compte.classement == (("bruit", "ombre"), ("eau",))
    assert compte.egalites == ({"options": ["bruit", "ombre"], "decidee_par": "sort"},)


def test_un_sujet_sous_le_seuil_reste_dehors():
    compte = depouiller(sujets(({"eau": 3}, 2), ({"ombre": 3}, 1)), seuil=2)

    assert compte.retenues == ("eau",)
    assert [tour["moment"] for tour in compte.tours] == ["d'abord", None, None]
    assert [tour["moment_voulu"] for tour in compte.tours] == ["d'abord", "d'abord", None]


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"moments": ()}, "aucun moment"),
        ({"capacites": (1, 2)}, "3 moments et 2 capacités"),
        ({"capacites": (1, 2, -1)}, "moins de zéro"),
        ({"moments": ("2027", "2028")}, "les moments vont de 1 .* à 2"),
    ],
)
def test_parametres_refuses(valeurs, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        depouiller(sujets(({"eau": 3}, 1)), **valeurs)


@given(TIREES, st.sampled_from([(), (1, 1, 1), (2, 0, 1)]), st.integers())
def test_l_ordre_des_bulletins_ne_change_rien_et_les_moments_ne_debordent_pas(scrutin, capacites, graine):
    compte = depouiller(scrutin, capacites=capacites)

    assert depouiller(melangee(scrutin, graine), capacites=capacites) == compte
    for recus, capacite in zip(compte.mesures["calendrier"].values(), capacites, strict=False):
        assert len(recus) <= capacite
    assert len(set(compte.retenues)) == len(compte.retenues)


@given(TIREES)
def test_le_moment_est_la_mediane_des_souhaits(scrutin):
    compte = depouiller(scrutin)

    for place, option in enumerate(scrutin.options):
        voulus = sorted(3 - v for b in scrutin.bulletins for p, v in b.notes if p == place for _ in range(b.poids))
        tour = next(tour for tour in compte.tours if tour["option"] == option.cle)
        attendu = ("d'abord", "ensuite", "plus tard")[voulus[(len(voulus) - 1) // 2]] if voulus else None
        assert tour["moment"] == tour["moment_voulu"] == attendu
