"""Groups too small to be shown: what is withheld must not be found again by subtraction.

The total is public. So a single withheld group would be the total less the others, and several whose sum is small would
still name their few people together. Groups under the threshold are withheld (primary suppression), then the smallest of the
others (complementary suppression) until each small group could hold any number from one up to the threshold, for a reader
who knows the total, how many groups are withheld, and that none of those is greater than the smallest that is shown.
Source: Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4; the last clause answers readers who know
the rule (Wong et al., Minimality Attack in Privacy Preserving Data Publishing, VLDB 2007).
"""

from collections.abc import Iterable, Mapping

SEUIL = 10
#: Key of those who said nothing. How many they are is public: it is the total less those who said something.
NON_DIT = ""


def a_taire(effectifs: Mapping[str, int], seuil: int = SEUIL, *, deja: Iterable[str] = ()) -> set[str]:
    """Keys of the groups that must not be shown, among those that hold somebody. `deja`: those withheld elsewhere.

    A group that is withheld in one table is withheld in all: two tables that choose differently undo each other.
    """
    dits = {cle: n for cle, n in effectifs.items() if n > 0 and cle != NON_DIT}
    tus = {cle for cle, n in dits.items() if n < seuil or cle in set(deja)}
    muets = effectifs.get(NON_DIT, 0)
    trop_peu_de_muets = 0 < muets < seuil
    if not tus and not trop_peu_de_muets:
        return set()
    montrables = sorted((n, cle) for cle, n in dits.items() if cle not in tus)
    while montrables and not _introuvables([dits[cle] for cle in tus], montrables[0][0], seuil):
        tus.add(montrables.pop(0)[1])
    # Nothing is left to hide them among: then nothing is shown, not even those who said nothing.
    seuls = not montrables and not _introuvables([dits[cle] for cle in tus], sum(dits.values()), seuil)
    return tus | ({NON_DIT} if muets and (trop_peu_de_muets or seuls) else set())


def _introuvables(tus: list[int], plus_petit_montre: int, seuil: int) -> bool:
    """Could each of these be 1, and could each be `seuil`, as far as their number and their sum tell?"""
    total, autres = sum(tus), len(tus) - 1
    return autres > 0 and total - autres >= seuil and total - 1 <= autres * plus_petit_montre
