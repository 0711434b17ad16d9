"""What counting sees in quotas, and quotas in proportion."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.quotas import Quota, fautes_de, proportionnels, verifier
from communautes.tirage.vivier import Personne, Vivier

pytestmark = pytest.mark.sans_base

VIVIER = Vivier(
    ("genre", "lieu"),
    tuple(Personne(f"{n}", ("femme" if n < 4 else "homme", "nord" if n % 2 else "sud")) for n in range(6)),
)
BONS = {"genre": {"femme": Quota(2, 2), "homme": Quota(2, 2)}, "lieu": {"nord": Quota(1, 3), "sud": Quota(1, 3)}}


def test_de_bons_quotas_passent():
    verifier(BONS, 4, VIVIER)


@pytest.mark.parametrize(
    ("genre", "places", "phrase"),
    [
        ({"femme": Quota(3, 3), "homme": Quota(2, 2)}, 4, "genre : les minimums font 5 places en tout, pour 4 à pourvoir. C’est 1 de trop."),
        ({"femme": Quota(0, 1), "homme": Quota(0, 1)}, 4, "genre : les maximums font 2 places en tout, pour 4 à pourvoir. Il en manque 2."),
        ({"femme": Quota(3, 1), "homme": Quota(0, 4)}, 4, "genre, « femme » : le minimum (3) dépasse le maximum (1) de 2."),
        ({"femme": Quota(1, 2), "homme": Quota(-1, 4)}, 4, "genre, « homme » : un quota n’est jamais négatif."),
        ({"femme": Quota(1, 1), "homme": Quota(3, 3)}, 4, "genre, « homme » : le minimum est 3, et le vivier n’a que 2 personnes. Il en manque 1."),
        ({"femme": Quota(2, 4)}, 4, "genre, « homme » : des personnes du vivier ont cette valeur, et aucun quota n’en parle."),
        ({**BONS["genre"], "autre": Quota(0, 1)}, 4, "genre, « autre » : personne dans le vivier n’a cette valeur. Vérifiez comment elle est écrite."),
        ({"femme": Quota(0, 9), "homme": Quota(0, 9)}, 7, "Le vivier compte 6 personnes pour 7 places. Il en manque 1."),
        ({"femme": Quota(0, 9), "homme": Quota(0, 9)}, 0, "Il faut au moins une place à tirer."),
    ],
)  # fmt: skip
def test_un_quota_qui_ne_va_pas_se_dit(genre, places, phrase):
    lieu = {"nord": Quota(0, 9), "sud": Quota(0, 9)}

    with pytest.raises(TirageInvalide) as erreur:
        verifier({"genre": genre, "lieu": lieu}, places, VIVIER)

    assert phrase in erreur.value.phrases()


def test_un_critere_inconnu_ou_oublie():
    with pytest.raises(TirageInvalide) as erreur:
        verifier({"genre": BONS["genre"], "age": {"jeune": Quota(0, 4)}}, 4, VIVIER)

    assert erreur.value.phrases() == [
        "age : le vivier ne connaît pas ce critère.",
        "lieu : ce critère du vivier n’a aucun quota.",
    ]


def test_toutes_les_fautes_sont_dites_et_le_reste_compte():
    quotas = {"genre": {f"valeur {n:02}": Quota(2, 1) for n in range(30)}}

    fautes = fautes_de(quotas, 60)

    assert len(fautes) == 31  # each class, and the sum of the maximums
    assert TirageInvalide(fautes).phrases()[-1] == "Et 11 autres défauts."
    assert TirageInvalide([Faute(0, "a"), Faute(0, "b")]).phrases(1) == ["a", "Et 1 autre défaut."]


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**6), min_size=1, max_size=24).filter(
        lambda parts: sum(parts.values())
    ),
    st.integers(1, 200),
)
def test_des_quotas_proportionnels(parts, places):
    quotas = proportionnels(parts, places)

    assert list(quotas) == list(parts)
    assert sum(quota.minimum for quota in quotas.values()) == places
    for valeur, quota in quotas.items():
        due = Fraction(parts[valeur] * places, sum(parts.values()))
        assert quota.minimum == quota.maximum
        assert abs(quota.minimum - due) < 1


def test_les_plus_forts_restes():
    assert {v: q.minimum for v, q in proportionnels({"a": 47, "b": 16, "c": 158, "d": 12}, 10).items()} == {
        "a": 2, "b": 1, "c": 7, "d": 0,
    }  # fmt: skip
    assert {v: q.minimum for v, q in proportionnels({"a": 1, "b": 1}, 3).items()} == {"a": 2, "b": 1}
    with pytest.raises(ValueError):
        proportionnels({"a": 0}, 3)
    with pytest.raises(ValueError):
        proportionnels({"a": -1, "b": 3}, 3)
