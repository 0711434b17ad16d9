"""Files as they really come: each defect is told with its line, none stops the reading."""

import contextlib
import os
import time
import tracemalloc

import pytest

from idees.importation import lecture
from idees.importation.lecture import FichierIllisible, Tableau
from socle.tableur import cases_jusqu_a
from tests.idees.importation.conftest import en_csv, rangee

pytestmark = pytest.mark.sans_base

TROIS = [rangee(1, titre="Été à la crèche"), rangee(2), rangee(3)]


def lues(chemin, **options):
    return list(Tableau.ouvrir(chemin, **options).rangees())


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [",", ";", "\t", "|"])
@pytest.mark.parametrize("fin", ["\r\n", "\n"])
def test_encodages_separateurs_et_fins_de_ligne(fichier, encodage, separateur, fin):
    texte = en_csv(TROIS, delimiter=separateur, lineterminator=fin)
    rangees = lues(fichier(texte.encode(encodage)))
    assert [r.defaut for r in rangees] == ["", "", ""]
    assert rangees[0].cellules["titre"] == "Été à la crèche"
    assert [r.numero for r in rangees] == [2, 3, 4]


def test_le_numero_est_celui_de_la_premiere_ligne_de_la_rangee(fichier):
    rangees = lues(fichier(en_csv([rangee(1, texte="un\ndeux\ntrois"), rangee(2)])))
    assert [r.numero for r in rangees] == [2, 5]


#: What is wrong -> the lines of the file after the header, then (line, beginning of the sentence) of each refusal.
DEFAUTS = {
    "colonne de trop": ("A1,t,x,ouverte,2019,1,9\n", [(2, "La ligne compte 7 colonnes")]),
    "colonne manquante": ("A1,t\n", [(2, "La ligne compte 2 colonnes")]),
    "caractère nul": ("A1,t\x00t,x,ouverte,2019,1\n", [(2, "Cette case contient un caractère nul")]),
    "ligne vide": ("\n,,,,,\n  ,,,,,\n", []),
    "guillemet jamais fermé": ('A1,"t,x,ouverte,2019,1\nA2,t,x,ouverte,2019,1\n', [(2, "Un guillemet s’ouvre ici")]),
    "guillemet dans la dernière colonne": ('A1,t,x,ouverte,2019,"1\n', [(2, "Un guillemet s’ouvre ici")]),
    "case démesurée": ("A1," + "x" * 200_000 + ",x,ouverte,2019,1\n", [(2, "Cette ligne est mal formée")]),
    "caractère remplacé": ("A1,caf\ufffd,x,ouverte,2019,1\n", [(2, "Cette case contient un caractère illisible")]),
}


@pytest.mark.parametrize(("lignes", "attendus"), DEFAUTS.values(), ids=DEFAUTS)
def test_chaque_defaut_est_dit_et_la_suite_est_lue(fichier, lignes, attendus):
    entete = "id,titre,texte,etat,date,votes\n"
    rangees = lues(fichier(entete + lignes + "Z,dernière,x,ouverte,2019,1\n"))
    refus = [(r.numero, r.defaut) for r in rangees if r.defaut]
    assert [n for n, _ in refus] == [n for n, _ in attendus]
    for (_n, defaut), (_m, debut) in zip(refus, attendus, strict=True):
        assert defaut.startswith(debut)
    assert rangees[-1].cellules["titre"] == "dernière"


@pytest.mark.parametrize("limite", [lecture.CELLULE_MAX, 10_000_000], ids=["limite du module", "limite repoussée"])
def test_un_guillemet_ouvert_sur_un_long_fichier_ne_l_avale_pas(fichier, limite):
    """Another reader of the process may have raised the limit of `csv`."""
    entete = "id,titre,texte,etat,date,votes\n"
    suite = "".join(f"B{n},titre {n},{'x' * 200},ouverte,2019,1\n" for n in range(2000))
    with cases_jusqu_a(limite):
        rangees = lues(fichier(f'{entete}A1,"titre,x,ouverte,2019,1\n{suite}'))
    assert rangees[0].numero == 2 and "ne se ferme pas" in rangees[0].defaut
    assert [r.cellules["id"] for r in rangees[1:]] == [f"B{n}" for n in range(2000)]


