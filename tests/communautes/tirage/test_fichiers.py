"""Three files, one way to write each: what is read back is what was written, and anything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communautes.tirage import fichiers
from communautes.tirage.fautes import FichierInvalide
from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import Personne, Vivier
from tests.communautes.tirage.viviers import annoncer

pytestmark = pytest.mark.sans_base

mots = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1, max_size=8)
codes = st.text("0123456789abcdef", min_size=1, max_size=6)


@st.composite
def viviers(tirer):
    criteres = tirer(st.lists(mots.filter(lambda mot: mot != "code"), min_size=1, max_size=4, unique=True))
    personnes = tirer(st.dictionaries(codes, st.tuples(*[mots] * len(criteres)), max_size=12))
    return Vivier(tuple(criteres), tuple(Personne(code, valeurs) for code, valeurs in personnes.items()))


@given(viviers())
def test_un_vivier_revient(vivier):
    octets = fichiers.ecrire_vivier(vivier)

    assert fichiers.lire_vivier(octets) == vivier
    assert b"\r" not in octets and octets.endswith(b"\n")


@given(
    st.dictionaries(
        mots, st.dictionaries(mots, st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4), max_size=4
    ),
    mots,
)
def test_des_parametres_reviennent(quotas, titre):
    bornes = {
        critere: {valeur: Quota(*paire) for valeur, paire in classes.items()} for critere, classes in quotas.items()
    }
    parametres = annoncer(bornes, 12, titre=titre)

    assert fichiers.lire_parametres(fichiers.ecrire_parametres(parametres)) == parametres


@given(st.lists(st.lists(codes, min_size=1, max_size=5).map(tuple), min_size=1, max_size=30).map(tuple))
def test_des_lots_reviennent(lots):
    assert fichiers.lire_lots(fichiers.ecrire_lots(lots)) == lots


def test_un_fichier_s_ecrit_ainsi():
    vivier = Vivier(("âge", "lieu"), (Personne("b2", ("16-24", "Nord, rive")), Personne("a1", ("25 et plus", "Sud"))))

    assert fichiers.ecrire_vivier(vivier).decode() == 'code,âge,lieu\na1,25 et plus,Sud\nb2,16-24,"Nord, rive"\n'
    assert fichiers.ecrire_lots((("a1", "b2"),) * 11).decode().splitlines()[:2] == ["lot,personnes", "00,a1 b2"]


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"code,lieu\na,1\na,2\n", "vivier.csv, ligne 3 : le code « a » est déjà à la ligne 2."),
        (b"code,lieu\na\n", "vivier.csv, ligne 2 : 1 colonne au lieu de 2."),
        (b"code,lieu\na,1,2\n", "vivier.csv, ligne 2 : 3 colonnes au lieu de 2."),
        (b"code,lieu\na,\n", "vivier.csv, ligne 2 : il manque le code ou une valeur."),
        (b"nom,lieu\na,1\n", "vivier.csv, ligne 1 : la première ligne doit être « code », puis le nom de chaque critère."),
        (b"", "vivier.csv, ligne 1 : la première ligne doit être « code », puis le nom de chaque critère."),
        (b"code,lieu\nb,1\na,2\n", "vivier.csv, ligne 2 : cette ligne n'est pas écrite comme le fichier publié l'écrit."),
        (b"code,lieu\na,1", "vivier.csv, ligne 2 : cette ligne n'est pas écrite comme le fichier publié l'écrit."),
        (b'code,lieu\na,"1"\n', "vivier.csv, ligne 2 : cette ligne n'est pas écrite comme le fichier publié l'écrit."),
        (b"code,lieu\r\na,1\r\n", "vivier.csv, ligne 1 : le fichier contient des fins de ligne de Windows, que le fichier publié n'a pas."),
        (b"\xef\xbb\xbfcode,lieu\na,1\n", "vivier.csv, ligne 1 : le fichier contient une marque d'ordre, que le fichier publié n'a pas."),
        (b"code,lieu\na,\xe9\n", "vivier.csv, ligne 2 : ce n'est pas de l'UTF-8."),
        (b'code,lieu\na,"1\n', "vivier.csv, ligne 2 : cette ligne est mal formée."),
    ],
)  # fmt: skip
def test_un_vivier_autrement_ecrit_est_refuse(octets, phrase):
    with pytest.raises(FichierInvalide) as erreur:
        fichiers.lire_vivier(octets)

    assert str(erreur.value) == phrase


BONS = fichiers.ecrire_parametres(annoncer({"lieu": {"nord": Quota(1, 2)}}, 1)).decode()


@pytest.mark.parametrize(
    ("avant", "apres", "phrase"),
    [
        ('"places": 1', '"places": "1"', "parametres.json : une valeur n'est pas ce qu'elle devrait être"),
        ('"places": 1', '"places": true', "parametres.json : une valeur n'est pas ce qu'elle devrait être"),
        ('"places": 1,', "", "parametres.json : il manque « places »."),
        ('"places": 1,', '"places": 1, "plus": 2,', "parametres.json, ligne 4 : cette ligne n'est pas écrite"),
        ('"lots": 1000', '"lots": 0', "parametres.json : une valeur n'est pas ce qu'elle devrait être"),
        ('"places": 1', '"places": NaN', "parametres.json : ce n'est pas du JSON lisible."),
        ('"places": 1,', '"places": 1', "parametres.json, ligne 5 : ce n'est pas du JSON lisible."),
        ("estuaire-tirage-1", "autre", "parametres.json : ce tirage n'est pas du format « estuaire-tirage-1 »."),
        ('"quotas": [', '"quotas": 3, "x": [', "parametres.json : une valeur n'est pas ce qu'elle devrait être"),
        ("+00:00", "", "parametres.json : une valeur n'est pas ce qu'elle devrait être"),
    ],
)
def test_des_parametres_abimes_sont_refuses(avant, apres, phrase):
    assert avant in BONS
    with pytest.raises(FichierInvalide) as erreur:
        fichiers.lire_parametres(BONS.replace(avant, apres).encode())

    assert str(erreur.value).startswith(phrase)


@pytest.mark.parametrize("octets", [b"[]", b"3", b"null", b"{" * 100_000, b"", b"\xff"])
def test_ce_qui_n_est_pas_des_parametres(octets):
    with pytest.raises(FichierInvalide):
        fichiers.lire_parametres(octets)


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"lot,personnes\n0,a\n2,b\n", "lots.csv, ligne 3 : on attend ici le lot 1 et ses personnes."),
        (b"lot,personnes\nun,a\n", "lots.csv, ligne 2 : on attend ici le lot 0 et ses personnes."),
        (b"lot\n0\n", "lots.csv, ligne 1 : la première ligne doit être « lot,personnes »."),
        (b"lot,personnes\n00,a\n", "lots.csv, ligne 2 : cette ligne n'est pas écrite comme le fichier publié l'écrit."),
    ],
)
def test_des_lots_abimes_sont_refuses(octets, phrase):
    with pytest.raises(FichierInvalide) as erreur:
        fichiers.lire_lots(octets)

    assert str(erreur.value) == phrase
