"""Most votes first, with and without skipping."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.votes.budgets import approbations, elections, par_points
from votes.regles import plus_votes, plus_votes_sans_saut
from votes.regles.depouillement import Interrompu, RegleInvalide
from votes.regles.election import Bulletin, Election, Genre, Option

pytestmark = pytest.mark.sans_base
REGLES = (plus_votes, plus_votes_sans_saut)


def test_on_saute_ou_on_s_arrete():
    """b has more votes than c but does not fit after a."""
    election = approbations({"a": 600, "b": 500, "c": 300}, ["abc", "ab", "a"], 1000)

    avec = plus_votes.compter(election, plus_votes.Parametres())
    sans = plus_votes_sans_saut.compter(election, plus_votes_sans_saut.Parametres())

    assert (avec.retenues, avec.cout) == (("a", "c"), 900)
    assert (sans.retenues, sans.cout) == (("a",), 600)
    assert [(tour["option"], tour["restait"], tour.get("raison")) for tour in avec.tours] == [
        ("a", 1000, None),
        ("b", 400, "budget"),
        ("c", 400, None),
    ]
    assert [tour.get("raison") for tour in sans.tours] == [None, "budget", "arret"]
    assert avec.classement == (("a",), ("b",), ("c",))


def test_les_points_s_additionnent():
    election = par_points({"a": 100, "b": 100}, [{"a": 3}, {"b": 1}, {"b": 1}], 100)

    depouillement = plus_votes.compter(election, plus_votes.Parametres())

    assert depouillement.totaux == {"a": 3, "b": 2}
    assert depouillement.retenues == ("a",)


def test_egalites_le_cout_puis_le_sort():
    election = approbations({"a": 300, "b": 200, "c": 300}, ["abc"], 500)

    assert plus_votes.compter(election, plus_votes.Parametres()).retenues == ("b", "a")
    depouillement = plus_votes.compter(election, plus_votes.Parametres(ordre_du_sort=("c", "b", "a")))
    assert depouillement.retenues == ("b", "c")
    assert [egalite["decidee_par"] for egalite in depouillement.egalites] == ["cout", "sort"]
    assert depouillement.classement == (("b", "c", "a"),)


def test_le_seuil():
    election = approbations({"a": 100, "b": 100}, ["a", "a", "b"], 1000)

    assert plus_votes.compter(election, plus_votes.Parametres(seuil=2)).retenues == ("a",)


def test_minimum_d_abord_et_maximum_par_categorie():
    """The only project of « nord » is last of all: a minimum takes it first, and a maximum keeps the third of « sud » out."""
    options = (
        *(Option(f"s{n}", cout=100, categories=("sud",)) for n in range(3)),
        Option("n", cout=100, categories=("nord",)),
    )
    bulletins = (*(Bulletin(((0, 1), (1, 1), (2, 1))),) * 2, Bulletin(((3, 1),)))
    election = Election(Genre.APPROBATION, options, bulletins, budget=300)

    def retenues(**valeurs):
        return plus_votes.compter(election, plus_votes.Parametres(**valeurs)).retenues

    assert retenues() == ("s0", "s1", "s2")
    assert retenues(minimums=("nord=1",)) == ("n", "s0", "s1")
    assert retenues(maximums=("sud=2",)) == ("s0", "s1", "n")
    sans_saut = plus_votes_sans_saut.compter(election, plus_votes_sans_saut.Parametres(maximums=("sud=1",)))
    assert sans_saut.retenues == ("s0", "n")


def test_des_limites_qui_ne_se_lisent_pas():
    election = approbations({"a": 100}, ["a"], 100)
    for valeurs, raison in (
        ({"maximums": ("sport",)}, "catégorie=nombre"),
        ({"maximums": ("sport=-1",)}, "catégorie=nombre"),
        ({"minimums": ("sport=1", "sport=2")}, "deux limites"),
    ):
        with pytest.raises(RegleInvalide, match=raison):
            plus_votes.Parametres(**valeurs)
    with pytest.raises(RegleInvalide, match="« sport »"):
        plus_votes.compter(election, plus_votes.Parametres(minimums=("sport=1",)))
    with pytest.raises(RegleInvalide, match="dépasse son maximum"):
        plus_votes.compter(
            Election(Genre.APPROBATION, (Option("a", categories=("sport",)),), (), budget=1),
            plus_votes.Parametres(minimums=("sport=2",), maximums=("sport=1",)),
        )


def test_on_l_arrete():
    with pytest.raises(Interrompu):
        plus_votes.compter(approbations({"a": 1}, ["a"], 1), plus_votes.Parametres(), interrompre=lambda: True)


@pytest.mark.parametrize("regle", REGLES)
@settings(deadline=None, max_examples=100)
@given(election=elections(), melange=st.randoms(use_true_random=False))
def test_proprietes(regle, election, melange):
    """Within the budget; ballots in any order; the first by votes that fits is always taken."""
    depouillement = regle.compter(election, regle.Parametres())
    bulletins = list(election.bulletins)
    melange.shuffle(bulletins)
    autre = Election(election.genre, election.options, tuple(bulletins), budget=election.budget)

    assert depouillement.cout <= election.budget
    assert regle.compter(autre, regle.Parametres()) == depouillement
    premiere = min(range(len(election.options)), key=lambda n: (-election.totaux()[n], election.options[n].cout, n))
    if election.options[premiere].cout <= election.budget:
        assert depouillement.retenues[0] == election.options[premiere].cle


@pytest.mark.parametrize("regle", REGLES)
@settings(deadline=None, max_examples=100)
@given(election=elections(), numero=st.integers(0, 5))
def test_un_soutien_de_plus_ne_nuit_jamais(regle, election, numero):
    retenues = regle.compter(election, regle.Parametres()).retenues
    if not retenues:
        return
    cle = retenues[numero % len(retenues)]
    place = [option.cle for option in election.options].index(cle)
    plus = Election(
        election.genre, election.options, (*election.bulletins, Bulletin(((place, 1),))), budget=election.budget
    )

    assert cle in regle.compter(plus, regle.Parametres()).retenues
