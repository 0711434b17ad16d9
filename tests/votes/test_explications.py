"""Why this project is not funded, who paid what, who is left with nothing."""

import json

import pytest
from hypothesis import given, settings

from tests.votes.budgets import approbations, elections
from votes.regles import parts_egales, plus_votes, plus_votes_sans_saut
from votes.regles.depouillement import Interrompu
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.explications import pourquoi_pas, qui_a_paye
from votes.regles.sans_projet import sans_projet

pytestmark = pytest.mark.sans_base


def raisons(regle, election, **valeurs):
    parametres = regle.Parametres(**valeurs)
    return pourquoi_pas(election, regle.compter(election, parametres), parametres)


def test_plus_votes_dit_ce_qui_restait_et_combien_de_voix_il_manquait():
    """b would have to pass a: one vote more makes them equal, and b is cheaper."""
    election = approbations({"a": 600, "b": 500, "c": 300, "d": 2000}, ["abc", "ab", "a", "d"], 1000)

    dites = raisons(plus_votes, election)

    assert dites == {
        "b": {"code": "budget", "voix": 2, "cout": 500, "restait": 400, "manque": 100, "voix_de_plus": 1},
        "d": {"code": "trop-cher", "voix": 1, "cout": 2000, "budget": 1000, "voix_de_plus": None},
    }


def test_l_arret_et_le_seuil_ont_leur_raison():
    election = approbations({"a": 600, "b": 500, "c": 300}, ["abc", "ab", "a"], 1000)

    assert raisons(plus_votes_sans_saut, election)["c"]["code"] == "arret"
    assert raisons(plus_votes_sans_saut, election)["c"]["voix_de_plus"] == 1
    assert raisons(plus_votes, election, seuil=2)["c"] == {
        "code": "seuil", "voix": 1, "cout": 300, "seuil": 2, "manque_de_voix": 1, "voix_de_plus": 1,
    }  # fmt: skip


@pytest.mark.parametrize("regle", [plus_votes, plus_votes_sans_saut])
@settings(deadline=None, max_examples=100)
@given(election=elections())
def test_les_voix_annoncees_suffisent_et_une_de_moins_non(regle, election):
    for cle, raison in raisons(regle, election).items():
        if raison["voix_de_plus"] is None:
            continue
        place = [option.cle for option in election.options].index(cle)
        for nombre, attendu in ((raison["voix_de_plus"], True), (raison["voix_de_plus"] - 1, False)):
            plus = Election(
                election.genre,
                election.options,
                (*election.bulletins, Bulletin(((place, 1),), nombre)),
                budget=election.budget,
            )
            assert (cle in regle.compter(plus, regle.Parametres()).retenues) is attendu


def test_parts_egales_dit_ce_que_ses_soutiens_avaient_encore():
    """100 each. a takes 50 from each of its two; b costs 180 and finds 50 + 100 left: 30 are missing, one ballot would do."""
    election = approbations({"a": 100, "b": 180}, ["ab", "a", "b"], 300)
    parametres = parts_egales.Parametres(pas=0)
    depouillement = parts_egales.compter(election, parametres)

    (cle, raison), *_ = pourquoi_pas(election, depouillement, parametres).items()

    assert cle == "b"
    assert raison == {
        "code": "moyens", "voix": 2, "cout": 180, "soutiens": 2, "reste": 150.0, "manque": 30.0, "part": 150 / 180,
        "dotation": 100, "depasserait": False, "soutiens_de_plus": 1, "estimation": "exacte",
    }  # fmt: skip
    assert pourquoi_pas(election, depouillement, parametres, recompter=False)["b"]["estimation"] == "majorant"
    json.dumps(raison)


@settings(deadline=None, max_examples=60)
@given(election=elections(genre=Genre.APPROBATION))
def test_les_soutiens_annonces_suffisent_et_un_de_moins_non(election):
    """Run again with that many ballots for it alone, at the same endowment, as another reader would."""
    parametres = parts_egales.Parametres(pas=2)
    depouillement = parts_egales.compter(election, parametres)
    for cle, raison in pourquoi_pas(election, depouillement, parametres).items():
        if "soutiens_de_plus" not in raison:
            continue
        place = [option.cle for option in election.options].index(cle)
        for nombre, attendu in ((raison["soutiens_de_plus"], True), (raison["soutiens_de_plus"] - 1, False)):
            bulletins = (*election.bulletins, Bulletin(((place, 1),), nombre)) if nombre else election.bulletins
            votantes = election.votantes + nombre
            # What everybody has is the budget divided by the ballots: this budget gives the same endowment again.
            plus = Election(election.genre, election.options, bulletins, budget=raison["dotation"] * votantes)
            assert (cle in parts_egales.compter(plus, parts_egales.Parametres(pas=0)).retenues) is attendu


