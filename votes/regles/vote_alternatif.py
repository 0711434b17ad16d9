"""Instant run-off: the option with the fewest first preferences goes, its ballots pass to their next preference, and so on.

Source: « alternative vote », W. R. Ware's single-seat form of Hare's vote (1871); as a public rule, with its exhausted
ballots, overvotes and skipped ranks: San Francisco Charter, section 13.102.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from votes.regles.classements import AIDE_RANG_SAUTE, NON_CLASSES, RANG_SAUTE, Classes, regrouper
from votes.regles.depouillement import Depouillement
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, SORT, classer_groupes, rangs_du_sort
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "vote-alternatif"
TOURS_PRECEDENTS = "tours-precedents"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    non_classes: str = champ(
        "ignores",
        "Un bulletin dont toutes les options sont éliminées. ignores : il sort du compte ; dernier : les options qu'il ne "
        "classe pas lui sont égales, il n'en aide aucune mais compte encore pour la majorité.",
        choix=NON_CLASSES,
    )
    surnombre: str = champ(
        "arret",
        "Un bulletin qui donne le même rang à plusieurs options. arret : il s'épuise en y arrivant ; saut : ce rang est "
        "sauté ; continue : il s'épuise seulement si plusieurs d'entre elles sont encore en course ; parts : il se partage "
        "également entre celles qui le sont ; nul : il est écarté.",
        choix=("arret", "saut", "continue", "parts", "nul"),
    )
    rang_saute: str = champ("resserrer", AIDE_RANG_SAUTE, choix=RANG_SAUTE)
    blancs: str = champ(
        "exclus",
        "Les bulletins blancs, pour la majorité. exclus : ils n'y comptent pas ; comptes : ils y comptent.",
        choix=("exclus", "comptes"),
    )
    departage: str = champ(
        SORT,
        "Deux options également dernières. sort : la dernière dans l'ordre du sort est éliminée ; tours-precedents : celle "
        "qui avait le moins de voix au tour d'avant, et ainsi en remontant, puis le sort.",
        choix=(SORT, TOURS_PRECEDENTS),
    )
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `retenues`: the winner, then the others, the last eliminated first. `totaux`: first preferences.

    `tours`, down to the last option: voix ({key: ballots}), epuises (ballots that help nobody any more), majorite (half
    of the ballots that count, to be exceeded), elue (key of the option that exceeds it, or is the last one; or None),
    eliminee (key, or None in the last round). Going on after the majority changes no winner: it ranks the others.
    `mesures`: votantes, blancs, nuls (ballots). Votes are whole, or fractions where a ballot is shared. Raises RegleInvalide.
    """
    groupes, nuls = regrouper(
        election,
        surnombre=parametres.surnombre if parametres.surnombre == "nul" else "garder",
        rang_saute=parametres.rang_saute,
    )
    blancs = election.blancs
    groupes[()] -= blancs  # what is left there came to the urn, and its first rank already stops it
    urne = Urne(groupes, len(election.options), parametres.surnombre)
    sort = rangs_du_sort(election, parametres.ordre_du_sort)
    cles = [option.cle for option in election.options]
    hors_compte = blancs if parametres.blancs == "comptes" else 0
    passes: list[dict[int, int]] = []
    tours: list[dict[str, Any]] = []
    egalites: list[dict[str, Any]] = []
    eliminees: list[int] = []
    while urne.en_course:
        voix = dict(urne.voix)
        passes.append(voix)
        comptes = urne.bulletins - (urne.epuises if parametres.non_classes == "ignores" else 0) + hors_compte
        perdante = None
        if len(voix) > 1:
            perdante, egalite = _derniere(passes, sort, cles, departage=parametres.departage)
            egalites += egalite
        tours.append(_tour(urne, cles, comptes=comptes, perdante=perdante))
        eliminees.append(next(iter(voix)) if perdante is None else perdante)
        urne.eliminer(eliminees[-1])
    classement = classer_groupes(election, [[place] for place in reversed(eliminees)], parametres.ordre_du_sort)
    premieres = passes[0] if passes else {}
    return Depouillement(
        regle=NOM,
        retenues=classement.retenues(election, parametres.places),
        totaux={cles[place]: urne.lire(nombre) for place, nombre in premieres.items()},
        classement=classement.cles(election),
        tours=tours,
        egalites=tuple(egalites),
        mesures={"votantes": election.votantes, "blancs": blancs, "nuls": nuls},
    )


