"""The oracles answer, and leave nothing of what we lend them behind."""

import sys

import pytest

from tests.votes.oracles import ABSENTS, Doublure, importer

pytestmark = pytest.mark.sans_base


def test_pref_voting_repond_sans_ses_dependances():
    profils, marges = importer("pref_voting.profiles", "pref_voting.margin_based_methods")

    assert marges.beat_path(profils.Profile([[0, 1, 2], [1, 0, 2]], rcounts=[3, 2])) == [0]


def test_pabutools_repond_sans_ses_dependances():
    election, regles = importer("pabutools.election", "pabutools.rules")
    parc, place = election.Project("parc", 2), election.Project("place", 3)
    instance = election.Instance([parc, place], budget_limit=4)
    profil = election.ApprovalProfile([election.ApprovalBallot([parc]), election.ApprovalBallot([parc, place])])

    retenus = regles.method_of_equal_shares(instance, profil, sat_class=election.Cost_Sat)

    assert [projet.name for projet in retenus] == ["parc"]


def test_ce_qui_est_prete_est_repris():
    importer("pabutools.election", "pref_voting.profiles")

    assert not [nom for nom in ABSENTS if isinstance(sys.modules.get(nom), Doublure)]


def test_un_nom_prete_ne_repond_jamais_rien():
    with pytest.raises(NotImplementedError, match=r"pulp\.LpProblem"):
        Doublure("pulp").LpProblem("essai")
