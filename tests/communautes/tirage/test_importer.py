"""The CSV of an agent: what is read, and every way in which it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communautes.tirage import importer
from communautes.tirage.fautes import TirageInvalide
from communautes.tirage.importer import lire, lire_table
from communautes.tirage.quotas import Quota

pytestmark = pytest.mark.sans_base

BON = "Numéro;Nom;Âge;Genre\n1;Ana Essai;16-24;femme\n2;Bo Essai;25 et plus;homme\n"
QUOTAS = {
    "Âge": {"16-24": Quota(1, 1), "25 et plus": Quota(1, 1)},
    "Genre": {"femme": Quota(1, 1), "homme": Quota(1, 1)},
}


def lues(texte, encodage="utf-8", quotas=None):
    octets = texte if isinstance(texte, bytes) else texte.encode(encodage)
    return lire(octets, identifiant="Numéro", criteres=("Âge", "Genre"), quotas=quotas)


def fautes(texte, **options):
    with pytest.raises(TirageInvalide) as erreur:
        lues(texte, **options)
    return erreur.value.phrases()


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_un_fichier_s_ecrit_de_bien_des_facons(encodage, separateur, fin):
    inscrites = lues(BON.replace(";", separateur).replace("\n", fin), encodage, QUOTAS)

    assert [(i.identifiant, i.valeurs, i.autres) for i in inscrites] == [
        ("1", ("16-24", "femme"), {"Nom": "Ana Essai"}),
        ("2", ("25 et plus", "homme"), {"Nom": "Bo Essai"}),
    ]
    assert [inscrite.ligne for inscrite in inscrites] == [2, 3]


@pytest.mark.parametrize(
    "texte",
    [
        "sep=;\n" + BON,
        "\n\n" + BON + ";;;\n\n",
        BON.replace("Genre\n", "Genre;;\n").replace("femme\n", "femme;;\n"),
        BON.replace("Ana Essai", '"Essai; Ana ""la""\nvoisine"'),
        BON.replace("femme", "  femme\u00a0").replace("25 et plus", "25  et\u202fplus"),
        BON.replace("Âge", "A\u0302ge"),
    ],
)
def test_un_tableur_laisse_ses_marques(texte):
    assert [inscrite.valeurs for inscrite in lues(texte, quotas=QUOTAS)] == [
        ("16-24", "femme"),
        ("25 et plus", "homme"),
    ]


@pytest.mark.parametrize(
    ("texte", "phrases"),
    [
        (BON + "1;Cy;16-24;femme\n", ["Ligne 4 : l’identifiant « 1 » est déjà à la ligne 2."]),
        (BON + "3;Cy;;femme\n", ["Ligne 4 : « Âge » est vide."]),
        (BON + ";Cy;16-24;femme\n", ["Ligne 4 : « Numéro » est vide."]),
        (BON + "3\n", ["Ligne 4 : 1 colonne au lieu de 4."]),
        (BON + "3;Cy;16-24\n", ["Ligne 4 : 3 colonnes au lieu de 4."]),
        (BON + "3;Cy;16-24;femme;Nantes\n", ["Ligne 4 : 5 colonnes au lieu de 4."]),
        (BON + "3;Cy;16-24;Femme\n", ["Ligne 4 : Genre, « Femme » : aucun quota ne parle de cette valeur."]),
        (BON + '3;"Cy;16-24;femme\n', ["Ligne 4 : un guillemet s’ouvre et ne se ferme pas, ou un texte le suit. La suite n’est pas lue."]),
        (BON + "3;" + "x" * 501 + ";16-24;femme\n", ["Ligne 4 : Nom : plus de 500 caractères."]),
        (BON + "3;C\x07y;16-24;femme\n", ["Ligne 4 : Nom : il y a un caractère invisible."]),
        (BON + "3;C\0y;16-24;femme\n", ["Ligne 4 : il y a un caractère nul, invisible."]),
        (BON.replace("Genre\n", "Nom\n"), ["Ligne 1 : deux colonnes s’appellent « Nom »."]),
        (BON.replace("Nom", ""), ["Ligne 1 : une colonne n’a pas de nom."]),
        (BON.replace("Genre\n", "Sexe\n"), ["La colonne « Genre » n’est pas dans le fichier. Ses colonnes : Numéro, Nom, Âge, Sexe."]),
        ("Numéro;Nom;Âge;Genre\n", ["Le fichier n’a personne : il faut une ligne de titres, puis une ligne par personne."]),
        ("", ["Le fichier est vide."]),
        (" \n\n", ["Le fichier est vide."]),
        (b"PK\x03\x04 un classeur", ["Ce fichier n’est pas un CSV. Dans votre tableur, enregistrez-le au format CSV."]),
        (BON.encode("cp1252") + b"\x81", ["Les lettres de ce fichier ne se lisent pas. Enregistrez-le au format « CSV UTF-8 »."]),
        (
            BON.replace("1;Ana Essai;16-24", "1;Ana Essai;25 et plus"),
            ["Âge, « 16-24 » : personne dans le fichier n’a cette valeur. Vérifiez comment elle est écrite."],
        ),
    ],
)  # fmt: skip
def test_un_mauvais_fichier_dit_ses_lignes(texte, phrases):
    assert fautes(texte, quotas=QUOTAS) == phrases


def test_une_formule_n_entre_pas():
    texte = BON.replace("16-24", "=1+1")

    assert fautes(texte) == [
        "Ligne 2 : Âge, « =1+1 » : un tableur y verrait une formule. Commencez par une lettre ou un chiffre."
    ]


def test_toutes_les_lignes_mauvaises_sont_dites_et_rien_n_est_rendu():
    lignes = "".join(f"{n};X;16-24;\n" for n in range(10, 60))

    dites = fautes(BON + lignes)

    assert dites[0] == "Ligne 4 : « Genre » est vide."
    assert len(dites) == 21
    assert dites[-1] == "Et 30 autres défauts."


def test_les_limites(monkeypatch):
    monkeypatch.setattr(importer, "LIGNES_MAX", 1)
    assert fautes(BON) == ["Le fichier a plus de 1 lignes : la suite n’est pas lue."]
    monkeypatch.setattr(importer, "LIGNES_MAX", 1000)
    (dite,) = fautes(BON + "3;Cy;16-24;femme\n" * 1000)
    assert dite.replace("\u202f", "\xa0") == "Le fichier a plus de 1\xa0000 lignes : la suite n’est pas lue."
    monkeypatch.setattr(importer, "COLONNES_MAX", 3)
    assert fautes(BON) == ["Ligne 1 : il y a trop de colonnes : 3 au plus."]
    monkeypatch.setattr(importer, "OCTETS_MAX", 10)
    assert fautes(BON) == ["Le fichier est trop lourd : 0 Mo au plus."]


@given(st.binary(max_size=200))
def test_des_octets_au_hasard_se_lisent_ou_se_refusent(octets):
    try:
        table = lire_table(octets)
    except TirageInvalide:
        return
    assert all(len(cellules) == len(table.colonnes) for _, cellules in table.lignes)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_du_texte_au_hasard_se_lit_ou_se_refuse(texte):
    try:
        inscrites = lues("Numéro;Âge;Genre\n" + texte)
    except TirageInvalide:
        return
    assert all(inscrite.identifiant and all(inscrite.valeurs) for inscrite in inscrites)


def test_un_caractere_invisible_ne_fait_pas_deux_personnes_d_une():
    with pytest.raises(TirageInvalide) as refus:
        lire("id,genre\n1,femme\n1\u200b,homme\n".encode(), identifiant="id", criteres=("genre",))
    (faute,) = refus.value.fautes
    assert faute.ligne == 3 and "caractère invisible" in str(faute)
