"""`manage.py compter`: what it prints, what it refuses and how, and that it needs no database."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import CommandError

from tests.votes.donnees_reelles import manque, orsay
from votes.regles.depouillement import Depouillement
from votes.regles.election import Election, Genre, Option
from votes.regles.parametre import CENTIMES, champ
from votes.restitution import en_objet

pytestmark = pytest.mark.sans_base

RACINE = Path(__file__).resolve().parents[2]
CLASSEMENTS = (
    "# ALTERNATIVE NAME 1: Parc\n# ALTERNATIVE NAME 2: Place\n# ALTERNATIVE NAME 3: Pont\n5: 1\n3: 2,1\n1: 3\n"
)
MENTIONS = ",Parc,Place\n1,bien,assez bien\n2,à rejeter,bien\n3,,passable\n"


@pytest.fixture
def classements(tmp_path):
    chemin = tmp_path / "essai.soi"
    chemin.write_text(CLASSEMENTS)
    return str(chemin)


@pytest.fixture
def mentions(tmp_path):
    chemin = tmp_path / "essai.csv"
    chemin.write_text(MENTIONS)
    return str(chemin)


def compter(capsys, *mots):
    call_command("compter", *mots, "--json")
    return json.loads(capsys.readouterr().out)


def refuser(capsys, *mots):
    """(exit code, what is said on the error output) of the command as it is typed."""
    with pytest.raises(SystemExit) as sortie:
        execute_from_command_line(["manage.py", "compter", *mots])
    dites = capsys.readouterr()
    assert dites.out == ""
    assert "Traceback" not in dites.err
    assert len(dites.err.strip().splitlines()) == 1
    return sortie.value.code, dites.err


def test_un_objet_json(capsys, classements):
    objet = compter(capsys, classements, "--regle", "schulze")

    assert objet["rule"] == "schulze"
    assert objet["winners"] == ["1", "2", "3"]
    assert objet["ranking"] == [["1"], ["2"], ["3"]]
    assert objet["tallies"] == {"1": 2, "2": 1, "3": 0}
    assert objet["cost"] is objet["endowment"] is None
    assert objet["rounds"] == objet["ties"] == []
    assert objet["voters"] == 9
    assert objet["options"] == {"1": "Parc", "2": "Place", "3": "Pont"}
    assert objet["measures"]["duels"]["1"] == {"2": 5, "3": 8}
    assert objet["parameters"] == {
        "places": 0,
        "non-classes": "dernier",
        "force": "victoires",
        "surnombre": "egalite",
        "rang-saute": "resserrer",
        "ordre-du-sort": [],
    }


def test_chaque_parametre_de_la_regle_est_une_option(capsys, classements):
    objet = compter(
        capsys, classements, "--regle=schulze", "--non-classes", "ignores", "--places", "1", "--ordre-du-sort", "3,2,1"
    )

    assert objet["winners"] == ["3"]
    assert objet["ranking"] == [["3", "2"], ["1"]]
    assert objet["ties"] == [{"options": ["3", "2"], "decidee_par": "sort"}]
    assert objet["parameters"]["ordre-du-sort"] == ["3", "2", "1"]
    assert objet["parameters"]["non-classes"] == "ignores"


def test_les_tours_du_vote_alternatif(capsys, classements):
    objet = compter(capsys, classements, "--regle", "vote-alternatif", "--non-classes", "dernier")

    assert objet["winners"] == ["1", "2", "3"]
    assert objet["rounds"][0] == {
        "voix": {"1": 5, "2": 3, "3": 1},
        "epuises": 0,
        "majorite": 4.5,
        "elue": "1",
        "eliminee": "3",
    }


def test_des_mentions_en_mots(capsys, mentions):
    objet = compter(
        capsys, mentions, "--regle", "jugement-majoritaire", "--mentions", "À rejeter,Passable,Assez bien,Bien"
    )

    assert objet["winners"] == ["Place", "Parc"]
    assert objet["measures"]["profils"] == {"Parc": [2, 0, 0, 1], "Place": [0, 1, 1, 1]}
    assert objet["parameters"]["mentions"] == ["À rejeter", "Passable", "Assez bien", "Bien"]


def test_une_echelle_connue(capsys, mentions):
    assert compter(capsys, mentions, "--regle", "jugement-majoritaire", "--mentions", "six")["tallies"] == {
        "Parc": 0,
        "Place": 3,
    }


def test_une_echelle_reconnue_a_ses_mots(capsys, mentions):
    call_command("compter", mentions, "--regle", "jugement-majoritaire", "--json")
    dites = capsys.readouterr()
    objet = json.loads(dites.out)

    assert objet["tallies"] == {"Parc": 0, "Place": 3}
    assert objet["parameters"]["mentions"] == [
        "À rejeter",
        "Insuffisant",
        "Passable",
        "Assez bien",
        "Bien",
        "Très bien",
    ]
    assert "--mentions" in dites.err


def test_un_bareme_de_nombres(capsys, tmp_path):
    chemin = tmp_path / "n.csv"
    chemin.write_text("Parc,Place\n1,3\n0,2\n")
    bareme = ["--nombre-mentions", "6", "--pire", "1", "--valeur-blanche", "0"]

    objet = compter(capsys, str(chemin), "--regle", "jugement-majoritaire", "--blanc", "ignore", *bareme)

    assert objet["measures"]["profils"] == {"Parc": [1, 0, 0, 0, 0, 0], "Place": [0, 1, 1, 0, 0, 0]}


@pytest.mark.skipif(bool(manque()), reason=manque() or "présente")
def test_orsay(capsys):
    objet = compter(capsys, *map(str, orsay()), "--regle", "jugement-majoritaire")

    assert objet["winners"][:3] == ["Bayrou", "Royal", "Sarkozy"]
    assert objet["voters"] == 1733


def test_un_tableau_pour_qui_lit(capsys, classements):
    call_command("compter", classements, "--regle", "schulze", "--places", "2")

    lignes = capsys.readouterr().out.splitlines()
    assert lignes[0] == "Règle : schulze · 9 bulletins · 3 options"
    assert [ligne.split() for ligne in lignes[3:]] == [
        ["1", "1", "Parc", "2"],
        ["2", "2", "Place", "1"],
        ["–", "3", "Pont", "0"],
    ]


def test_une_egalite_se_lit(capsys, tmp_path):
    chemin = tmp_path / "egales.soi"
    chemin.write_text("# ALTERNATIVE NAME 1: Parc\n# ALTERNATIVE NAME 2: Place\n1: 1\n1: 2\n")

    call_command("compter", str(chemin), "--regle", "vote-alternatif")

    sortie = capsys.readouterr().out
    assert "Tours : 2" in sortie
    assert "Égalité entre 1, 2 : décidée par « sort »" in sortie


@pytest.mark.parametrize(
    ("mots", "code", "phrase"),
    [
        (["--regle", "schulze", "--non-classes", "premiers"], 2, "« premiers » n'est pas une valeur possible"),
        (["--regle", "schulze", "--pas", "1"], 2, "Option inconnue pour cette règle : --pas 1."),
        (["--regle", "schulze", "--places", "deux"], 2, "« places » attend un nombre entier, pas « deux »."),
        (["--regle", "schulze", "--places", "-1"], 2, "« places » ne peut pas être négatif."),
        (["--regle", "schulze", "--places"], 2, "--places attend une valeur."),
        (["--regle", "condorcet"], 2, "La règle « condorcet » n'existe pas : il y a choix-unique"),
        ([], 2, "Il manque : --regle."),
        (["--regle", "jugement-majoritaire", "--pire", "un"], 2, "--pire attend un nombre entier, pas « un »."),
        (["--regle", "jugement-majoritaire", "--nombre-mentions", "3000000"], 2, "de 2 à 1000, pas « 3000000 »"),
        (["--regle", "jugement-majoritaire", "--nombre-mentions", "9" * 5000], 2, "de 2 à 1000"),
        (["--regle", "jugement-majoritaire", "--nombre-mentions", "-1"], 2, "de 2 à 1000, pas « -1 »"),
        (["--regle", "schulze", "--pire", "1"], 2, "--pire ne concerne que les tableaux .csv."),
        (["--regle", "points"], 1, "compte des bulletins qui portent des points ; ceux-ci portent un classement"),
        (["--regle", "schulze", "--places", "7"], 1, "La règle retient 7 options, et il n'y en a que 3."),
        (["--regle", "schulze", "--ordre-du-sort", "1,2"], 1, "oublie une option : « 3 »"),
    ],
)
def test_une_demande_refusee_tient_en_une_phrase(capsys, classements, mots, code, phrase):
    rendu, dite = refuser(capsys, classements, *mots)

    assert phrase in dite
    assert rendu == code


def test_un_fichier_casse_dit_sa_ligne(capsys, tmp_path):
    chemin = tmp_path / "casse.soi"
    chemin.write_text(CLASSEMENTS.replace("3: 2,1", "3: 2,9"))

    code, dite = refuser(capsys, str(chemin), "--regle", "schulze")

    assert code == 1
    assert "casse.soi, ligne 5 : l'option 9 n'existe pas." in dite


@pytest.mark.parametrize(
    ("nom", "texte", "regle", "phrase"),
    [
        ("notes.csv", "a,b\n1,100000000\n", "jugement-majoritaire", "notes.csv, ligne 2 : la mention 100000000"),
        (
            "gros.soi",
            CLASSEMENTS.replace("3: 2,1", "9" * 5000 + ": 2,1"),
            "schulze",
            "le nombre de bulletins a 5000 chiffres",
        ),
        (
            "option.soi",
            CLASSEMENTS.replace("NAME 3", "NAME " + "9" * 5000),
            "schulze",
            "le numéro de l'option a 5000 chiffres",
        ),
        (
            "vieux.soi",
            "9" * 5000 + "\n1,A\n",
            "vote-alternatif",
            "ligne 1 : le nombre d'options a 5000 chiffres, il en faut 15",
        ),
    ],
)
def test_un_nombre_enorme_est_refuse_sans_etre_compte(capsys, tmp_path, nom, texte, regle, phrase):
    chemin = tmp_path / nom
    chemin.write_text(texte)

    code, dite = refuser(capsys, str(chemin), "--regle", regle)

    assert code == 1
    assert phrase in dite


def test_beaucoup_de_bulletins_pareils_ne_coutent_rien(capsys, tmp_path):
    chemin = tmp_path / "gros.soi"
    chemin.write_text(CLASSEMENTS.replace("3: 2,1", "1000000000000: 2,1"))

    for regle in ("schulze", "vote-alternatif"):
        assert compter(capsys, str(chemin), "--regle", regle)["winners"][0] == "2"


def test_des_fichiers_que_personne_ne_lit(capsys, tmp_path, classements):
    (tmp_path / "notes.txt").write_text("bonjour")

    assert refuser(capsys, str(tmp_path / "notes.txt"), "--regle", "schulze")[0] == 1
    assert refuser(capsys, str(tmp_path / "absent.csv"), "--regle", "jugement-majoritaire")[0] == 1
    assert "plusieurs fichiers" in refuser(capsys, classements, classements, "--regle", "schulze")[1]


def test_l_aide_montre_les_parametres_de_la_regle(capsys):
    with pytest.raises(SystemExit) as sortie:
        execute_from_command_line(["manage.py", "compter", "--regle", "oui-non", "--help"])

    aide = " ".join(capsys.readouterr().out.split())
    assert sortie.value.code == 0
    assert "--stricte" in aide and "--sans-stricte" in aide
    assert "Part des voix que le « oui » doit atteindre" in aide
    assert "--non-classes" not in aide


def test_appelee_depuis_python_elle_leve_une_erreur(classements):
    with pytest.raises(CommandError, match="Option inconnue"):
        call_command("compter", classements, "--regle", "schulze", "--pas", "1")


def test_sans_aucune_base(tmp_path, classements):
    """The database cannot even be reached: nothing asks for it."""
    env = {
        **os.environ,
        "DATABASE_URL": "postgres://personne@127.0.0.1:1/nulle-part",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    fini = subprocess.run(
        [sys.executable, "manage.py", "compter", classements, "--regle", "schulze", "--json"],
        cwd=RACINE,
        env=env,
        capture_output=True,
        text=True,
    )

    assert fini.stderr == ""
    assert json.loads(fini.stdout)["winners"] == ["1", "2", "3"]


@dataclass(frozen=True)
class Depense:
    """Parameters of a rule that spends."""

    pas: int = champ(100, "De combien.", unite=CENTIMES)
    seuil: int = champ(100, "Combien de voix.")


def test_les_sommes_sortent_en_unites_de_la_monnaie():
    election = Election(Genre.APPROBATION, (Option("budget", cout=1250),), (), budget=2000)
    compte = Depouillement(
        "plus-votes",
        ("budget",),
        {"budget": 3},
        cout=1250,
        dotation=Fraction(25, 2),
        tours=[{"option": "budget", "voix": 3, "cout": 1250, "retenue": True, "restait": 750.0}],
        mesures={
            "budget": 2000,
            "par_territoire": {"Nord": 150},
            "refus": [{"restait": 5, "voix": {"budget": [1]}}],
            "budgets": {"budget": {"soutiens": 7, "reste": 30}},
            "part": Fraction(1, 4),
            "depart": "centime",
        },
    )

    objet = en_objet(compte, election, Depense())

    assert objet["parameters"] == {"pas": 1, "seuil": 100}
    assert (objet["cost"], objet["endowment"]) == (12.5, 0.125)
    assert objet["rounds"] == [{"option": "budget", "voix": 3, "cout": 12.5, "retenue": True, "restait": 7.5}]
    assert objet["measures"] == {
        "budget": 20,
        "par_territoire": {"Nord": 1.5},
        "refus": [{"restait": 0.05, "voix": {"budget": [1]}}],
        "budgets": {"budget": {"soutiens": 7, "reste": 0.3}},
        "part": 0.25,
        "depart": "centime",
    }
    assert objet["tallies"] == {"budget": 3}
