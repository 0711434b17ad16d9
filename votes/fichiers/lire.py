"""Any file of ballots, by its extension."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from votes.fichiers import mentions, preflib
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.mentions import Bareme
from votes.regles.election import Election, Genre

EXTENSIONS = ("pb", *preflib.EXTENSIONS, "csv")


@dataclass(frozen=True)
class Lecture:
    """`parametres`: what the file itself says of a rule that spends a budget, by field; whoever counts may say otherwise.

    `dit`: how the ballots were understood where the file leaves a choice, a French sentence each.
    """

    election: Election
    parametres: Mapping[str, Any] = field(default_factory=dict)
    dit: tuple[str, ...] = ()


def lire(chemins: Sequence[Path], bareme: Bareme | None = None, genres: Collection[Genre] = tuple(Genre)) -> Lecture:
    """One election: a `.pb` file (Pabulib), a ranked file (PrefLib), or tables of grades, `bareme` saying how they are read.

    `genres`: the kinds of ballots that the rule counts. Raises ValueError, whose `str()` is a sentence that names the file and
    the line.
    """
    extensions = {chemin.suffix.lower().lstrip(".") for chemin in chemins}
    inconnue = next((chemin for chemin in chemins if chemin.suffix.lower().lstrip(".") not in EXTENSIONS), None)
    if inconnue is not None:
        raise FichierInvalide(f"un fichier de bulletins finit par {', '.join(EXTENSIONS)}.", nom=inconnue.name)
    if extensions == {"csv"}:
        return Lecture(mentions.lire(chemins, bareme))
    if len(chemins) != 1:
        raise FichierInvalide("plusieurs fichiers ne se lisent ensemble que s'ils sont tous des tableaux .csv.")
    if extensions == {"pb"}:
        return _budget(chemins[0], genres)
    return Lecture(preflib.election_de(preflib.lire(chemins[0])))


def _budget(chemin: Path, genres: Collection[Genre]) -> Lecture:
    pabulib = import_module("votes.fichiers.pabulib")  # read when it is needed, as a rule is
    fichier = pabulib.lire(chemin)
    dit = []
    # A rule that spends a budget counts no ranking: cities that ask for one turn it into points, and the format says how.
    en_points = fichier.genre == Genre.CLASSEMENT and Genre.CLASSEMENT not in genres and Genre.POINTS in genres
    if en_points:
        plus = pabulib.rangs_au_plus(fichier)
        dit.append(
            f"Les classements sont comptés en points : {plus} pour le premier projet, un de moins à chaque rang."
        )
    return Lecture(
        pabulib.election_de(fichier, rangs_en_points=en_points),
        {"seuil": fichier.seuil} if fichier.seuil else {},
        tuple(dit),
    )
