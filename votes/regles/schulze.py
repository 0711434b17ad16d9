"""Schulze's method: an option is ahead of another when the strongest chain of duels that leads to it is stronger.

Source: M. Schulze, « A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method », Social Choice and Welfare 36, 2011. It is the method of Debian's constitution (appendix A), which
ranks an option left blank below all the others: `non_classes="dernier"`.

Reading a blank as « no opinion » (`"ignores"`) takes out of a duel every ballot that ranks one of the two only, and can
elect somebody else. Debian's vote of 2006 was decided by six ballots: such a choice is published before, as a parameter.
"""

import sys
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from votes.regles.classements import AIDE_RANG_SAUTE, NON_CLASSES, RANG_SAUTE, SURNOMBRES, Classes, regrouper
from votes.regles.depouillement import Depouillement
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, classer_groupes
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "schulze"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    non_classes: str = champ(
        "dernier",
        "Les options qu'un bulletin ne classe pas. dernier : après toutes celles qu'il classe, à égalité entre elles ; "
        "ignores : il ne dit rien de leurs duels.",
        choix=NON_CLASSES,
    )
    force: str = champ(
        "victoires",
        "Force d'un duel gagné. victoires : le nombre de bulletins pour la gagnante ; marges : ce nombre moins celui de "
        "l'autre côté.",
        choix=("victoires", "marges"),
    )
    surnombre: str = champ(
        "egalite",
        "Un bulletin qui donne le même rang à plusieurs options. egalite : il ne préfère aucune des deux ; nul : il est "
        "écarté ; arret : il ne compte que jusqu'au rang d'avant.",
        choix=("egalite", *SURNOMBRES),
    )
    rang_saute: str = champ("resserrer", AIDE_RANG_SAUTE, choix=RANG_SAUTE)
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `retenues`: layer by layer, those that nobody left is ahead of; inside a layer, by the lot.

    `totaux`: for each option, how many it is ahead of. `classement`: the layers. `mesures`: duels and chemins
    ({key: {key: ballots for the first, or strength of its strongest chain, 0 when none}}), gagnante_de_condorcet (key
    or None), votantes, blancs, nuls (ballots). A blank ballot prefers nobody: it changes nothing. Raises RegleInvalide.
    """
    bulletins, nuls = regrouper(election, surnombre=parametres.surnombre, rang_saute=parametres.rang_saute)
    taille = len(election.options)
    duels = compter_duels(bulletins, taille, non_classes=parametres.non_classes)
    chemins = chemins_les_plus_forts(duels, force=parametres.force)
    devance = [{b for b in range(taille) if chemins[a][b] > chemins[b][a]} for a in range(taille)]
    classement = classer_groupes(election, _couches(devance), parametres.ordre_du_sort)
    return Depouillement(
        regle=NOM,
        retenues=classement.retenues(election, parametres.places),
        totaux=dict(election.par_cle([len(devancees) for devancees in devance])),
        classement=classement.cles(election),
        egalites=classement.egalites,
        mesures={
            "duels": _par_cles(election, duels),
            "chemins": _par_cles(election, chemins),
            "gagnante_de_condorcet": _condorcet(election, duels),
            "votantes": election.votantes,
            "blancs": election.blancs,
            "nuls": nuls,
        },
    )


def compter_duels(bulletins: Mapping[Classes, int], taille: int, *, non_classes: str) -> list[list[int]]:
    """Square matrix `taille` × `taille` of ballots that prefer the option of the line to that of the column.

    One long integer an option holds its rank on every ballot, a lane of bits for each ballot. One subtraction compares
    two options on all ballots at once: the guard bit of a lane outlives it where the second option ranks below. So 100
    options and 130,000 different ballots are a matter of seconds.
    """
    code = "B" if taille <= 125 else "H"
    garde = 1 << (8 * array(code).itemsize - 1)
    absente = taille + 1  # below every rank
    rangs = array(code)
    for classes in bulletins:
        ligne = array(code, [absente]) * taille
        for rang, classe in enumerate(classes, 1):
            for place in classe:
                ligne[place] = rang
        rangs.extend(ligne)
    colonnes = [rangs[place::taille] for place in range(taille)]
    gardes = _entier(array(code, [garde]) * len(bulletins))
    suivants = [_entier(colonne) + _entier(array(code, [1]) * len(bulletins)) for colonne in colonnes]
    juges = [_entier(colonne) | gardes for colonne in colonnes]
    classees = (
        [gardes] * taille
        if non_classes == "dernier"
        else [_entier(array(code, [garde * (rang != absente) for rang in colonne])) for colonne in colonnes]
    )
    poids = [(1 << bit, masque) for bit, masque in enumerate(_bits_des_poids(bulletins.values(), code, garde))]
    duels = [[0] * taille for _ in range(taille)]
    for a in range(taille):
        for b in range(taille):
            if a != b:
                preferee = (juges[b] - suivants[a]) & classees[b]
                duels[a][b] = sum(valeur * (preferee & masque).bit_count() for valeur, masque in poids)
    return duels


def _entier(voies: array) -> int:
    """Lanes as one integer, all in the same order."""
    return int.from_bytes(voies.tobytes(), sys.byteorder)


def _bits_des_poids(poids: Collection[int], code: str, garde: int) -> list[int]:
    """For each bit of the greatest weight, the guard bits of the ballots whose weight has it."""
    bits = max(poids, default=0).bit_length()
    return [_entier(array(code, [garde * (nombre >> bit & 1) for nombre in poids])) for bit in range(bits)]


def chemins_les_plus_forts(duels: list[list[int]], *, force: str) -> list[list[int]]:
    """Strength of the strongest chain of won duels from each option to each other one (Floyd and Warshall), 0 when none.

    A chain is as strong as its weakest duel; a duel that is lost or tied is no link.
    """
    taille = range(len(duels))
    marge = force == "marges"
    chemins = [
        [duels[a][b] - (duels[b][a] if marge else 0) if duels[a][b] > duels[b][a] else 0 for b in taille]
        for a in taille
    ]
    for milieu in taille:
        depuis = chemins[milieu]
        for ligne in chemins:
            vers = ligne[milieu]
            if vers and ligne is not depuis:
                ligne[:] = [max(force, min(vers, suite)) for force, suite in zip(ligne, depuis, strict=True)]
    for place in taille:
        chemins[place][place] = 0
    return chemins


def _couches(devance: list[set[int]]) -> list[list[int]]:
    """Options that nobody is ahead of, then those that only the former were ahead of, and so on.

    Being ahead is transitive (Schulze 2011, 4.1), so that a layer is never empty.
    """
    restantes, couches = set(range(len(devance))), []
    while restantes:
        devancees = set().union(*(devance[place] for place in restantes))
        couches.append(sorted(restantes - devancees))
        restantes &= devancees
    return couches


def _condorcet(election: Election, duels: list[list[int]]) -> str | None:
    """The option that wins all its duels."""
    taille = range(len(duels))
    gagnantes = (a for a in taille if all(duels[a][b] > duels[b][a] for b in taille if b != a))
    return next((election.options[place].cle for place in gagnantes), None)


def _par_cles(election: Election, matrice: list[list[int]]) -> dict[str, dict[str, int]]:
    return {
        cle: {option.cle: ligne[place] for place, option in enumerate(election.options) if option.cle != cle}
        for cle, ligne in zip((option.cle for option in election.options), matrice, strict=True)
    }