def test_ce_que_personne_ne_pouvait_acheter():
    election = approbations({"a": 100, "b": 100, "c": 900, "d": 100}, ["acd", "acd"], 300)

    dites = raisons(parts_egales, election, seuil=0, pas=0)

    assert dites["b"]["code"] == "sans-soutien"
    assert dites["c"]["code"] == "trop-cher"
    assert raisons(parts_egales, election, seuil=1)["b"]["code"] == "seuil"


def test_une_categorie_pleine_et_des_enveloppes():
    options = (
        Option("a", cout=100, categories=("sport",)),
        Option("b", cout=100, categories=("sport",), territoire="nord"),
    )
    bulletins = (Bulletin(((0, 1), (1, 1))),) * 2
    election = Election(Genre.APPROBATION, options, bulletins, budget=250)
    for regle in (plus_votes, parts_egales):
        assert raisons(regle, election, maximums=("sport=1",))["b"]["categorie"] == "sport"
        en_deux = Election(Genre.APPROBATION, options, bulletins, budget=250, enveloppes={"nord": 50})
        assert raisons(regle, en_deux)["b"] == {
            "enveloppe": "nord", "code": "trop-cher", "voix": 2, "cout": 100, "budget": 50,
            **({"voix_de_plus": None} if regle is plus_votes else {}),
        }  # fmt: skip


def test_on_arrete_les_recomptages():
    election = approbations({"a": 100, "b": 180}, ["ab", "a", "b"], 200)
    for regle in (plus_votes, parts_egales):
        parametres = regle.Parametres()
        with pytest.raises(Interrompu):
            pourquoi_pas(election, regle.compter(election, parametres), parametres, interrompre=lambda: True)


def test_qui_a_paye_quoi():
    """By hand in test_parts_egales: b is bought by one person for 500 and one for the 400 that were left."""
    election = approbations({"a": 1000, "b": 900}, ["a"] * 4 + ["ab", "b"], 3600)
    payes = qui_a_paye(parts_egales.compter(election, parts_egales.Parametres(pas=0, completion="plus-votes")))

    assert payes["b"] == {
        "cout": 900, "payeuses": 2, "moyenne": 450.0, "prix": 500.0, "au_complet": 1, "au_plus": 1, "somme_au_plus": 400.0,
        "moindre": 400.0, "par_territoire": {},
    }  # fmt: skip


def test_les_sommes_payees_par_territoire_font_le_cout():
    options = (Option("a", cout=1000),)
    bulletins = tuple(Bulletin(((0, 1),), territoire=nom) for nom in ("nord", "nord", "sud"))
    election = Election(Genre.APPROBATION, options, bulletins, budget=3000)

    (tour,) = parts_egales.compter(election, parts_egales.Parametres(pas=0)).tours

    assert tour["par_territoire"] == {"nord": 666.67, "sud": 333.33}


def test_qui_reste_sans_projet():
    options = tuple(Option(cle, cout=1) for cle in "abc")
    bulletins = (
        Bulletin(((0, 1),), 3, "nord"), Bulletin(((1, 1), (2, 1)), 1, "nord"), Bulletin(((1, 1),), 2, "sud"), Bulletin((), 5, "sud"),
    )  # fmt: skip
    election = Election(Genre.APPROBATION, options, bulletins, budget=1)

    assert sans_projet(election, ["a"]) == {
        "votantes": 6, "blancs": 5, "sans_projet": 3, "part": 0.5,
        "par_territoire": {
            "nord": {"votantes": 4, "blancs": 0, "sans_projet": 1, "part": 0.25},
            "sud": {"votantes": 2, "blancs": 5, "sans_projet": 2, "part": 1.0},
        },
    }  # fmt: skip
    assert sans_projet(Election(Genre.APPROBATION, options, (), budget=1), [])["part"] is None


def test_un_soutien_de_plus_compte_aussi_dans_les_egalites():
    """Two projects of one price: with as many votes as the other, the first of the list is bought."""
    options = (Option("a", cout=4), Option("b", cout=4))
    bulletins = (Bulletin(((0, 1), (1, 1)), 2), Bulletin(((1, 1),)))
    election = Election(Genre.APPROBATION, options, bulletins, budget=6)

    assert raisons(parts_egales, election, pas=0)["a"]["soutiens_de_plus"] == 1
