"""Ballots drawn at random, to try a rule before anybody votes.

Each option has a popularity (log-normal: a few are wanted by many), and people prefer what is near: an option of their own
territory is `attachement` times as likely to be taken. The same seed gives the same ballots on every machine.
"""

import random
from collections.abc import Mapping, Sequence
from itertools import accumulate

from votes.regles.election import Bulletin, Election, Genre, Option


def generer(
    options: Sequence[Option],
    *,
    votantes: int,
    graine: str,
    budget: int | None = None,
    territoires: Mapping[str, float] | None = None,
    attachement: float = 4.0,
    minimum: int = 1,
    maximum: int = 5,
    points: int = 0,
    par_option: int = 0,
    genre: Genre | None = None,
    mentions: int = 0,
    moments: int = 0,
    dans_le_budget: bool = False,
    blancs: float = 0.0,
    enveloppes: Mapping[str, int] | None = None,
) -> Election:
    """An election of `votantes` ballots over `options`, of `minimum` to `maximum` options each.

    `territoires`: share of the voters by territory (any unit), those of the options in equal shares where it is left out.
    `points`: 0 for approval, else how many each ballot shares out, `par_option` at most to one of them (0: no bound).
    `genre` of another kind: a choice and a ranking follow the order in which the options came; what is taken gets one of
    the upper half of `mentions` grades, the rest one of the lower half. `moments`: each option taken is wanted at one of so
    many. `dans_le_budget`: what no longer fits is left out. `blancs`: share of blank ballots, 0 to 1. `budget`,
    `enveloppes` in cents. Raises ValueError for bounds that contradict each other.
    """
    if not 0 < minimum <= maximum or (points and points < maximum):
        raise ValueError("Les longueurs demandées se contredisent.")
    hasard = random.Random(graine)  # noqa: S311 -- a simulation, published with its seed
    parts = dict(territoires or dict.fromkeys(sorted({option.territoire for option in options}), 1.0))
    popularites = [hasard.lognormvariate(0, 0.8) for _ in options]
    cumuls = {
        nom: list(
            accumulate(p * _proximite(option, nom, attachement) for p, option in zip(popularites, options, strict=True))
        )
        for nom in parts
    }
    habitants = hasard.choices(list(parts), weights=list(parts.values()), k=votantes) if parts else []
    plus = min(maximum, len(options))
    bulletins = []
    for chez_soi in habitants:
        if not options or (blancs and hasard.random() < blancs):
            bulletins.append(Bulletin(territoire=chez_soi))
            continue
        longueur = min(minimum, plus) + int(hasard.random() * (plus - min(minimum, plus) + 1))
        prises: dict[int, int] = {}
        while len(prises) < longueur:
            for place in hasard.choices(range(len(options)), cum_weights=cumuls[chez_soi], k=longueur - len(prises)):
                prises[place] = 1
        if dans_le_budget and budget is not None:
            prises = _tenir(prises, options, budget)
        if genre in {Genre.CHOIX, Genre.CLASSEMENT}:
            prises = {place: rang for rang, place in enumerate(prises, start=1) if rang == 1 or genre != Genre.CHOIX}
        elif genre == Genre.MENTIONS:
            prises = _juger(prises, len(options), mentions, hasard)
        elif moments:
            prises = {place: hasard.randint(1, moments) for place in prises}
        else:
            _repartir(prises, points - len(prises), par_option, hasard)
        bulletins.append(Bulletin(notes=tuple(sorted(prises.items())), territoire=chez_soi))
    return Election(
        genre=genre or (Genre.POINTS if points or moments else Genre.APPROBATION),
        options=tuple(options),
        bulletins=tuple(bulletins),
        budget=budget,
        mentions=mentions,
        enveloppes=dict(enveloppes or {}),
    )


def _proximite(option: Option, territoire: str, attachement: float) -> float:
    return attachement if option.territoire and option.territoire == territoire else 1.0


def _tenir(prises: dict[int, int], options: Sequence[Option], budget: int) -> dict[int, int]:
    """Those that fit, the first come first."""
    gardees: dict[int, int] = {}
    for place, valeur in prises.items():
        if options[place].cout <= budget:
            gardees[place] = valeur
            budget -= options[place].cout
    return gardees


def _juger(prises: dict[int, int], nombre: int, mentions: int, hasard: random.Random) -> dict[int, int]:
    """A grade for every option, counted from the worst; with an odd number, the middle one goes to both halves."""
    return {
        place: hasard.randrange(mentions // 2, mentions) if place in prises else hasard.randrange((mentions + 1) // 2)
        for place in range(nombre)
    }


def _repartir(prises: dict[int, int], points: int, par_option: int, hasard: random.Random) -> None:
    """Give the points that are left, the first one point each having been given; nothing to do for approvals."""
    if not par_option:
        for place in hasard.choices(list(prises), k=max(points, 0)):
            prises[place] += 1
        return
    for _point in range(points):
        libres = [place for place, donnes in prises.items() if donnes < par_option]
        if not libres:
            return
        prises[hasard.choice(libres)] += 1
