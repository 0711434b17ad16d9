"""What can be bought by whom, and one run of the Method of Equal Shares for a given endowment.

Two runs of the same algorithm: in floats, that says when a decision was too close for floats (`douteuse`), and exact. The
exact run computes with floats too, to see which ballots pay all that they have; each figure that decides or that is
published is then summed again in integers and fractions, and each comparison that floats leave in doubt is made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import chain
from math import inf

import numpy as np
from numpy.typing import NDArray

from votes.regles.budget import Concours, Quotas, ce_qui_departage
from votes.regles.depouillement import RegleInvalide

#: what floats may be wrong by, relative to the figures compared: far above their rounding, far below a chance meeting
DOUTE = 1e-9


@dataclass(frozen=True)
class Soutiens:
    """Who supports one option, by class of ballots alike; arrays of the same length, of integers held as floats.

    `valeurs` and `poids` are None where all are 1. `total`: sum of values times weights; `nombre`: ballots.
    """

    classes: NDArray[np.intp]
    valeurs: NDArray[np.float64] | None
    poids: NDArray[np.float64] | None
    total: int
    nombre: int
    plus: int  # the greatest value

    def somme(self, de: NDArray[np.float64], ou: NDArray | slice = slice(None)) -> float:
        """Sum over the ballots of `de`, aligned with `classes`; only where `ou` says."""
        return _somme(de[ou], None if self.poids is None else self.poids[ou])

    def voeux(self, ou: NDArray | slice = slice(None)) -> NDArray[np.float64]:
        return np.ones(len(self.classes))[ou] if self.valeurs is None else self.valeurs[ou]


@dataclass(frozen=True)
class Marche:
    """An election ready for equal shares. `ouvertes`: places that somebody can buy; dicts are by place.

    `par_euro`: utility is value times cost, else value alone.
    """

    concours: Concours
    votantes: int
    classes: int
    territoires: tuple[str, ...]
    territoire_de: NDArray[np.intp]
    ouvertes: tuple[int, ...]
    soutiens: dict[int, Soutiens]
    par_euro: bool
    maximums: tuple[str, ...] = ()

    def rho(self, place: int, prix: Fraction) -> Fraction:
        """Price of one unit of utility, `prix` being that of one point (of one support)."""
        cout = self.concours.couts[place]
        return prix / cout if self.par_euro and cout else prix


def preparer(concours: Concours, *, par_euro: bool, maximums: tuple[str, ...] = ()) -> Marche:
    """Merge ballots alike and list who supports what. Raises RegleInvalide for a negative value."""
    election = concours.election
    poids: dict[tuple, int] = {}
    for bulletin in election.bulletins:
        if bulletin.notes:
            cle = (bulletin.notes, bulletin.territoire)
            poids[cle] = poids.get(cle, 0) + bulletin.poids
    territoires = tuple(sorted({territoire for _, territoire in poids}))
    numero = {nom: rang for rang, nom in enumerate(territoires)}
    longueurs = np.fromiter((len(notes) for notes, _ in poids), dtype=np.intp, count=len(poids))
    plat = np.fromiter(
        chain.from_iterable(chain.from_iterable(notes for notes, _ in poids)),
        dtype=np.int64,
        count=2 * int(longueurs.sum()),
    ).reshape(-1, 2)
    if len(plat) and plat[:, 1].min() < 0:
        raise RegleInvalide("Un bulletin donne moins de zéro point à un projet.")
    ouvertes = [
        place for place in concours.admises if concours.couts[place] <= concours.budget and concours.voix[place]
    ]
    return Marche(
        concours=concours,
        votantes=election.votantes,
        classes=len(poids),
        territoires=territoires,
        territoire_de=np.fromiter((numero[nom] for _, nom in poids), dtype=np.intp, count=len(poids)),
        ouvertes=tuple(ouvertes),
        soutiens=_soutiens(plat, longueurs, np.fromiter(poids.values(), dtype=np.int64, count=len(poids)), ouvertes),
        par_euro=par_euro,
        maximums=maximums,
    )


def _soutiens(plat: NDArray, longueurs: NDArray, poids: NDArray, ouvertes: Sequence[int]) -> dict[int, Soutiens]:
    qui = np.repeat(np.arange(len(longueurs), dtype=np.intp), longueurs)
    donnes = plat[:, 1] > 0
    qui, places, valeurs = qui[donnes], plat[donnes, 0], plat[donnes, 1]
    ordre = np.argsort(places, kind="stable")
    qui, places, valeurs = qui[ordre], places[ordre], valeurs[ordre]
    par_place = {}
    for place in ouvertes:
        debut, fin = np.searchsorted(places, [place, place + 1])
        classes, v = qui[debut:fin], valeurs[debut:fin]
        w = poids[classes]
        par_place[place] = Soutiens(
            classes=classes,
            valeurs=None if (v == 1).all() else v.astype(np.float64),
            poids=None if (w == 1).all() else w.astype(np.float64),
            total=int(v @ w),
            nombre=int(w.sum()),
            plus=int(v.max()),
        )
    return par_place


def avec_soutiens(marche: Marche, place: int, nombre: int) -> Marche:
    """The same market with `nombre` more ballots, each for this option alone and at its least value, 1."""
    s = marche.soutiens[place]
    plus = Soutiens(
        classes=np.append(s.classes, marche.classes),
        valeurs=None if s.valeurs is None else np.append(s.valeurs, 1.0),
        poids=np.append(np.ones(len(s.classes)) if s.poids is None else s.poids, float(nombre)),
        total=s.total + nombre,
        nombre=s.nombre + nombre,
        plus=s.plus,
    )
    voix = list(marche.concours.voix)
    voix[place] += nombre  # votes decide between equal prices
    return replace(
        marche,
        concours=replace(marche.concours, voix=voix),
        votantes=marche.votantes + nombre,
        classes=marche.classes + 1,
        territoire_de=np.append(marche.territoire_de, 0),
        soutiens={**marche.soutiens, place: plus},
    )


@dataclass(frozen=True)
class Achat:
    """One round of an exact run. Money in cents; `prix` that of one point, or of one support.

    `au_complet`: ballots that paid the full price; `au_plus`: those that gave all they had left, `somme_au_plus` together.
    `reste`: what all ballots together have after it.
    """

    place: int
    prix: Fraction
    rho: Fraction
    au_complet: int
    au_plus: int
    somme_au_plus: Fraction
    moindre: float
    par_territoire: dict[str, float]
    reste: Fraction
    egales: tuple[int, ...] = ()
    decidee_par: str = ""


@dataclass
class Course:
    """What one run bought, in order; `douteuse`: floats cannot answer for it. The rest is of exact runs only.

    `restes`: by place not bought, what its supporters have left together.
    """

    dotation: int
    retenues: list[int] = field(default_factory=list)
    douteuse: bool = False
    achats: list[Achat] = field(default_factory=list)
    restes: dict[int, Fraction] = field(default_factory=dict)
    exacte: bool = False

    def cout(self, concours: Concours) -> int:
        return sum(concours.couts[place] for place in self.retenues)


def courir(marche: Marche, dotation: int, *, exacte: bool = False) -> Course:
    """Run the method once, each ballot having `dotation` cents."""
    return (_Exacte if exacte else _Flottante)(marche, dotation).courir()


@dataclass(frozen=True)
class _Offre:
    """An option as it stands in this round, in floats: `prix` of a point, `rho` of a unit of utility."""

    place: int
    prix: float
    rho: float


class _Flottante:
    """One run in floats.

    The price of an option never falls while purses empty, so a price seen earlier is a lower bound: only the options at
    the top of a heap are priced again (lazy evaluation).
    """

    exacte = False

    def __init__(self, marche: Marche, dotation: int):
        self.marche, self.concours = marche, marche.concours
        self.course = Course(dotation, exacte=self.exacte)
        self.dotation = float(dotation)
        self.bourses = np.full(marche.classes, self.dotation)
        self.floue = False  # a purse came so near to empty that floats cannot say whether it is
        self.quotas = Quotas(self.concours.election, marche.maximums)
        self.prix = {place: self.concours.couts[place] / s.total for place, s in marche.soutiens.items()}
        self.facteur = {place: self.concours.couts[place] if marche.par_euro else 1 for place in marche.ouvertes}

    def courir(self) -> Course:
        gratuites = [place for place in self.marche.ouvertes if not self.concours.couts[place]]
        for place in sorted(gratuites, key=self._rang):
            if not self.quotas.categorie_pleine(place):
                self._acheter(_Offre(place, 0.0, 0.0))
        # In integers: at the start everybody has the same purse.
        tas = [
            (self.prix[place] / self.facteur[place], place)
            for place in self.marche.ouvertes
            if 0 < self.concours.couts[place] <= self.marche.soutiens[place].nombre * self.course.dotation
        ]
        heapify(tas)
        while offres := self._meilleures(tas):
            choisie = self._choisir(offres)
            for offre in offres:
                if offre is not choisie:
                    heappush(tas, (offre.rho, offre.place))
            self._acheter(choisie)
        self._conclure()
        return self.course

    def _rang(self, place: int) -> tuple[int, int, int]:
        return (self.concours.couts[place], -self.concours.voix[place], self.concours.sort[place])

    def _meilleures(self, tas: list[tuple[float, int]]) -> list[_Offre]:
        """The cheapest offers of this round, those that floats cannot tell apart from the cheapest included."""
        offres: list[_Offre] = []
        plus_basse = inf
        while tas and tas[0][0] <= plus_basse * (1 + DOUTE):
            _, place = heappop(tas)
            if self.quotas.maximums and self.quotas.categorie_pleine(place):
                continue
            offre = self._evaluer(place)
            if offre:
                offres.append(offre)
                plus_basse = min(plus_basse, offre.rho)
        for offre in offres:
            if offre.rho > plus_basse * (1 + DOUTE):
                heappush(tas, (offre.rho, offre.place))
        return [offre for offre in offres if offre.rho <= plus_basse * (1 + DOUTE)]

    def _evaluer(self, place: int) -> _Offre | None:
        """Price this option again; None when its supporters can no longer pay for it."""
        s, cout = self.marche.soutiens[place], self.concours.couts[place]
        bourses = self.bourses[s.classes]
        moindre, plein = bourses.min(), cout / s.total
        if moindre > plein * s.plus * (1 + DOUTE) or (
            moindre == self.dotation and cout * s.plus <= self.course.dotation * s.total
        ):
            return _Offre(place, plein, plein / self.facteur[place])
        ecart = s.somme(bourses) - cout
        if abs(ecart) <= DOUTE * s.nombre * self.dotation:
            if not self._peut_payer(place):
                return None
        elif ecart < 0:
            return None
        prix = _prix(bourses, s, cout, self.prix[place])
        self.prix[place] = max(prix, self.prix[place])
        return _Offre(place, prix, prix / self.facteur[place])

    def _peut_payer(self, place: int) -> bool:
        """Can its supporters pay, when floats find what they have equal to what it costs?"""
        self.course.douteuse = True
        return True

    def _choisir(self, offres: list[_Offre]) -> _Offre:
        if len(offres) == 1:
            return offres[0]
        rhos = {offre.place: self._rho_simple(offre) for offre in offres}
        if None in rhos.values():
            self.course.douteuse = True
            return min(offres, key=lambda offre: self._rang(offre.place))
        return min(offres, key=lambda offre: (rhos[offre.place], *self._rang(offre.place)))

    def _rho_simple(self, offre: _Offre) -> Fraction | None:
        """The exact price of a unit of utility where it is a quotient of integers; None where it is not, or who knows.

        It is one when those who cannot pay in full have nothing at all: most real ties are of this kind.
        """
        s = self.marche.soutiens[offre.place]
        bourses, marge = self.bourses[s.classes], DOUTE * self.dotation
        voeux = s.voeux()
        riches = bourses > offre.prix * voeux + marge
        intacte = bourses == self.dotation
        if self.floue or not (riches | (bourses == 0.0) | (intacte & self._integralement(offre.place, voeux))).all():
            return None
        total = int(s.somme(voeux, bourses > 0.0))
        return self.marche.rho(offre.place, Fraction(self.concours.couts[offre.place], total))

    def _integralement(self, place: int, voeux: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which supporters could pay in full out of a purse that nobody has opened, were everybody to pay in full."""
        return voeux * self.concours.couts[place] <= self.course.dotation * self.marche.soutiens[place].total

    def _acheter(self, offre: _Offre) -> None:
        s = self.marche.soutiens[offre.place]
        avant = self.bourses[s.classes]
        apres = avant - offre.prix * s.voeux()
        marge = DOUTE * self.dotation
        if ((np.abs(apres) <= marge) & (avant > marge)).any():
            self.floue = True
        self.bourses[s.classes] = np.where(apres > 0.0, apres, 0.0)
        self.quotas.prendre(offre.place)
        self.course.retenues.append(offre.place)

    def _conclure(self) -> None:
        """Nothing more to say of a run in floats."""


