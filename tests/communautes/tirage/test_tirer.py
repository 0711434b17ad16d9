"""The number drawn: the one that anybody computes by hand, and no likelier than another."""

import hashlib
from collections import Counter

import pytest

from communautes.tirage.tirer import Empreintes, graine_de, normaliser, numero_de

pytestmark = pytest.mark.sans_base

EMPREINTES = Empreintes("a" * 64, "b" * 64, "c" * 64)


def test_la_recette_du_guide():
    texte = f"estuaire-tirage-1\n{'a' * 64}\n{'b' * 64}\n{'c' * 64}\n4 8 15 16 23 42\n"
    graine = hashlib.sha256(texte.encode()).hexdigest()

    assert graine_de(EMPREINTES, "4 8 15 16 23 42") == graine
    assert numero_de(graine, 1000) == int(graine, 16) % 1000


@pytest.mark.parametrize(
    "valeur", ["4 8 15 é", " 4  8\t15\u00a0e\u0301 \n", "4\u202f8 15 é", "\n4 8\r\n15 é"]
)
def test_une_valeur_s_ecrit_de_plusieurs_facons_et_donne_un_nombre(valeur):
    assert normaliser(valeur) == "4 8 15 é"
    assert graine_de(EMPREINTES, valeur) == graine_de(EMPREINTES, "4 8 15 é")


@pytest.mark.parametrize("valeur", ["", " \n\t", "\u00a0", "\ud800"])
def test_une_valeur_vide_ou_illisible_est_refusee(valeur):
    with pytest.raises(ValueError):
        normaliser(valeur)


@pytest.mark.parametrize("change", ["vivier", "parametres", "lots"])
def test_chaque_fichier_compte(change):
    autres = {nom: getattr(EMPREINTES, nom) for nom in ("vivier", "parametres", "lots")} | {change: "d" * 64}

    assert graine_de(Empreintes(**autres), "4") != graine_de(EMPREINTES, "4")


def test_aucun_lot_n_est_plus_probable():
    """Chi-square over 100,000 fixed values: 999 degrees of freedom, between the quantiles 0.0005 and 0.9995."""
    tirages = Counter(numero_de(graine_de(EMPREINTES, f"valeur {n}"), 1000) for n in range(100_000))

    ecart = sum((tirages[numero] - 100) ** 2 / 100 for numero in range(1000))
    assert set(tirages) <= set(range(1000))
    assert 856 < ecart < 1156
