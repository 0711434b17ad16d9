"""Elections with a budget for the tests: small ones drawn by Hypothesis, full of ties; and the real files, where they are."""

from hypothesis import strategies as st

from tests.votes import donnees_reelles
from votes.regles.election import Bulletin, Election, Genre, Option

DOSSIER = donnees_reelles.DOSSIER / "pabulib"
REELS = (
    "France_Toulouse_2019.pb",
    "France_Toulouse_2024.pb",
    "Netherlands_Assen_2024.pb",
    "Poland_Swiecie_2023.pb",
    "Switzerland_Zurich_D10.pb",
)


def manque() -> str:
    """Why the real files cannot be read; empty when they can."""
    absents = [nom for nom in REELS if not (DOSSIER / nom).is_file()]
    return f"élections réelles absentes de {DOSSIER} : {', '.join(absents)}" if absents else ""


def approbations(couts, bulletins, budget, **plus) -> Election:
    """Costs in cents by key, ballots as texts of one-letter keys: `approbations({"a": 300}, ["a", ""], 500)`."""
    return par_points(couts, [dict.fromkeys(bulletin, 1) for bulletin in bulletins], budget, Genre.APPROBATION, **plus)


def par_points(couts, bulletins, budget, genre=Genre.POINTS, **plus) -> Election:
    """Ballots as mappings of keys to points."""
    places = {cle: place for place, cle in enumerate(couts)}
    return Election(
        genre,
        tuple(Option(cle, cle, cout) for cle, cout in couts.items()),
        tuple(
            Bulletin(tuple(sorted((places[cle], points) for cle, points in bulletin.items()))) for bulletin in bulletins
        ),
        budget=budget,
        **plus,
    )


@st.composite
def elections(draw, genre=None, gratuits=True, sans_soutien=True, budget_divisible=False):
    """Up to six projects with few different costs and up to nine ballots: equal prices are the rule."""
    genre = genre or draw(st.sampled_from([Genre.APPROBATION, Genre.POINTS]))
    couts = draw(
        st.lists(st.sampled_from(([0] if gratuits else []) + [1, 2, 3, 4, 6, 9, 30, 31]), min_size=1, max_size=6)
    )
    valeurs = st.just(1) if genre == Genre.APPROBATION else st.integers(1, 3)
    notes = st.dictionaries(st.integers(0, len(couts) - 1), valeurs, max_size=len(couts))
    bulletins = draw(st.lists(notes, min_size=1, max_size=9))
    if not sans_soutien:
        bulletins.append(dict.fromkeys(range(len(couts)), 1))
    budget = draw(st.integers(0, 60))
    return Election(
        genre,
        tuple(Option(f"p{place}", cout=cout) for place, cout in enumerate(couts)),
        tuple(Bulletin(tuple(sorted(bulletin.items()))) for bulletin in bulletins),
        budget=budget * len(bulletins) if budget_divisible else budget,
    )
