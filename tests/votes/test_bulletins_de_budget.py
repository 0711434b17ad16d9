"""Is this ballot one that the rule accepts? Each fault has its sentence."""

import pytest

from votes.regles.bulletins import Bornes, BulletinInvalide, fautes, valider
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Genre, Option

pytestmark = pytest.mark.sans_base
OPTIONS = (Option("a", "Un parc", 300_000_00), Option("b", "Un banc", 50_050), Option("c", cout=100_000_00))


def codes(choix, genre=Genre.APPROBATION, **bornes):
    return [faute.code for faute in fautes(choix, OPTIONS, genre, Bornes(**bornes))]


def pris(cles):
    return [(cle, 1) for cle in cles]


def test_un_bon_bulletin_devient_des_notes():
    assert valider([("c", 2), ("a", 1)], OPTIONS, Genre.POINTS, Bornes(points_en_tout=3)) == ((0, 1), (2, 2))
    assert valider([], OPTIONS, Genre.APPROBATION, Bornes(minimum=2)) == ()


@pytest.mark.parametrize(
    ("choix", "genre", "bornes", "attendus"),
    [
        (pris("a"), Genre.APPROBATION, {"minimum": 2}, ["trop-peu"]),
        (pris("ab"), Genre.APPROBATION, {"minimum": 2, "maximum": 2}, []),
        (pris("abc"), Genre.APPROBATION, {"maximum": 2}, ["trop"]),
        (pris("ab"), Genre.CHOIX, {}, ["trop"]),
        (pris("a"), Genre.CHOIX, {}, []),
        ([], Genre.APPROBATION, {"blanc": False}, ["vide"]),
        (pris("z"), Genre.APPROBATION, {}, ["inconnu"]),
        (pris("aa"), Genre.APPROBATION, {}, ["double"]),
        ([("a", 2)], Genre.APPROBATION, {}, ["valeur"]),
        ([("a", 0)], Genre.POINTS, {}, ["valeur"]),
        ([("a", -3)], Genre.POINTS, {}, ["valeur"]),
        ([("a", 4), ("b", 3)], Genre.POINTS, {"points_par_projet": 3, "points_en_tout": 6}, ["points-du-projet", "points-en-tout"]),
        ([("a", 3), ("b", 3)], Genre.POINTS, {"points_par_projet": 3, "points_en_tout": 6}, []),
        (pris("ac"), Genre.APPROBATION, {"sac": 400_000_00}, []),
        (pris("ac"), Genre.APPROBATION, {"sac": 399_999_99}, ["sac"]),
    ],
)  # fmt: skip
def test_chaque_borne(choix, genre, bornes, attendus):
    assert codes(choix, genre, **bornes) == attendus


def test_le_sac_dit_de_combien_il_deborde():
    with pytest.raises(BulletinInvalide) as faute:
        valider(pris("ab"), OPTIONS, Genre.APPROBATION, Bornes(sac=300_000_00))

    assert str(faute.value) == (
        "Vos projets coûtent ensemble 300\u202f500,50\u00a0€, le budget est de 300\u202f000\u00a0€ : "
        "retirez-en pour 500,50\u00a0€."
    )
    assert faute.value.chiffres == {"cout": 300_500_50, "budget": 300_000_00, "trop": 500_50}


def test_la_phrase_parle_au_singulier_et_au_pluriel():
    assert str(fautes(pris("ab"), OPTIONS, Genre.APPROBATION, Bornes(maximum=1))[0]) == (
        "Choisissez au plus 1 projet : vous en avez choisi 2."
    )
    assert str(fautes([("a", 3)], OPTIONS, Genre.POINTS, Bornes(points_par_projet=2))[0]) == (
        "Donnez au plus 2 points à un projet : « Un parc » en reçoit 3."
    )


def test_des_bornes_que_personne_ne_peut_remplir():
    for bornes in ({"minimum": 3, "maximum": 2}, {"maximum": -1}, {"minimum": 4, "points_en_tout": 3}):
        with pytest.raises(RegleInvalide):
            Bornes(**bornes)
    with pytest.raises(RegleInvalide):
        fautes([], OPTIONS, Genre.CLASSEMENT, Bornes())