def _somme(valeurs: NDArray[np.float64], poids: NDArray[np.float64] | None) -> float:
    # Not a product of matrices: on short vectors, the threads of its library cost more than they bring.
    return float(valeurs.sum() if poids is None else np.einsum("i,i->", valeurs, poids))


def _prix(bourses: NDArray[np.float64], s: Soutiens, cout: int, plancher: float) -> float:
    """The price of a point at which the supporters pay the cost together, who has less giving all; from a lower bound."""
    reste, total, prix = float(cout), float(s.total), plancher
    valeurs, poids = s.valeurs, s.poids
    while True:
        pauvres = bourses < (prix if valeurs is None else prix * valeurs)
        if not pauvres.any():
            return reste / total
        riches = ~pauvres
        if not riches.any():
            # Together they have the cost, and nothing more.
            return float((bourses if valeurs is None else bourses / valeurs).max())
        donne = bourses[pauvres]
        voeux = np.ones(len(donne)) if valeurs is None else valeurs[pauvres]
        donateurs = None if poids is None else poids[pauvres]
        reste -= _somme(donne, donateurs)
        total -= _somme(voeux, donateurs)
        bourses = bourses[riches]
        valeurs = None if valeurs is None else valeurs[riches]
        poids = None if poids is None else poids[riches]
        prix = reste / total