class Urne:
    """Ballots in piles, each under the option that it helps now.

    `voix`: {place of an option still in: votes, in parts of `unite`}; `epuises`: ballots that help nobody any more.
    A pile is read again only when its option goes, so that a ballot is touched as often as it moves.
    """

    def __init__(self, groupes: dict[Classes, int], taille: int, surnombre: str):
        self.surnombre = surnombre
        self.en_course = set(range(taille))
        self.bulletins = sum(groupes.values())
        self.epuises = 0
        partages = {len(classe) for classes in groupes for classe in classes} if surnombre == "parts" else set()
        # Shares of a ballot stay whole numbers: one vote is worth any number up to the largest shared rank.
        self.unite = lcm(*range(1, max(partages, default=1) + 1))
        self.voix = dict.fromkeys(range(taille), 0)
        self.piles: defaultdict[int, list[tuple[Classes, int, int]]] = defaultdict(list)
        for classes, poids in groupes.items():
            self._poser(classes, poids, 0)

    def eliminer(self, place: int) -> None:
        """Take an option out, and pass its ballots on."""
        self.en_course.discard(place)
        for classes, poids, rang in self.piles.pop(place, ()):
            if self.surnombre == "parts":
                self._reprendre(classes, poids, rang, place)
            else:
                self._poser(classes, poids, rang + 1)
        del self.voix[place]

    def lire(self, nombre: int) -> int | Fraction:
        """Votes, from parts of `unite`."""
        return _nombre(Fraction(nombre, self.unite))

    def _poser(self, classes: Classes, poids: int, depuis: int) -> None:
        """Put ballots under the options that they help, from this rank on, or count them as exhausted."""
        for rang in range(depuis, len(classes)):
            aidees = self._aidees(classes[rang])
            if aidees is None:
                break
            if aidees:
                for place in aidees:
                    self.voix[place] += poids * self.unite // len(aidees)
                    self.piles[place].append((classes, poids, rang))
                return
        self.epuises += poids

    def _aidees(self, classe: tuple[int, ...]) -> list[int] | None:
        """Options of a rank that a ballot helps when it reaches it; None when it goes no further."""
        restantes = [place for place in classe if place in self.en_course]
        if len(classe) == 1 or self.surnombre == "parts":
            return restantes
        if self.surnombre == "saut":
            return []
        if self.surnombre == "continue" and len(restantes) < 2:
            return restantes
        return None

    def _reprendre(self, classes: Classes, poids: int, rang: int, sortie: int) -> None:
        """A share of these ballots was under an option that goes: the others of the same rank take it, or the next rank."""
        restantes = [place for place in classes[rang] if place in self.en_course]
        if not restantes:
            self._poser(classes, poids, rang + 1)
            return
        gain = poids * self.unite // len(restantes) - poids * self.unite // (len(restantes) + 1)
        for place in restantes:
            self.voix[place] += gain


def _tour(urne: Urne, cles: list[str], *, comptes: int, perdante: int | None) -> dict[str, Any]:
    """What is published of a round, before its loser goes; `comptes`: the ballots of which a majority is more than half."""
    reste_seule = len(urne.voix) == 1
    elue = next(
        (place for place, nombre in urne.voix.items() if reste_seule or 2 * nombre > comptes * urne.unite), None
    )
    return {
        "voix": {cles[place]: urne.lire(nombre) for place, nombre in urne.voix.items()},
        "epuises": urne.epuises,
        "majorite": _nombre(Fraction(comptes, 2)),
        "elue": None if elue is None else cles[elue],
        "eliminee": None if perdante is None else cles[perdante],
    }


def _derniere(
    passes: list[dict[int, int]], sort: list[int], cles: list[str], *, departage: str
) -> tuple[int, list[dict[str, Any]]]:
    """Who goes now, and the tie that was met, if any."""
    voix = passes[-1]
    moins = min(voix.values())
    dernieres = [place for place, nombre in voix.items() if nombre == moins]
    if len(dernieres) == 1:
        return dernieres[0], []
    restantes, decidee = dernieres, SORT
    if departage == TOURS_PRECEDENTS:
        for tour in reversed(passes[:-1]):
            moins = min(tour[place] for place in restantes)
            restantes = [place for place in restantes if tour[place] == moins]
        decidee = TOURS_PRECEDENTS if len(restantes) == 1 else SORT
    perdante = max(restantes, key=sort.__getitem__)
    ordre = sorted((place for place in dernieres if place != perdante), key=sort.__getitem__)
    return perdante, [
        {
            "options": [cles[place] for place in (*ordre, perdante)],
            "decidee_par": decidee,
            "eliminee": cles[perdante],
            "tour": len(passes),
        }
    ]


def _nombre(valeur: Fraction) -> int | Fraction:
    return valeur.numerator if valeur.denominator == 1 else valeur
