"""Tables of grades: what they may look like, and what a broken one says."""

import pytest

from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.mentions import Bareme, echelle_de, lire
from votes.regles.election import Genre
from votes.regles.jugement_majoritaire import ECHELLES, MENTIONS_MAX

pytestmark = pytest.mark.sans_base


def ecrire(tmp_path, texte: str, nom: str = "essai.csv", encodage: str = "utf-8"):
    chemin = tmp_path / nom
    chemin.write_bytes(texte.encode(encodage))
    return chemin


def notes(election):
    return [(dict(bulletin.notes), bulletin.poids) for bulletin in election.bulletins]


def test_des_nombres_des_blancs_et_des_numeros_de_bulletin(tmp_path):
    election = lire([ecrire(tmp_path, ",Parc,Place\n12,3,0\n7,,2\n9,3,0\n8,,\n")])

    assert election.genre is Genre.MENTIONS
    assert [(option.cle, option.titre) for option in election.options] == [("Parc", "Parc"), ("Place", "Place")]
    assert notes(election) == [({0: 3, 1: 0}, 2), ({1: 2}, 1), ({}, 1)]
    assert election.mentions == 4


def test_plusieurs_fichiers_sont_une_election(tmp_path):
    premier = ecrire(tmp_path, "Parc,Place\n3,0\n", "a.csv")
    second = ecrire(tmp_path, ",Place,Parc\n1,0,3\n2,5,\n", "b.csv")

    election = lire([premier, second])

    assert [option.cle for option in election.options] == ["Parc", "Place"]
    assert notes(election) == [({0: 3, 1: 0}, 2), ({1: 5}, 1)]
    assert election.mentions == 6


@pytest.mark.parametrize("separateur", [",", ";", "\t"])
def test_les_tableurs_separent_comme_ils_veulent(tmp_path, separateur):
    lignes = [["Parc", '"Place, ""la petite"""'], ["2", "1"]]

    election = lire([ecrire(tmp_path, "\r\n".join(separateur.join(ligne) for ligne in lignes), encodage="utf-8-sig")])

    assert [option.cle for option in election.options] == ["Parc", 'Place, "la petite"']
    assert notes(election) == [({0: 2, 1: 1}, 1)]


def test_un_vieil_encodage(tmp_path):
    assert lire([ecrire(tmp_path, "Bové,Besançon\n1,2\n", encodage="cp1252")]).options[0].cle == "Bové"


def test_des_mots(tmp_path):
    texte = "Parc,Place\nJ’aime bien,Coup  de cœur\nPOURQUOI PAS,\n3,Je ne suis pas convaincu·e\n"

    election = lire([ecrire(tmp_path, texte)], Bareme(mentions=ECHELLES["paris"]))

    assert notes(election) == [({0: 2, 1: 3}, 1), ({0: 1}, 1), ({0: 3, 1: 0}, 1)]
    assert election.mentions == 4


def test_une_pire_mention_et_une_valeur_blanche(tmp_path):
    """Orsay's table: 1 is the worst of six, 0 a blank."""
    election = lire([ecrire(tmp_path, "Parc,Place\n1,6\n0,2\n")], Bareme(nombre=6, pire=1, blanche=0))

    assert notes(election) == [({0: 0, 1: 5}, 1), ({1: 1}, 1)]
    assert election.mentions == 6


def test_la_plus_longue_echelle(tmp_path):
    assert lire([ecrire(tmp_path, "Parc,Place\n999,0\n")]).mentions == MENTIONS_MAX == 1000


def test_une_election_sans_bulletin(tmp_path):
    assert lire([ecrire(tmp_path, "Parc,Place\n")]).votantes == 0