class _Exacte(_Flottante):
    """The same run, each figure summed again in integers.

    A purse that is not empty holds the endowment less the full prices that it paid. So the sum of any set of purses is a
    sum over the rounds of a price (a fraction) times a count (an integer): nobody's purse is ever a fraction of its own.
    """

    exacte = True

    def __init__(self, marche: Marche, dotation: int):
        super().__init__(marche, dotation)
        self.payes: list[
            tuple[Fraction, NDArray[np.float64]]
        ] = []  # price of a round, points that each class paid at it
        self.vides = np.zeros(marche.classes, dtype=bool)
        self.reste = Fraction(dotation * marche.votantes)
        self.egales: tuple[tuple[int, ...], str] = ((), "")

    def _somme(self, s: Soutiens, ou: NDArray) -> Fraction:
        """What the supporters at positions `ou` (a mask over `s.classes`) have together."""
        ou = ou & ~self.vides[s.classes]
        if not ou.any():
            return Fraction(0)
        classes = s.classes[ou]
        poids = np.ones(len(classes)) if s.poids is None else s.poids[ou]
        total = Fraction(self.course.dotation * int(poids.sum()))
        for prix, points in self.payes:
            if compte := int(poids @ points[classes]):
                total -= prix * compte
        return total

    def _bourse(self, classe: int) -> Fraction:
        if self.vides[classe]:
            return Fraction(0)
        return self.course.dotation - sum(
            (prix * int(points[classe]) for prix, points in self.payes if points[classe]), Fraction(0)
        )

    def _peut_payer(self, place: int) -> bool:
        s = self.marche.soutiens[place]
        return self._somme(s, np.ones(len(s.classes), dtype=bool)) >= self.concours.couts[place]

    def _prix_exact(self, place: int, prix: float) -> tuple[Fraction, NDArray]:
        """(exact price of a point, mask over the supporters of those who give all they have)."""
        s, cout = self.marche.soutiens[place], self.concours.couts[place]
        bourses, demande = self.bourses[s.classes], prix * s.voeux()
        limite = DOUTE * self.dotation
        pauvres = bourses < demande - limite
        incertains = self._par_histoire(s, np.flatnonzero(np.abs(bourses - demande) <= limite))
        while True:
            total = s.total - int(s.somme(s.voeux(), pauvres))
            if not total:
                # Everybody gives all: the price is the greatest that somebody pays for a point.
                return max(part for part, _ in incertains), pauvres
            exact = (cout - self._somme(s, pauvres)) / total
            nouveaux = [groupe for part, groupe in incertains if part < exact and not pauvres[groupe[0]]]
            if not nouveaux:
                return exact, pauvres
            pauvres[np.concatenate(nouveaux)] = True

    def _par_histoire(self, s: Soutiens, positions: NDArray) -> list[tuple[Fraction, NDArray]]:
        """Supporters too near the price to tell, grouped by what they can pay for a point, exactly."""
        if not len(positions):
            return []
        groupes: dict[bytes, list[int]] = {}
        valeurs = s.voeux()
        lignes = np.array([points[s.classes[positions]] for _, points in self.payes]).reshape(-1, len(positions))
        lignes = np.vstack([lignes, valeurs[positions], self.vides[s.classes[positions]]]).T.copy()
        for position, ligne in zip(positions.tolist(), lignes, strict=True):
            groupes.setdefault(ligne.tobytes(), []).append(position)
        return [
            (self._bourse(int(s.classes[groupe[0]])) / int(valeurs[groupe[0]]), np.array(groupe))
            for groupe in groupes.values()
        ]

    def _choisir(self, offres: list[_Offre]) -> _Offre:
        self.egales = ((), "")
        if len(offres) == 1:
            return offres[0]
        rhos = {o.place: self.marche.rho(o.place, self._prix_exact(o.place, o.prix)[0]) for o in offres}
        plus_bas = min(rhos.values())
        egales = sorted((o for o in offres if rhos[o.place] == plus_bas), key=lambda o: self._rang(o.place))
        if len(egales) > 1:
            places = tuple(o.place for o in egales)
            self.egales = (places, ce_qui_departage(self.concours, places[0], places[1]))
        return egales[0]

    def _acheter(self, offre: _Offre) -> None:
        place, s = offre.place, self.marche.soutiens[offre.place]
        if self.concours.couts[place]:
            prix, pauvres = self._prix_exact(place, offre.prix)
        else:
            prix, pauvres = Fraction(0), np.zeros(len(s.classes), dtype=bool)
        somme = self._somme(s, pauvres)
        avant = self.bourses[s.classes]
        verse = np.where(pauvres, avant, float(prix) * s.voeux())
        self.reste -= self.concours.couts[place]
        points = np.zeros(self.marche.classes)
        points[s.classes[~pauvres]] = s.voeux(~pauvres)
        self.payes.append((prix, points))
        self.vides[s.classes[pauvres]] = True
        donnent = pauvres & (avant > DOUTE * self.dotation)  # a rounding is not a payment
        au_plus = int(s.somme(np.ones(len(s.classes)), donnent))
        egales, decidee_par = self.egales
        self.course.achats.append(
            Achat(
                place=place,
                prix=prix,
                rho=self.marche.rho(place, prix),
                au_complet=int(s.somme(np.ones(len(s.classes)), ~pauvres)),
                au_plus=au_plus,
                somme_au_plus=somme,
                moindre=float(verse[donnent | ~pauvres].min(initial=inf)) if au_plus or not pauvres.all() else 0.0,
                par_territoire=self._par_territoire(s, verse),
                reste=self.reste,
                egales=egales,
                decidee_par=decidee_par,
            )
        )
        self.egales = ((), "")
        self.bourses[s.classes] = np.where(pauvres, 0.0, np.maximum(avant - float(prix) * s.voeux(), 0.0))
        self.quotas.prendre(place)
        self.course.retenues.append(place)

    def _par_territoire(self, s: Soutiens, verse: NDArray[np.float64]) -> dict[str, float]:
        if len(self.marche.territoires) < 2:
            return {}
        paye = verse if s.poids is None else verse * s.poids
        sommes = np.bincount(self.marche.territoire_de[s.classes], weights=paye, minlength=len(self.marche.territoires))
        return {
            nom: round(float(somme), 2) for nom, somme in zip(self.marche.territoires, sommes, strict=True) if somme
        }

    def _conclure(self) -> None:
        prises = set(self.course.retenues)
        for place, s in self.marche.soutiens.items():
            if place not in prises:
                self.course.restes[place] = self._somme(s, np.ones(len(s.classes), dtype=bool))
