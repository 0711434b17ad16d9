"""Instant run-off: known examples, odd ballots, ties, and what pref_voting finds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.elections import classements, melangee, ordres_stricts, tirees
from tests.votes.oracles import importer
from votes.regles.catalogue import REGLES
from votes.regles.election import Genre

pytestmark = pytest.mark.sans_base

PROFILS, EX_AEQUO, ITERATIVES = importer(
    "pref_voting.profiles", "pref_voting.profiles_with_ties", "pref_voting.iterative_methods"
)

depouiller = REGLES["vote-alternatif"].depouiller
QUELCONQUES = tirees(Genre.CLASSEMENT, st.integers(1, 5))
SURNOMBRES = st.sampled_from(["arret", "saut", "continue", "parts", "nul"])


def voix(compte):
    return [tour["voix"] for tour in compte.tours]


def test_capitale_du_tennessee():
    """Wikipedia, « Instant-runoff voting »: Chattanooga goes, then Nashville, and Knoxville has 58 %."""
    election = classements("MNCK", {"M>N>C>K": 42, "N>C>K>M": 26, "C>K>N>M": 15, "K>C>N>M": 17})

    compte = depouiller(election)

    assert compte.retenues == ("K", "M", "N", "C")
    assert compte.totaux == {"M": 42, "N": 26, "C": 15, "K": 17}
    assert voix(compte) == [
        {"M": 42, "N": 26, "C": 15, "K": 17},
        {"M": 42, "N": 26, "K": 32},
        {"M": 42, "K": 58},
        {"K": 100},
    ]
    assert [tour["elue"] for tour in compte.tours] == [None, None, "K", "K"]
    assert [tour["eliminee"] for tour in compte.tours] == ["C", "N", "M", None]


def test_la_regle_ne_promet_pas_que_monter_aide():
    """Wikipedia, « Monotonicity criterion »: ten people move A up, and A loses. Nothing of the kind is tested elsewhere."""
    avant = classements("ABC", {"A>B>C": 39, "B>C>A": 35, "C>A>B": 26})
    apres = classements("ABC", {"A>B>C": 49, "B>C>A": 25, "C>A>B": 26})

    assert depouiller(avant).retenues[0] == "A"
    assert depouiller(apres).retenues[0] == "C"


def test_un_bulletin_epuise_sort_du_compte_ou_non():
    """Twenty ballots, C's three help nobody in the second round: nine are a majority of seventeen, not of twenty."""
    election = classements("ABC", {"A": 9, "B": 8, "C": 3})

    ignores = depouiller(election, non_classes="ignores")
    dernier = depouiller(election, non_classes="dernier")

    assert [tour["majorite"] for tour in ignores.tours] == [10, Fraction(17, 2), Fraction(9, 2)]
    assert [tour["majorite"] for tour in dernier.tours] == [10, 10, 10]
    assert [tour["elue"] for tour in ignores.tours] == [None, "A", "A"]
    assert [tour["elue"] for tour in dernier.tours] == [None, None, "A"]
    assert ignores.retenues == dernier.retenues == ("A", "B", "C")


def test_les_bulletins_blancs_comptent_pour_la_majorite_si_la_regle_le_dit():
    election = classements("AB", {"A": 3, "B": 2, "": 2})

    assert depouiller(election).tours[0]["elue"] == "A"
    assert depouiller(election, blancs="comptes").tours[0]["elue"] is None
    assert depouiller(election).mesures == {"votantes": 7, "blancs": 2, "nuls": 0}


@pytest.mark.parametrize(
    ("surnombre", "premier_tour", "dernier_tour"),
    [
        ("arret", {"A": 2, "B": 3, "C": 4}, {"B": 5}),
        ("saut", {"A": 2, "B": 3, "C": 9}, {"C": 12}),
        ("continue", {"A": 2, "B": 3, "C": 4}, {"B": 5}),
        ("nul", {"A": 2, "B": 3, "C": 4}, {"B": 5}),
        ("parts", {"A": Fraction(9, 2), "B": Fraction(11, 2), "C": 4}, {"B": 10}),
    ],
)
def test_un_rang_donne_a_deux_options(surnombre, premier_tour, dernier_tour):
    election = classements("ABC", {"A=B>C": 5, "A>B": 2, "B>C": 3, "C": 4})

    compte = depouiller(election, surnombre=surnombre)

    assert voix(compte)[0] == premier_tour
    assert voix(compte)[-1] == dernier_tour
    assert compte.mesures["nuls"] == (5 if surnombre == "nul" else 0)