@pytest.mark.parametrize(
    ("texte", "bareme", "phrase"),
    [
        ("", {}, "essai.csv : le fichier est vide."),
        ("Parc,Parc\n1,2\n", {}, "ligne 1 : deux colonnes portent le même nom, « Parc »."),
        ("Parc,,Place\n1,2,3\n", {}, "ligne 1 : une colonne n'a pas de nom d'option."),
        (",\n1,2\n", {}, "ligne 1 : une colonne n'a pas de nom d'option."),
        ("Parc,Place\n1,2\n\n1\n", {}, "ligne 4 : il y a 1 mentions pour 2 options."),
        ("Parc,Place\n1,2,3\n", {}, "ligne 2 : il y a 3 mentions pour 2 options."),
        ("Parc,Place\n1,bien\n", {}, "ligne 2 : « bien » n'est ni un nombre entier ni une mention connue."),
        ("Parc,Place\n1,bien\n", {"mentions": ("non", "oui")}, "ni une mention connue (non, oui)."),
        ("Parc,Place\n1,2.5\n", {}, "ligne 2 : « 2.5 » n'est ni un nombre entier"),
        ("Parc,Place\n1,2\n1,-1\n", {}, "ligne 3 : la mention -1 est sous la pire, qui est 0."),
        (
            "Parc,Place\n1,7\n",
            {"nombre": 6, "pire": 1},
            "ligne 2 : la mention 7 est au-dessus de la meilleure, qui est 6.",
        ),
        (
            "Parc,Place\n1,3000000\n",
            {},
            "ligne 2 : la mention 3000000 est trop haute : une échelle a 1000 mentions au plus",
        ),
        ("Parc,Place\n1,3000000\n", {}, "(colonne « Place »)"),
        ("Place,Parc\n1000,1\n", {}, "la meilleure serait 999. (colonne « Place »)"),
        ("Parc,Place\n5,1\n", {"pire": -1000}, "ligne 2 : la mention 5 est trop haute"),
        ("Parc,Place\n1,4\n", {"mentions": ECHELLES["paris"]}, "au-dessus de la meilleure, qui est 3."),
        ('Parc,Place\n1,"2\n', {}, "un guillemet ouvert n'est pas refermé"),
        ('Parc,Place\n1,"2"3\n', {}, "ligne 2 : un guillemet ouvert n'est pas refermé, ou un texte le suit."),
    ],
)
def test_un_tableau_casse_dit_sa_ligne(tmp_path, texte, bareme, phrase):
    with pytest.raises(FichierInvalide) as faute:
        lire([ecrire(tmp_path, texte)], Bareme(**bareme))

    assert str(faute.value).startswith("essai.csv")
    assert phrase in str(faute.value)


def test_des_fichiers_qui_ne_vont_pas_ensemble(tmp_path):
    fichiers = [ecrire(tmp_path, "Parc,Place\n1,2\n", "a.csv"), ecrire(tmp_path, "Parc,Pont\n1,2\n", "b.csv")]

    with pytest.raises(FichierInvalide, match=r"^b\.csv, ligne 1 : ce fichier n'a pas les mêmes options"):
        lire(fichiers)
    with pytest.raises(FichierInvalide, match="aucun fichier"):
        lire([])


@pytest.mark.parametrize("entete", ["id", "ID", "voter_id", "Bulletin", "n°"])
def test_une_colonne_qui_numerote_peut_avoir_un_nom(tmp_path, entete):
    election = lire([ecrire(tmp_path, f"{entete};Parc;Place\nb-17;3;0\nb-18;;2\n")])

    assert [option.cle for option in election.options] == ["Parc", "Place"]
    assert notes(election) == [({0: 3, 1: 0}, 1), ({1: 2}, 1)]


@pytest.mark.parametrize("vide", ["", "  ", "NA", "NaN", "n/a"])
def test_une_case_vide_est_un_blanc(tmp_path, vide):
    assert notes(lire([ecrire(tmp_path, f"Parc;Place\n3;{vide}\n")])) == [({0: 3}, 1)]
    assert echelle_de([ecrire(tmp_path, f"Parc;Place\nBien;{vide}\n")]) == ECHELLES["cinq"]


def test_des_colonnes_vides_a_la_fin(tmp_path):
    chemin = ecrire(tmp_path, "Parc;Place;;\n3;0;;\n1;2\n")

    assert notes(lire([chemin])) == [({0: 3, 1: 0}, 1), ({0: 1, 1: 2}, 1)]
    with pytest.raises(FichierInvalide, match=r"ligne 2 : il y a 4 mentions pour 2 options"):
        lire([ecrire(tmp_path, "Parc;Place;;\n3;0;;1\n")])


def test_des_nombres_de_tableur(tmp_path):
    assert notes(lire([ecrire(tmp_path, "Parc;Place\n3.0;0,0\n")])) == [({0: 3, 1: 0}, 1)]


@pytest.mark.parametrize("cellule", ["2.5", "2,5", "3.01", ".0"])
def test_un_nombre_qui_n_est_pas_entier_est_refuse(tmp_path, cellule):
    with pytest.raises(FichierInvalide, match="ligne 2"):
        lire([ecrire(tmp_path, f"Parc;Place\n1;{cellule}\n")])


@pytest.mark.parametrize(
    ("cellules", "attendue"),
    [
        ("Bien;à rejeter", "cinq"),
        ("Assez bien;Très  bien", "six"),
        ("Excellent;", "sept"),
        ("Coup de cœur;J’aime bien", "paris"),
        ("3;2", None),
        ("Bien;2", None),
        ("Superbe;Bien", None),
    ],
)
def test_des_mots_connus_se_lisent_sans_bareme(tmp_path, cellules, attendue):
    chemin = ecrire(tmp_path, f"id;Parc;Place\nBien;{cellules}\n")

    assert echelle_de([chemin]) == (ECHELLES[attendue] if attendue else ())
