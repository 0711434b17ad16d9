"""The lots: every quota met in each, chances that add up, equals treated as equals, fairness as good as that of others."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings

from communautes.tirage.fautes import TirageInterrompu
from communautes.tirage.preparation import preparer
from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import Personne, Vivier
from tests.communautes.tirage.hasards import tient, viviers_possibles
from tests.communautes.tirage.oracle import loterie, plus_petite_chance
from tests.communautes.tirage.viviers import annoncer, inventer, quotas_de

pytestmark = pytest.mark.sans_base


@settings(max_examples=60)
@given(viviers_possibles())
def test_chaque_lot_est_un_panel_et_les_chances_font_le_compte(cas):
    vivier, quotas, places = cas

    preparation = preparer(vivier, annoncer(quotas, places, lots=30))

    chances = preparation.probabilites
    assert len(preparation.lots) == 30
    assert all(tient(vivier, quotas, places, codes) for codes in preparation.lots)
    assert chances.somme == sum(chances.de(personne.code) for personne in vivier.personnes) == places
    assert all(0 <= chances.de(personne.code) <= 1 for personne in vivier.personnes)
    for codes in vivier.profils.values():
        parts = [chances.par_code[code] for code in codes]
        assert max(parts) - min(parts) <= 1
    if not preparation.approches:
        assert chances.minimum >= Fraction(floor(preparation.optimum * 30 + 1e-6), 30)


@pytest.mark.parametrize("jeu", [0, 1])
def test_mille_lots(jeu):
    vivier = inventer(120, criteres=3)
    quotas = quotas_de(vivier, 20, jeu)

    preparation = preparer(vivier, annoncer(quotas, 20))

    assert len(preparation.lots) == 1000
    assert all(tient(vivier, quotas, 20, codes) for codes in preparation.lots)
    assert preparation.probabilites.somme == 20
    assert preparation.approches == 0
    assert preparation.probabilites.minimum == Fraction(floor(preparation.optimum * 1000 + 1e-6), 1000)


def test_la_meme_graine_donne_les_memes_lots():
    vivier = inventer(60, criteres=3)
    quotas = quotas_de(vivier, 12, 1)

    premiers, seconds, autres = (
        preparer(vivier, annoncer(quotas, 12, lots=50, graine=graine)).lots for graine in (7, 7, 8)
    )

    assert premiers == seconds
    assert premiers != autres


@pytest.mark.parametrize("graine", range(3))
def test_la_plus_petite_chance_est_celle_de_la_bibliotheque(graine):
    """Its column generation over people, and our linear programme over kinds of people, find one optimum."""
    vivier = inventer(40, criteres=3, graine=graine)
    quotas = quotas_de(vivier, 12, 1)

    ici = preparer(vivier, annoncer(quotas, 12, lots=200))

    assert ici.optimum == pytest.approx(plus_petite_chance(vivier, quotas, 12), abs=1e-3)
    ailleurs = loterie(vivier, quotas, 12, lots=200)
    pires = [sum(personne.code in panel for panel in ailleurs) for personne in vivier.personnes]
    assert ici.probabilites.minimum >= Fraction(min(pires), 200)


def test_qui_n_a_aucune_place_n_en_prive_pas_les_autres():
    vivier = Vivier(("genre",), tuple(Personne(f"{n}", ("a" if n else "b",)) for n in range(5)))

    preparation = preparer(vivier, annoncer({"genre": {"a": Quota(2, 2), "b": Quota(0, 0)}}, 2, lots=100))

    assert preparation.optimum == pytest.approx(0.5)
    assert preparation.probabilites.sans_chance == 1
    assert preparation.probabilites.par_code == {"0": 0, "1": 50, "2": 50, "3": 50, "4": 50}


def test_quand_aucune_coupe_n_existe_les_lots_sont_approches():
    """Halves of three panels meet these quotas on average, and no whole panel does: p + q, q + r and r + p at most once each."""
    profils = [("x", "x", "o"), ("o", "x", "x"), ("x", "o", "x"), ("o", "o", "o"), ("o", "o", "o"), ("o", "o", "o")]
    vivier = Vivier(("u", "v", "w"), tuple(Personne(f"{n}", profil) for n, profil in enumerate(profils)))
    quotas = {critere: {"x": Quota(0, 1), "o": Quota(0, 3)} for critere in vivier.criteres}

    preparation = preparer(vivier, annoncer(quotas, 3, lots=90))

    assert preparation.optimum == pytest.approx(0.5)
    assert preparation.approches > 0
    assert all(tient(vivier, quotas, 3, codes) for codes in preparation.lots)
    assert preparation.probabilites.somme == 3
    parts = [preparation.probabilites.par_code[f"{n}"] for n in range(3)]
    assert min(parts) >= 29  # one lot in three is the best there is


def test_l_avancement_se_suit_et_s_interrompt():
    vivier = inventer(60, criteres=3)
    parametres = annoncer(quotas_de(vivier, 12, 1), 12, lots=40)
    vus = []

    preparer(vivier, parametres, avancer=lambda faits, total: vus.append((faits, total)))

    assert vus == [(n, 40) for n in range(1, 41)]

    def arreter(faits, _total):
        if faits == 5:
            raise TirageInterrompu

    with pytest.raises(TirageInterrompu):
        preparer(vivier, parametres, avancer=arreter)
