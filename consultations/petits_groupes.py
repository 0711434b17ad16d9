"""Groups too small to be shown: what is withheld must not be found again by subtraction.

The total is public. So a single withheld group would be the total less the others, and several whose sum is small would
still name their few people together. Groups under the threshold are withheld; then the smallest of the others, until at
least two are, and what they add up to reaches the threshold (primary and complementary suppression: Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4).
"""

from collections.abc import Mapping

SEUIL = 10


def a_taire(effectifs: Mapping[str, int], seuil: int = SEUIL) -> set[str]:
    """Keys of the groups that must not be shown. Empty groups count for nothing and are shown as such by no one."""
    peuples = {cle: n for cle, n in effectifs.items() if n > 0}
    tus = {cle for cle, n in peuples.items() if n < seuil}
    if not tus:
        return set()
    autres = sorted((n, cle) for cle, n in peuples.items() if cle not in tus)
    for _n, cle in autres:
        if len(tus) > 1 and sum(peuples[tu] for tu in tus) >= seuil:
            break
        tus.add(cle)
    return tus
