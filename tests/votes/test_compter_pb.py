"""`manage.py compter` on Pabulib files: what their header says of the rule, and ballots that a rule reads otherwise."""

import json

import pytest
from django.core.management import CommandError, call_command

from votes.management.commands import compter

pytestmark = pytest.mark.sans_base

ENTETE = (
    "META\nkey;value\nbudget;{budget}\nvote_type;{genre}\n{plus}PROJECTS\nproject_id;cost\na;60\nb;50\nc;40.5\nVOTES\n"
)


@pytest.fixture
def compter_pb(capsys, tmp_path):
    """(object printed, what is said beside it) for a file of these ballots."""

    def faire(votes: str, *mots: str, genre: str = "approval", plus: str = "", budget: str = "100"):
        chemin = tmp_path / "ville.pb"
        chemin.write_text(ENTETE.format(genre=genre, plus=plus, budget=budget) + votes)
        call_command("compter", str(chemin), *mots, "--json")
        dites = capsys.readouterr()
        return json.loads(dites.out), dites.err

    return faire


APPROBATIONS = "voter_id;vote\n1;a\n2;a,b\n3;a,c\n4;b,c\n5;b\n"
CLASSEMENTS = "voter_id;vote\n1;a,b\n2;b,c\n3;c\n4;\n"


@pytest.mark.parametrize("regle", ["plus-votes", "plus-votes-sans-saut", "parts-egales"])
def test_des_classements_partagent_un_budget_en_points(compter_pb, regle):
    objet, dit = compter_pb(CLASSEMENTS, "--regle", regle, genre="ordinal", plus="max_length;3\n")

    assert objet["tallies"] == {"a": 3, "b": 5, "c": 5}
    assert objet["winners"] == ["c", "b"]
    assert objet["cost"] == 90.5
    assert "3 pour le premier projet" in dit


def test_une_regle_qui_classe_lit_les_classements(compter_pb):
    objet, dit = compter_pb(CLASSEMENTS, "--regle", "schulze", genre="ordinal")

    assert objet["winners"][0] == "b"
    assert dit == ""


def test_le_seuil_publie_est_compte(compter_pb):
    seuil = "min_project_score_threshold;3\n"

    objet, dit = compter_pb(APPROBATIONS, "--regle", "plus-votes", plus=seuil)
    sans, rien = compter_pb(APPROBATIONS, "--regle", "plus-votes", "--seuil", "0", plus=seuil)

    assert (objet["winners"], objet["parameters"]["seuil"]) == (["b"], 3)
    assert "--seuil 3" in dit
    assert (sans["winners"], sans["parameters"]["seuil"], rien) == (["b", "c"], 0, "")


def test_le_seuil_publie_n_est_pas_celui_d_une_autre_regle(compter_pb):
    objet, dit = compter_pb(APPROBATIONS, "--regle", "approbation", plus="min_project_score_threshold;3\n")

    assert (len(objet["winners"]), dit) == (3, "")


@pytest.mark.parametrize(("utilite", "rho", "exact"), [("points", 20, "20"), ("cout", 1 / 3, "1/3")])
def test_le_prix_d_un_point_est_en_unites_de_la_monnaie(compter_pb, utilite, rho, exact):
    votes = "voter_id;vote\n1;a\n2;a\n3;a\n"

    (tour,) = compter_pb(votes, "--regle", "parts-egales", "--utilite", utilite)[0]["rounds"]

    assert (tour["prix"], tour["rho"], tour["rho_exact"]) == (20, pytest.approx(rho), exact)
    assert type(tour["prix"]) is type(tour["moindre"]) is int  # 20, and not 20.0


def test_une_augmentation_sans_fin_est_arretee(compter_pb, monkeypatch):
    """Each project has one supporter, whose share goes from 33.33 euros to the price, cent by cent."""
    votes = "voter_id;vote\n1;a\n2;c\n3;b\n"
    mots = ("--regle", "parts-egales", "--pas", "0.01")
    augmentations = compter_pb(votes, *mots)[0]["measures"]["augmentations"]

    monkeypatch.setattr(compter, "AUGMENTATIONS_MAX", augmentations - 1)

    with pytest.raises(CommandError, match="il faut un --pas plus grand"):
        compter_pb(votes, *mots)
    assert compter_pb(votes, "--regle", "parts-egales", "--pas", "10")[0]["winners"]


def test_les_bulletins_hors_des_bornes_sont_comptes_et_dits(compter_pb):
    votes = "voter_id;vote\n" + "".join(f"{numero};a,b\n" for numero in range(1, 8)) + "8;c\n"

    objet, dit = compter_pb(votes, "--regle", "plus-votes", plus="max_length;1\n")
    _, un = compter_pb(votes, "--regle", "plus-votes", plus="min_length;2\n")
    _, rien = compter_pb(votes, "--regle", "plus-votes", plus="min_length;1\nmax_length;2\n")

    assert objet["tallies"] == {"a": 7, "b": 7, "c": 1}
    assert (
        "7 bulletins sortent des bornes que le fichier annonce (max_length) : lignes 13, 14, 15, 16, 17… Ils sont"
        in dit
    )
    assert "1 bulletin sort des bornes que le fichier annonce (min_length) : ligne 20. Il est compté" in un
    assert rien == ""
