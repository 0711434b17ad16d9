"""Elections for the tests of counting rules: written by hand, or drawn by Hypothesis."""

from collections.abc import Mapping
from random import Random

from hypothesis import strategies as st

from votes.regles.election import Bulletin, Election, Genre, Option

LETTRES = "abcdef"


def options(cles) -> tuple[Option, ...]:
    return tuple(Option(cle) for cle in cles)


def election(genre: Genre, cles, bulletins, **details) -> Election:
    """`bulletins`: pairs ({key: value}, how many)."""
    places = {cle: place for place, cle in enumerate(cles)}
    faits = tuple(
        Bulletin(tuple(sorted((places[cle], valeur) for cle, valeur in notes.items())), poids)
        for notes, poids in bulletins
    )
    return Election(genre, options(cles), faits, **details)


def classements(cles, ordres: Mapping[str, int]) -> Election:
    """`ordres`: {"a>b=c": 12}, ranks from the best; "a>>b" skips a rank; "" is a blank ballot."""
    bulletins = []
    for ordre, poids in ordres.items():
        rangs = enumerate(ordre.split(">"), 1)
        bulletins.append(({cle: rang for rang, classe in rangs for cle in classe.split("=") if cle}, poids))
    return election(Genre.CLASSEMENT, cles, bulletins)


def choix(cles, voix: Mapping[str, int]) -> Election:
    """`voix`: {"a": 12, "": 3}, "" for the blank ballots."""
    return election(Genre.CHOIX, cles, [({cle: 1} if cle else {}, poids) for cle, poids in voix.items()])


@st.composite
def tirees(draw, genre: Genre, valeurs, *, mentions: int = 0, complets: bool = False) -> Election:
    """An election of one to five options, up to twelve kinds of ballots, some of them blank in part."""
    cles = LETTRES[: draw(st.integers(1, 5))]
    places = range(len(cles))
    if complets:
        notes = st.lists(valeurs, min_size=len(cles), max_size=len(cles)).map(
            lambda lues: dict(zip(places, lues, strict=True))
        )
    else:
        notes = st.dictionaries(st.sampled_from(places), valeurs)
    bulletins = draw(st.lists(st.tuples(notes, st.integers(1, 4)), max_size=12))
    faits = tuple(Bulletin(tuple(sorted(lues.items())), poids) for lues, poids in bulletins)
    return Election(genre, options(cles), faits, mentions=mentions)


@st.composite
def ordres_stricts(draw, *, complets: bool = False) -> Election:
    """Ranked ballots without shared or skipped rank, complete or cut short."""
    cles = LETTRES[: draw(st.integers(1, 5))]
    ordres = st.permutations(range(len(cles)))
    if not complets:
        ordres = st.tuples(ordres, st.integers(0, len(cles))).map(lambda coupe: coupe[0][: coupe[1]])
    bulletins = draw(st.lists(st.tuples(ordres, st.integers(1, 4)), max_size=12))
    faits = tuple(
        Bulletin(tuple(sorted((place, rang) for rang, place in enumerate(ordre, 1))), poids)
        for ordre, poids in bulletins
    )
    return Election(Genre.CLASSEMENT, options(cles), faits)


def melangee(depart: Election, graine: int) -> Election:
    """The same people in another order, each ballot on its own."""
    seuls = [Bulletin(bulletin.notes, 1) for bulletin in depart.bulletins for _ in range(bulletin.poids)]
    Random(graine).shuffle(seuls)
    return avec_bulletins(depart, seuls)


def avec_bulletins(depart: Election, bulletins) -> Election:
    return Election(depart.genre, depart.options, tuple(bulletins), mentions=depart.mentions)


def rang_de(classement, cle: str) -> int:
    """In which group a key is, 0 for the best."""
    return next(rang for rang, groupe in enumerate(classement) if cle in groupe)