def test_un_guillemet_ouvert_ne_cache_aucune_ligne_meme_de_plusieurs(fichier):
    """Whatever follows it: quotes of their own, cells of several lines, the end of the file."""
    bonnes = [rangee(n, texte=f'« {n} », "dit"\nelle' if n % 5 == 0 else f"Texte {n}") for n in range(1, 51)]
    for ou in (0, 3, 4, 5, 30, 49, 50):
        avant, apres = en_csv(bonnes[:ou]), en_csv(bonnes[ou:]).split("\n", 1)[1]
        rangees = lues(fichier(avant + 'X,"ouvert et jamais fermé\n' + apres))
        assert [r.cellules["id"] for r in rangees if not r.defaut] == [f"A{n}" for n in range(1, 51)], ou
        assert any(r.defaut.startswith("Un guillemet s’ouvre ici") for r in rangees)


def test_un_guillemet_ouvert_parmi_cinquante_lignes_en_refuse_une(fichier):
    lignes = en_csv([rangee(n) for n in range(1, 51)]).splitlines(keepends=True)
    lignes[3] = 'ouvert,"jamais fermé,,,,\n'
    rangees = lues(fichier("".join(lignes)))
    assert [r.numero for r in rangees] == list(range(2, 52))
    assert [r.numero for r in rangees if r.defaut] == [4]


def test_mille_guillemets_ouverts_se_lisent_vite(fichier):
    entete = "id,titre,texte,etat,date,votes\n"
    texte = "".join(f'A{n},"titre,{"x" * 100},ouverte,2019,1\nB{n},titre,x,ouverte,2019,1\n' for n in range(1000))
    debut = time.process_time()
    rangees = lues(fichier(entete + texte))
    assert [r.numero for r in rangees] == list(range(2, 2002)) and time.process_time() - debut < 30


def test_une_ligne_dans_un_autre_encodage(fichier):
    texte = en_csv(TROIS).encode() + "A4,Crèche,x,ouverte,2019,1\r\n".encode("cp1252") + en_csv([rangee(5)]).encode()
    bons = [r for r in lues(fichier(texte)) if not r.defaut]
    mauvais = [r for r in lues(fichier(texte)) if r.defaut]
    assert [r.numero for r in mauvais] == [5] and mauvais[0].colonne == "titre"
    mauvais[0].valeur.encode()  # can be stored and shown
    assert len(bons) == 5


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (b"", "vide"),
        (b"PK\x03\x04" + b"x" * 5000, "enregistrez-le au format CSV"),
        (b"%PDF-1.7\n", "enregistrez-le au format CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "enregistrez-le au format CSV"),
        (b"\n\n\n", "nom des colonnes"),
        (b"id,,titre\n1,2,3\n", "pas de nom"),
        (b"id,titre,id\n1,2,3\n", "le même nom"),
        (b",".join(b"c%d" % n for n in range(300)) + b"\n", "nom des colonnes"),
        (b"x" * 300 + b",y\n1,2\n", "nom des colonnes"),
    ],
)
def test_un_fichier_qui_n_est_pas_un_tableau(fichier, contenu, dit):
    with pytest.raises(FichierIllisible, match=dit):
        Tableau.ouvrir(fichier(contenu))


def test_octets_au_hasard(fichier):
    """Whatever the bytes, a sentence or rows: never anything else."""
    for n in range(30):
        with contextlib.suppress(FichierIllisible):
            assert all(r.cellules or r.defaut for r in lues(fichier(os.urandom(3000 + n))))


@pytest.mark.parametrize(
    "nom", ["'; DROP TABLE idees_idee; --", "__class__", "boite__par__password", "{0.__class__}", "%s%n"]
)
def test_un_nom_de_colonne_n_est_qu_une_cle(fichier, nom):
    chemin = fichier(en_csv([["1", "x"]], [nom, "b"]))
    assert lues(chemin)[0].cellules == {nom: "1", "b": "x"}


def test_un_fichier_sans_fin_de_ligne_ne_remplit_pas_la_memoire(fichier):
    chemin = fichier(b"id,titre\n1,2\n" + b"x" * 20_000_000)
    tracemalloc.start()
    rangees = lues(chemin)
    maximum = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rangees[0].cellules == {"id": "1", "titre": "2"} and rangees[1].defaut == "Cette ligne est démesurée."
    assert maximum < 60_000_000


def test_une_case_demesuree_le_reste_quand_un_autre_lecteur_a_repousse_la_limite(fichier):
    """The limit of `csv` belongs to the whole process."""
    with cases_jusqu_a(10_000_000):
        rangees = lues(fichier(f"id,titre\n1,{'x' * 200_000}\n2,t\n"))
    assert [rangee.numero for rangee in rangees if rangee.defaut] == [2] and len(rangees) == 2


def test_trop_lourd(fichier, monkeypatch):
    monkeypatch.setattr(lecture, "FICHIER_MAX", 10)
    with pytest.raises(FichierIllisible, match="trop lourd"):
        Tableau.ouvrir(fichier("id,titre\n1,2\n"))
