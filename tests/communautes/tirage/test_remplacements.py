"""People withdraw: whoever is drawn instead makes, with those who stay, a panel that meets the first quotas."""

import random

import pytest

from communautes.tirage import fichiers
from communautes.tirage.fautes import TirageInvalide
from communautes.tirage.preparation import preparer
from communautes.tirage.quotas import Quota
from communautes.tirage.refaire import refaire
from communautes.tirage.remplacements import Annonce, remplacer
from communautes.tirage.vivier import Personne, Vivier
from tests.communautes.tirage.hasards import tient
from tests.communautes.tirage.viviers import QUAND, annoncer, inventer, quotas_de

pytestmark = pytest.mark.sans_base

ANNONCE = Annonce("Remplacements d'essai", "Le tirage suivant du Loto d'essai", QUAND, graine=11, lots=40)


@pytest.mark.parametrize("graine", range(5))
def test_le_panel_complete_respecte_les_premiers_quotas(graine):
    vivier = inventer(150, criteres=4, graine=graine)
    quotas = quotas_de(vivier, 20, 1)
    premier = annoncer(quotas, 20, lots=20)
    tires = preparer(vivier, premier).lots[graine]
    parties = set(random.Random(graine).sample(tires, 6))

    reste, second = remplacer(vivier, premier, restent=set(tires) - parties, ecartees=parties, annonce=ANNONCE)
    lots = preparer(reste, second).lots

    assert second.places == 6
    for codes in lots:
        assert not set(codes) & set(tires)
        assert tient(vivier, quotas, 20, (set(tires) - parties) | set(codes))
    publies = (fichiers.ecrire_vivier(reste), fichiers.ecrire_parametres(second), fichiers.ecrire_lots(lots))
    assert refaire(*publies, "7").tires in lots


def test_qui_a_decline_ne_revient_pas():
    vivier = Vivier(("genre",), tuple(Personne(f"{n}", ("femme" if n < 5 else "homme",)) for n in range(10)))
    premier = annoncer({"genre": {"femme": Quota(2, 2), "homme": Quota(2, 2)}}, 4, lots=4)

    reste, second = remplacer(vivier, premier, restent=["0", "5", "6"], ecartees=["1", "2", "3"], annonce=ANNONCE)

    assert second.quotas == {"genre": {"femme": Quota(1, 1), "homme": Quota(0, 0)}}
    assert preparer(reste, second).probabilites.par_code == {"4": 40, "7": 0, "8": 0, "9": 0}


def test_quand_il_ne_reste_personne_le_quota_est_nomme():
    vivier = Vivier(("genre",), tuple(Personne(f"{n}", ("femme" if n < 2 else "homme",)) for n in range(6)))
    premier = annoncer({"genre": {"femme": Quota(2, 2), "homme": Quota(2, 2)}}, 4, lots=4)
    reste, second = remplacer(vivier, premier, restent=["0", "2", "3"], ecartees=["1"], annonce=ANNONCE)

    with pytest.raises(TirageInvalide) as erreur:
        preparer(reste, second)

    assert erreur.value.phrases() == [
        "genre, « femme » : personne dans le vivier n’a cette valeur. Vérifiez comment elle est écrite."
    ]


@pytest.mark.parametrize(
    ("restent", "ecartees", "phrases"),
    [
        (["0", "z"], ["1"], ["Le code « z » n’est pas dans le vivier."]),
        (["0", "1"], ["1"], ["Le code « 1 » ne peut pas rester et partir."]),
        (["0", "1", "2", "3"], [], ["Toutes les places sont prises : il n’y a personne à remplacer."]),
        (["0", "1", "4"], [], ["genre, « femme » : les personnes qui restent dépassent déjà le maximum de 1."]),
    ],
)
def test_un_remplacement_impossible_se_dit(restent, ecartees, phrases):
    vivier = Vivier(("genre",), tuple(Personne(f"{n}", ("homme" if n in (2, 3) else "femme",)) for n in range(6)))
    premier = annoncer({"genre": {"femme": Quota(2, 2), "homme": Quota(2, 2)}}, 4, lots=4)

    with pytest.raises(TirageInvalide) as erreur:
        remplacer(vivier, premier, restent=restent, ecartees=ecartees, annonce=ANNONCE)

    assert erreur.value.phrases() == phrases
