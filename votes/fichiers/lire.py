"""Any file of ballots, by its extension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from votes.fichiers import mentions, preflib
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.mentions import Bareme
from votes.regles.catalogue import REGLES, Regle
from votes.regles.election import Election, Genre

#: Rules that count a ranking of projects as points.
EN_POINTS = frozenset(["points", *(nom for nom, regle in REGLES.items() if regle.depense)])
EXTENSIONS = ("pb", *preflib.EXTENSIONS, "csv")


@dataclass(frozen=True)
class Lecture:
    """`parametres`: what the file itself says of the rule, by field; whoever counts may say otherwise.

    `dit`: how the ballots were understood where the file leaves a choice, a French sentence each.
    """

    election: Election
    parametres: Mapping[str, Any] = field(default_factory=dict)
    dit: tuple[str, ...] = ()


def lire(chemins: Sequence[Path], bareme: Bareme | None = None, regle: Regle | None = None) -> Lecture:
    """One election: a `.pb` file (Pabulib), a ranked file (PrefLib), or tables of grades, `bareme` saying how they are read.

    `regle`: the rule that will count it. Raises ValueError, whose `str()` is a sentence that names the file and the line.
    """
    extensions = {chemin.suffix.lower().lstrip(".") for chemin in chemins}
    inconnue = next((chemin for chemin in chemins if chemin.suffix.lower().lstrip(".") not in EXTENSIONS), None)
    if inconnue is not None:
        raise FichierInvalide(f"un fichier de bulletins finit par {', '.join(EXTENSIONS)}.", nom=inconnue.name)
    if extensions == {"csv"}:
        return _mentions(chemins, bareme or Bareme())
    if len(chemins) != 1:
        raise FichierInvalide("plusieurs fichiers ne se lisent ensemble que s'ils sont tous des tableaux .csv.")
    if extensions == {"pb"}:
        return _budget(chemins[0], regle)
    return Lecture(preflib.election_de(preflib.lire(chemins[0])))


def _mentions(chemins: Sequence[Path], bareme: Bareme) -> Lecture:
    if bareme.mentions or not (echelle := mentions.echelle_de(chemins)):
        return Lecture(mentions.lire(chemins, bareme))
    return Lecture(mentions.lire(chemins, replace(bareme, mentions=echelle)), {"mentions": echelle})


def _budget(chemin: Path, regle: Regle | None) -> Lecture:
    pabulib = import_module("votes.fichiers.pabulib")  # read when it is needed, as a rule is
    fichier = pabulib.lire(chemin)
    dit = _hors_bornes(fichier, pabulib.hors_bornes(fichier))
    # A rule that spends a budget counts no ranking: cities that ask for one turn it into points, and the format says how.
    en_points = fichier.genre == Genre.CLASSEMENT and regle is not None and regle.nom in EN_POINTS
    if en_points:
        plus = pabulib.rangs_au_plus(fichier)
        dit.append(
            f"Les classements sont comptés en points : {plus} pour le premier projet, un de moins à chaque rang."
        )
    seuil = fichier.seuil if regle is not None and regle.depense else 0
    election = pabulib.election_de(fichier, rangs_en_points=en_points)
    return Lecture(election, {"seuil": seuil} if seuil else {}, tuple(dit))


def _hors_bornes(fichier: Any, dehors: Mapping[int, str]) -> list[str]:
    """How many ballots are not as the file says that ballots are, and where the first ones are."""
    if not dehors:
        return []
    bornes = ", ".join(dict.fromkeys(dehors.values()))
    lignes = ", ".join(str(fichier.lignes[place]) for place in list(dehors)[:5])
    if len(dehors) == 1:
        return [
            f"1 bulletin sort des bornes que le fichier annonce ({bornes}) : ligne {lignes}. Il est compté comme il est."
        ]
    suite = "…" if len(dehors) > 5 else "."
    return [
        f"{len(dehors)} bulletins sortent des bornes que le fichier annonce ({bornes}) : lignes {lignes}{suite} "
        "Ils sont comptés comme ils sont."
    ]
