"""Every counting rule by its public name."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.election import Election, Genre

BULLETINS = {
    Genre.CHOIX: "un choix",
    Genre.APPROBATION: "des approbations",
    Genre.POINTS: "des points",
    Genre.MENTIONS: "des mentions",
    Genre.CLASSEMENT: "un classement",
}


@dataclass(frozen=True)
class Regle:
    """A rule: its module, the kinds of ballots that it counts, and whether it spends a budget."""

    nom: str
    module: str
    genres: tuple[Genre, ...]
    depense: bool = False

    @property
    def parametres(self) -> type:
        """The frozen dataclass whose fields are all that the published rule says."""
        return import_module(self.module).Parametres

    @property
    def compter(self) -> Callable[..., Depouillement]:
        return import_module(self.module).compter

    def depouiller(self, election: Election, **valeurs) -> Depouillement:
        """Count `election`; `valeurs` are fields of `parametres`. Raises RegleInvalide."""
        self.verifier_genre(election.genre)
        return self.compter(election, self.parametres(**valeurs))

    def verifier_genre(self, genre: Genre) -> None:
        """Raises RegleInvalide when this rule does not count such ballots."""
        if genre not in self.genres:
            attendus = " ou ".join(BULLETINS[attendu] for attendu in self.genres)
            raise RegleInvalide(
                f"La règle « {self.nom} » compte des bulletins qui portent {attendus} ; ceux-ci portent {BULLETINS[genre]}."
            )


REGLES: dict[str, Regle] = {
    regle.nom: regle
    for regle in (
        Regle("choix-unique", "votes.regles.choix_unique", (Genre.CHOIX,)),
        Regle("oui-non", "votes.regles.oui_non", (Genre.CHOIX,)),
        Regle("approbation", "votes.regles.approbation", (Genre.APPROBATION,)),
        Regle("points", "votes.regles.points", (Genre.POINTS,)),
        Regle("jugement-majoritaire", "votes.regles.jugement_majoritaire", (Genre.MENTIONS,)),
        Regle("schulze", "votes.regles.schulze", (Genre.CLASSEMENT,)),
        Regle("vote-alternatif", "votes.regles.vote_alternatif", (Genre.CLASSEMENT,)),
        Regle("priorites", "votes.regles.priorites", (Genre.POINTS,)),
        Regle("plus-votes", "votes.regles.plus_votes", (Genre.APPROBATION, Genre.POINTS, Genre.CHOIX), depense=True),
        Regle(
            "plus-votes-sans-saut",
            "votes.regles.plus_votes_sans_saut",
            (Genre.APPROBATION, Genre.POINTS, Genre.CHOIX),
            depense=True,
        ),
        Regle(
            "parts-egales", "votes.regles.parts_egales", (Genre.APPROBATION, Genre.POINTS, Genre.CHOIX), depense=True
        ),
    )
}
