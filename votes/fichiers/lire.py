"""Any file of ballots, by its extension."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from votes.fichiers import mentions, preflib
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.mentions import Bareme
from votes.regles.election import Election

EXTENSIONS = ("pb", *preflib.EXTENSIONS, "csv")


def lire(chemins: Sequence[Path], bareme: Bareme | None = None) -> Election:
    """One election: a `.pb` file (Pabulib), a ranked file (PrefLib), or tables of grades, `bareme` saying how they are read.

    Raises ValueError, whose `str()` is a sentence that names the file and the line.
    """
    extensions = {chemin.suffix.lower().lstrip(".") for chemin in chemins}
    inconnue = next((chemin for chemin in chemins if chemin.suffix.lower().lstrip(".") not in EXTENSIONS), None)
    if inconnue is not None:
        raise FichierInvalide(f"un fichier de bulletins finit par {', '.join(EXTENSIONS)}.", nom=inconnue.name)
    if extensions == {"csv"}:
        return mentions.lire(chemins, bareme)
    if len(chemins) != 1:
        raise FichierInvalide("plusieurs fichiers ne se lisent ensemble que s'ils sont tous des tableaux .csv.")
    if extensions == {"pb"}:
        pabulib = import_module("votes.fichiers.pabulib")  # read when it is needed, as a rule is
        return pabulib.election_de(pabulib.lire(chemins[0]))
    return preflib.election_de(preflib.lire(chemins[0]))
