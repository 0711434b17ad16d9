"""Codes that say nobody's name, and how many people can be told apart."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communautes.tirage import vivier as module
from communautes.tirage.vivier import Personne, Vivier, codes_de, seuls, vivier_de
from tests.communautes.tirage.viviers import SEL

pytestmark = pytest.mark.sans_base


@given(st.sets(st.text(max_size=20), max_size=60))
def test_des_codes_distincts_et_repetables(identifiants):
    codes = codes_de(sorted(identifiants), SEL)

    assert codes == codes_de(sorted(identifiants, reverse=True), SEL)
    assert len(set(codes.values())) == len(identifiants)


def test_un_code_est_le_debut_d_un_hmac():
    attendu = hmac.new(SEL, b"ana@exemple.invalid", hashlib.sha256).hexdigest()[:10]

    assert codes_de(["ana@exemple.invalid"], SEL) == {"ana@exemple.invalid": attendu}
    assert codes_de(["ana@exemple.invalid"], SEL + b".") != {"ana@exemple.invalid": attendu}


def test_deux_codes_pareils_s_allongent(monkeypatch):
    monkeypatch.setattr(module, "CODE_LONG", 2)

    codes = codes_de([str(n) for n in range(300)], SEL)

    assert len(set(codes.values())) == 300
    assert {len(code) for code in codes.values()} == {len(codes["0"])}
    assert len(codes["0"]) > 2


def test_ce_qui_ne_fait_pas_un_vivier():
    with pytest.raises(ValueError):
        codes_de(["a", "a"], SEL)
    with pytest.raises(ValueError):
        codes_de(["a"], b"court")
    with pytest.raises(ValueError):
        Vivier(("x",), (Personne("a", ("1",)), Personne("a", ("2",))))
    with pytest.raises(ValueError):
        Vivier(("x",), (Personne("a", ("1", "2")),))


def test_combien_sont_seules():
    valeurs = {str(n): profil for n, profil in enumerate([("a", "x")] * 3 + [("a", "y")] * 2 + [("b", "x")])}
    vivier = vivier_de(("un", "deux"), valeurs, SEL)

    assert seuls(vivier) == 1
    assert seuls(vivier, 3) == 3
    assert seuls(vivier, 5) == 6
    assert vivier.effectifs["un"] == {"a": 5, "b": 1}
    assert [personne.code for personne in vivier.personnes] == sorted(personne.code for personne in vivier.personnes)
