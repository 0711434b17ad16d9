"""Quotas impossible together: which ones, by how much, and that the change is enough."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communautes.tirage.impossibles import QuotasImpossibles, relacher, un_panel
from communautes.tirage.preparation import preparer
from communautes.tirage.probleme import poser
from communautes.tirage.quotas import Quota, proportionnels, verifier
from communautes.tirage.vivier import Personne, Vivier
from tests.communautes.tirage.viviers import annoncer, inventer

pytestmark = pytest.mark.sans_base


def test_chacun_est_possible_et_pas_tous_ensemble():
    """Every woman lives in the north: four women and three people from the south do not make six."""
    lieux = {"femme": ["nord"] * 5, "homme": ["nord"] * 2 + ["sud"] * 5}
    gens = [(genre, lieu) for genre, habites in lieux.items() for lieu in habites]
    vivier = Vivier(("genre", "lieu"), tuple(Personne(f"{rang:02}", profil) for rang, profil in enumerate(gens)))
    quotas = {"genre": {"femme": Quota(4, 4), "homme": Quota(0, 6)}, "lieu": {"nord": Quota(0, 6), "sud": Quota(3, 3)}}
    verifier(quotas, 6, vivier)

    with pytest.raises(QuotasImpossibles) as erreur:
        preparer(vivier, annoncer(quotas, 6))

    assert erreur.value.phrases() == [
        "Pris ensemble, ces quotas sont impossibles : dans ce vivier, aucun groupe de 6 personnes ne les respecte tous. "
        "Il suffirait de changer ce quota.",
        "genre, « femme » : un minimum de 3 au lieu de 4 (1 de moins).",
    ]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(4, 20))
def test_ce_qui_est_propose_suffit(graine, places):
    vivier = inventer(30, criteres=4, graine=graine)
    quotas = {
        critere: proportionnels({classe: rang % 3 + 1 for rang, classe in enumerate(effectifs)}, places)
        for critere, effectifs in vivier.effectifs.items()
    }
    probleme = poser(vivier, quotas, places)

    proposes = relacher(probleme, quotas)

    assert (un_panel(probleme) is None) == bool(proposes)
    relaches = {critere: dict(classes) for critere, classes in quotas.items()}
    for relachement in proposes:
        assert relachement.propose.minimum <= relachement.quota.minimum
        assert relachement.propose.maximum >= relachement.quota.maximum
        assert relachement.phrases()
        relaches[relachement.critere][relachement.valeur] = relachement.propose
    assert un_panel(poser(vivier, relaches, places)) is not None