def test_un_surnombre_se_lit_quand_une_seule_option_reste():
    election = classements("ABC", {"C>A=B": 2, "A": 3, "B": 4})

    assert voix(depouiller(election, surnombre="continue"))[1] == {"A": 3, "B": 4}
    plus_tard = classements("ABCD", {"D>C=B": 2, "C": 1, "A": 3, "B": 3})
    assert voix(depouiller(plus_tard, surnombre="continue", ordre_du_sort=tuple("ABDC")))[2] == {"A": 3, "B": 5}
    assert voix(depouiller(plus_tard, surnombre="arret", ordre_du_sort=tuple("ABDC")))[2] == {"A": 3, "B": 3}


def test_un_rang_saute():
    election = classements("ABC", {"A>>B": 1, "B": 2, "C": 2})

    assert voix(depouiller(election))[1] == {"B": 3, "C": 2}
    assert voix(depouiller(election, rang_saute="arret"))[1] == {"B": 2, "C": 2}
    assert voix(depouiller(election, rang_saute="arret-apres-deux"))[1] == {"B": 3, "C": 2}


def test_un_premier_rang_saute_n_est_pas_un_bulletin_blanc():
    compte = depouiller(classements("AB", {">A": 2, "B": 1, "": 4}), rang_saute="arret")

    assert compte.tours[0]["epuises"] == 2
    assert compte.mesures["blancs"] == 4


def test_a_egalite_le_sort_ou_le_tour_d_avant():
    """B and C have five each once D is gone; B had fewer before."""
    election = classements("ABCD", {"A": 6, "B": 3, "C": 5, "D>B": 2})

    par_le_sort = depouiller(election, ordre_du_sort=tuple("DABC"))
    par_les_tours = depouiller(election, departage="tours-precedents", ordre_du_sort=tuple("DABC"))

    assert par_le_sort.retenues == ("A", "B", "C", "D")
    assert par_le_sort.egalites == ({"options": ["B", "C"], "decidee_par": "sort", "eliminee": "C", "tour": 2},)
    assert par_les_tours.retenues == ("A", "C", "B", "D")
    assert par_les_tours.egalites[0]["decidee_par"] == "tours-precedents"


def test_sans_option_ni_bulletin():
    assert depouiller(classements("", {})).retenues == ()
    assert depouiller(classements("AB", {}), ordre_du_sort=("B", "A")).retenues == ("B", "A")


@given(QUELCONQUES, SURNOMBRES, st.integers())
def test_l_ordre_des_bulletins_ne_change_rien(election, surnombre, graine):
    assert depouiller(melangee(election, graine), surnombre=surnombre) == depouiller(election, surnombre=surnombre)


@given(QUELCONQUES, SURNOMBRES)
def test_aucune_voix_ne_se_perd_ni_ne_se_cree(election, surnombre):
    compte = depouiller(election, surnombre=surnombre)

    for tour in compte.tours:
        nuls, blancs = compte.mesures["nuls"], compte.mesures["blancs"]
        assert sum(tour["voix"].values()) + tour["epuises"] + nuls + blancs == election.votantes


@given(QUELCONQUES, SURNOMBRES)
def test_ne_pas_etre_classee_ne_change_jamais_la_gagnante(election, surnombre):
    """What the help of `non_classes` says."""
    ignores, dernier = (depouiller(election, surnombre=surnombre, non_classes=nom) for nom in ("ignores", "dernier"))

    assert ignores.retenues == dernier.retenues


@given(ordres_stricts())
def test_la_majorite_au_premier_tour_elit(election):
    compte = depouiller(election)
    exprimes = election.votantes - election.blancs

    for cle, premieres in compte.totaux.items():
        if 2 * premieres > exprimes:
            assert compte.retenues[0] == cle


@given(ordres_stricts(complets=True), st.randoms(use_true_random=False))
def test_la_gagnante_est_celle_de_pref_voting(election, hasard):
    if not election.bulletins:
        return
    cles = [option.cle for option in election.options]
    sort = list(range(len(cles)))
    hasard.shuffle(sort)
    profil = PROFILS.Profile(
        [[place for place, _ in sorted(b.notes, key=lambda note: note[1])] for b in election.bulletins],
        rcounts=[b.poids for b in election.bulletins],
    )

    attendues = ITERATIVES.instant_runoff(profil, tie_breaker=list(reversed(sort)))

    assert [cles[place] for place in attendues] == [
        depouiller(election, ordre_du_sort=[cles[p] for p in sort]).retenues[0]
    ]


@given(ordres_stricts())
def test_bulletins_incomplets_comme_pref_voting(election):
    compte = depouiller(election)
    if election.votantes == election.blancs or compte.egalites:
        return  # pref_voting takes several out at once where we draw a lot
    profil = EX_AEQUO.ProfileWithTies(
        [dict(b.notes) for b in election.bulletins if b.notes],
        rcounts=[b.poids for b in election.bulletins if b.notes],
        candidates=list(range(len(election.options))),
    )

    attendues = ITERATIVES.instant_runoff_for_truncated_linear_orders(profil)

    assert [election.options[place].cle for place in attendues] == [compte.retenues[0]]
