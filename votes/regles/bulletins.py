"""Is this ballot one that the rule accepts? Said before it is cast, in one sentence for each fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Genre, Option


@dataclass(frozen=True)
class Bornes:
    """What a ballot may hold; 0 is « no limit ».

    `minimum`, `maximum`: options taken (a blank ballot takes none, and is accepted where `blanc`). `points_par_projet`,
    `points_en_tout`: the most points. `sac`: what the options taken may cost together, in cents (« knapsack »). Raises
    RegleInvalide when nobody could fill such a ballot.
    """

    minimum: int = 0
    maximum: int = 0
    points_par_projet: int = 0
    points_en_tout: int = 0
    sac: int = 0
    blanc: bool = True

    def __post_init__(self):
        if min(self.minimum, self.maximum, self.points_par_projet, self.points_en_tout, self.sac) < 0:
            raise RegleInvalide("Une limite ne peut pas être négative.")
        if self.maximum and self.minimum > self.maximum:
            raise RegleInvalide(f"On ne peut pas choisir au moins {self.minimum} projets et au plus {self.maximum}.")
        if self.points_en_tout and self.minimum > self.points_en_tout:
            raise RegleInvalide(
                f"Avec {self.points_en_tout} points, on ne peut pas en donner à {self.minimum} projets au moins."
            )


class BulletinInvalide(ValueError):
    """One fault: `str()` is a French sentence, `code` its name, `chiffres` the figures that it says."""

    def __init__(self, code: str, phrase: str, **chiffres: Any):
        super().__init__(phrase)
        self.code, self.chiffres = code, chiffres


def valider(
    choix: Sequence[tuple[str, int]], options: Sequence[Option], genre: Genre, bornes: Bornes
) -> tuple[tuple[int, int], ...]:
    """The notes of a `Bulletin` for `choix`, pairs (key of an option, value). Raises the first fault, BulletinInvalide."""
    for faute in fautes(choix, options, genre, bornes):
        raise faute
    places = {option.cle: place for place, option in enumerate(options)}
    return tuple(sorted((places[cle], valeur) for cle, valeur in choix))


def fautes(
    choix: Sequence[tuple[str, int]], options: Sequence[Option], genre: Genre, bornes: Bornes
) -> list[BulletinInvalide]:
    """All that is wrong with a ballot of approvals, of points or of one choice; empty when it may be cast.

    Forged ballots (unknown option, value that the kind does not have) are not examined further.
    """
    if genre not in {Genre.APPROBATION, Genre.POINTS, Genre.CHOIX}:
        raise RegleInvalide("Ces bornes ne disent rien de ce genre de bulletin.")
    connues = {option.cle: option for option in options}
    if forgees := _forgees(choix, connues, genre):
        return forgees
    if not choix:
        return [] if bornes.blanc else [BulletinInvalide("vide", "Choisissez au moins un projet.")]
    return [
        *_longueur(len(choix), genre, bornes),
        *(_points(choix, connues, bornes) if genre == Genre.POINTS else []),
        *_sac(choix, connues, bornes),
    ]


def _forgees(choix: Sequence[tuple[str, int]], connues: Mapping[str, Option], genre: Genre) -> list[BulletinInvalide]:
    trouvees, vues = [], set()
    for cle, valeur in choix:
        if cle not in connues:
            trouvees.append(
                BulletinInvalide("inconnu", f"Le projet « {cle} » n'est pas proposé à ce vote.", projet=cle)
            )
        elif cle in vues:
            trouvees.append(BulletinInvalide("double", f"« {_nom(connues[cle])} » est choisi deux fois.", projet=cle))
        elif valeur < 1 or (valeur != 1 and genre != Genre.POINTS):
            trouvees.append(
                BulletinInvalide("valeur", f"« {_nom(connues[cle])} » ne peut pas recevoir {valeur}.", projet=cle)
            )
        vues.add(cle)
    return trouvees


def _longueur(nombre: int, genre: Genre, bornes: Bornes) -> list[BulletinInvalide]:
    maximum = 1 if genre == Genre.CHOIX else bornes.maximum
    if nombre < bornes.minimum:
        return [
            BulletinInvalide(
                "trop-peu",
                f"Choisissez au moins {_projets(bornes.minimum)} : vous en avez choisi {nombre}.",
                minimum=bornes.minimum,
                nombre=nombre,
            )
        ]
    if maximum and nombre > maximum:
        return [
            BulletinInvalide(
                "trop",
                f"Choisissez au plus {_projets(maximum)} : vous en avez choisi {nombre}.",
                maximum=maximum,
                nombre=nombre,
            )
        ]
    return []


def _points(choix: Sequence[tuple[str, int]], connues: Mapping[str, Option], bornes: Bornes) -> list[BulletinInvalide]:
    trouvees = [
        BulletinInvalide(
            "points-du-projet",
            f"Donnez au plus {_de_points(bornes.points_par_projet)} à un projet : "
            f"« {_nom(connues[cle])} » en reçoit {valeur}.",
            projet=cle,
            maximum=bornes.points_par_projet,
            points=valeur,
        )
        for cle, valeur in choix
        if bornes.points_par_projet and valeur > bornes.points_par_projet
    ]
    somme = sum(valeur for _, valeur in choix)
    if bornes.points_en_tout and somme > bornes.points_en_tout:
        trouvees.append(
            BulletinInvalide(
                "points-en-tout",
                f"Vous avez {_de_points(bornes.points_en_tout)} à donner : vous en donnez {somme}.",
                maximum=bornes.points_en_tout,
                points=somme,
            )
        )
    return trouvees


def _sac(choix: Sequence[tuple[str, int]], connues: Mapping[str, Option], bornes: Bornes) -> list[BulletinInvalide]:
    cout = sum(connues[cle].cout for cle, _ in choix)
    if not bornes.sac or cout <= bornes.sac:
        return []
    return [
        BulletinInvalide(
            "sac",
            f"Vos projets coûtent ensemble {_euros(cout)}, le budget est de {_euros(bornes.sac)} : "
            f"retirez-en pour {_euros(cout - bornes.sac)}.",
            cout=cout,
            budget=bornes.sac,
            trop=cout - bornes.sac,
        )
    ]


def _nom(option: Option) -> str:
    return option.titre or option.cle


def _projets(nombre: int) -> str:
    return f"{nombre} projet{'s' if nombre > 1 else ''}"


def _de_points(nombre: int) -> str:
    return f"{nombre} point{'s' if nombre > 1 else ''}"


def _euros(somme: int) -> str:
    """« 1 234 € » or « 1 234,50 € », with the spaces of French typography."""
    unites, reste = divmod(somme, 100)
    texte = f"{unites:,}".replace(",", "\u202f")
    return f"{texte},{reste:02d}\u00a0€" if reste else f"{texte}\u00a0€"
