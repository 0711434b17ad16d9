"""Ranked files of PrefLib, of today and of before; and what a broken one says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.preflib import election_de, lire, lire_lignes
from votes.regles.election import Genre

pytestmark = pytest.mark.sans_base

AUJOURD_HUI = """\
# FILE NAME: 00000-00000001.toi
# TITLE: Une élection inventée
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 21
# NUMBER UNIQUE ORDERS: 5
# ALTERNATIVE NAME 1: Parc
# ALTERNATIVE NAME 2: Place : la petite
# ALTERNATIVE NAME 3: "Halle"
# ALTERNATIVE NAME 4: Pont
12: 1, {4, 3}, 2
4: 2,1
3: 4
1: {},3
1:
"""
AUTREFOIS = """\
4
1,Parc
2,Place, la petite
3,Halle
4,Pont
20,20,4
12,1,{4,3},2
4,2,1
3,4
1,
"""


def ecrire(tmp_path, texte: str, nom: str = "essai.toi"):
    chemin = tmp_path / nom
    chemin.write_text(texte, encoding="utf-8")
    return chemin


def notes(classements):
    return [(dict(bulletin.notes), bulletin.poids) for bulletin in classements.bulletins]


def test_un_fichier_d_aujourd_hui(tmp_path):
    lus = lire(ecrire(tmp_path, AUJOURD_HUI))

    assert lus.titre == "Une élection inventée"
    assert lus.sorte == "toi"
    assert [(option.cle, option.titre) for option in lus.options] == [
        ("1", "Parc"),
        ("2", "Place : la petite"),
        ("3", "Halle"),
        ("4", "Pont"),
    ]
    assert notes(lus) == [({0: 1, 2: 2, 3: 2, 1: 3}, 12), ({0: 2, 1: 1}, 4), ({3: 1}, 3), ({2: 2}, 1), ({}, 1)]
    assert election_de(lus).genre is Genre.CLASSEMENT
    assert election_de(lus).votantes == 21
    assert election_de(lus).blancs == 1


def test_un_fichier_d_autrefois(tmp_path):
    lus = lire(ecrire(tmp_path, AUTREFOIS))

    assert [option.titre for option in lus.options] == ["Parc", "Place, la petite", "Halle", "Pont"]
    assert notes(lus) == [({0: 1, 2: 2, 3: 2, 1: 3}, 12), ({0: 2, 1: 1}, 4), ({3: 1}, 3), ({}, 1)]


def test_un_vieil_encodage_et_des_fins_de_ligne_de_windows(tmp_path):
    chemin = tmp_path / "essai.soi"
    chemin.write_bytes("# ALTERNATIVE NAME 1: Raphaël\r\n# ALTERNATIVE NAME 2: Zoé\r\n3: 2\r\n".encode("cp1252"))

    lus = lire(chemin)

    assert [option.titre for option in lus.options] == ["Raphaël", "Zoé"]
    assert notes(lus) == [({1: 1}, 3)]


@pytest.mark.parametrize(
    ("sorte", "avant", "apres", "phrase"),
    [
        ("toi", "4: 2,1", "4: 2,7", "essai, ligne 12 : l'option 7 n'existe pas."),
        ("toi", "4: 2,1", "4: 2,1,2", "essai, ligne 12 : l'option 2 est classée deux fois."),
        ("toi", "4: 2,1", "4: {2,1", "essai, ligne 12 : cet ordre ne se lit pas : « {2,1 »."),
        ("toi", "4: 2,1", "4: 2,,1", "essai, ligne 12 : cet ordre ne se lit pas : « 2,,1 »."),
        ("toi", "4: 2,1", "4: 2,1,", "essai, ligne 12 : cet ordre ne se lit pas : « 2,1, »."),
        (
            "toi",
            "4: 2,1",
            "quatre: 2,1",
            "ligne 12 : le nombre de bulletins doit être un nombre entier, pas « quatre ».",
        ),
        ("toi", "4: 2,1", "-4: 2,1", "ligne 12 : le nombre de bulletins doit être un nombre entier, pas « -4 »."),
        ("toi", "4: 2,1", "0: 2,1", "ligne 12 : cette ligne compte pour zéro bulletin."),
        ("toi", "4: 2,1", "2,1", "ligne 12 : il faut ici « nombre : ordre des options »."),
        ("toi", "4: 2,1", "# TITLE: encore", "ligne 12 : une ligne d'en-tête se trouve au milieu des bulletins."),
        ("toi", "NAME 4", "NAME 3", "ligne 10 : l'option 3 est nommée deux fois."),
        ("toi", "# TITLE: Une", "# TITLE Une", "ligne 2 : cette ligne d'en-tête ne se lit pas"),
        ("toi", "VOTERS: 21", "VOTERS: 22", "ligne 5 : le fichier annonce 22 bulletins et en contient 21."),
        ("toi", "VOTERS: 21", "VOTERS: vingt", "ligne 5 : le nombre de bulletins doit être un nombre entier"),
        ("toi", "ALTERNATIVES: 4", "ALTERNATIVES: 5", "ligne 4 : le fichier annonce 5 options et en nomme 4."),
        ("soi", "", "", "ligne 11 : un fichier .soi ne met pas deux options au même rang."),
        ("toc", "", "", "ligne 12 : un fichier .toc classe toutes les options, et il en manque ici."),
        ("soc", "1, {4, 3}, 2", "1,4,3,2", "ligne 12 : un fichier .soc classe toutes les options"),
    ],
)
def test_un_fichier_casse_dit_sa_ligne(sorte, avant, apres, phrase):
    with pytest.raises(FichierInvalide) as faute:
        lire_lignes(AUJOURD_HUI.replace(avant, apres).splitlines(), sorte=sorte, nom="essai")

    assert phrase in str(faute.value)


@pytest.mark.parametrize(
    ("avant", "apres", "phrase"),
    [
        ("4\n1,Parc", "quatre\n1,Parc", "ligne 1 : le nombre d'options doit être un nombre entier"),
        ("3,Halle", "Halle", "ligne 4 : il faut ici « numéro,nom de l'option »."),
        ("3,Halle", "2,Halle", "ligne 4 : l'option 2 est nommée deux fois."),
        ("20,20,4", "20,20", "ligne 6 : il faut ici trois nombres"),
        ("20,20,4", "20,19,4", "ligne 6 : le fichier annonce 19 bulletins et en contient 20."),
        ("4,2,1\n", "4,2,9\n", "ligne 8 : l'option 9 n'existe pas."),
    ],
)
def test_un_vieux_fichier_casse_dit_sa_ligne(avant, apres, phrase):
    with pytest.raises(FichierInvalide) as faute:
        lire_lignes(AUTREFOIS.replace(avant, apres, 1).splitlines(), sorte="toi")

    assert phrase in str(faute.value)


@pytest.mark.parametrize("lignes", [3, 5])
def test_un_vieux_fichier_coupe(lignes):
    with pytest.raises(FichierInvalide, match=f"^ligne {lignes} : le fichier est coupé"):
        lire_lignes(AUTREFOIS.splitlines()[:lignes], sorte="toi")


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [("", "le fichier est vide"), ("\n \n", "le fichier est vide"), ("# TITLE: rien\n", "aucune option n'est nommée")],
)
def test_un_fichier_sans_rien(texte, phrase):
    with pytest.raises(FichierInvalide, match=phrase):
        lire_lignes(texte.splitlines(), sorte="toi")


def test_ce_qui_n_est_pas_un_fichier_de_classements(tmp_path):
    with pytest.raises(FichierInvalide, match=r"^essai\.dat : un fichier de classements finit par soc, soi, toc, toi"):
        lire(ecrire(tmp_path, AUJOURD_HUI, "essai.dat"))
    with pytest.raises(FichierInvalide, match="n'existe pas"):
        lire(tmp_path / "absent.soc")
    (tmp_path / "image.soc").write_bytes(b"\x89PNG\0\0")
    with pytest.raises(FichierInvalide, match="pas un fichier de texte"):
        lire(tmp_path / "image.soc")
    (tmp_path / "dossier.soc").mkdir()
    with pytest.raises(FichierInvalide, match="c'est un dossier"):
        lire(tmp_path / "dossier.soc")


@given(st.text(alphabet="0123456789,:{}# \nABNAMETIVRL", max_size=120), st.sampled_from(["soc", "soi", "toc", "toi"]))
def test_n_importe_quel_texte_se_lit_ou_se_refuse(texte, sorte):
    try:
        lus = lire_lignes(texte.splitlines(), sorte=sorte)
    except FichierInvalide:
        return
    assert election_de(lus).votantes >= 0


@given(
    st.integers(1, 6).flatmap(
        lambda taille: st.lists(
            st.tuples(st.lists(st.integers(0, 4), min_size=taille, max_size=taille), st.integers(1, 9)),
            min_size=1,
            max_size=9,
        )
    )
)
def test_ce_qui_est_ecrit_est_lu(tires):
    """Ranks drawn for each option, 0 for unranked, written as a file and read again."""
    taille = len(tires[0][0])
    lignes = [f"# ALTERNATIVE NAME {numero}: o{numero}" for numero in range(1, taille + 1)]
    for rangs, poids in tires:
        classes = [
            "{" + ",".join(str(place + 1) for place, rang in enumerate(rangs) if rang == cherche) + "}"
            for cherche in range(1, max(rangs) + 1)
        ]
        lignes.append(f"{poids}: {','.join(classes)}")

    lus = lire_lignes(lignes, sorte="toi")

    assert notes(lus) == [({place: rang for place, rang in enumerate(rangs) if rang}, poids) for rangs, poids in tires]
