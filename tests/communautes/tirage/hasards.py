"""Small pools drawn by Hypothesis, whose quotas some panel meets: they are made from one."""

from collections import Counter

from hypothesis import strategies as st

from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import Personne, Vivier


@st.composite
def viviers_possibles(tirer):
    """(pool, quotas, seats)."""
    criteres = tirer(st.integers(1, 4))
    classes = [tirer(st.integers(1, 4)) for _ in range(criteres)]
    profil = st.tuples(*(st.integers(0, n - 1) for n in classes))
    profils = tirer(st.lists(profil, min_size=2, max_size=24))
    personnes = tuple(
        Personne(f"{rang:04x}", tuple(f"c{valeur}" for valeur in valeurs)) for rang, valeurs in enumerate(profils)
    )
    vivier = Vivier(tuple(f"critère {n}" for n in range(criteres)), personnes)
    places = tirer(st.integers(1, len(personnes)))
    temoin = tirer(st.permutations(personnes))[:places]
    quotas = {}
    for rang, critere in enumerate(vivier.criteres):
        assis = Counter(personne.valeurs[rang] for personne in temoin)
        quotas[critere] = {
            classe: Quota(max(0, assis[classe] - tirer(st.integers(0, 2))), assis[classe] + tirer(st.integers(0, 2)))
            for classe in sorted(vivier.effectifs[critere])
        }
    return vivier, quotas, places


def tient(vivier, quotas, places, codes):
    """Does this panel meet everything? Counted plainly, apart from the code that is tried."""
    valeurs = {personne.code: personne.valeurs for personne in vivier.personnes}
    assert len(codes) == len(set(codes)) == places
    for rang, critere in enumerate(vivier.criteres):
        assis = Counter(valeurs[code][rang] for code in codes)
        assert assis.keys() <= quotas[critere].keys()
        for classe, quota in quotas[critere].items():
            assert quota.minimum <= assis[classe] <= quota.maximum, (critere, classe)
    return True
