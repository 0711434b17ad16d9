"""A file that cannot be read says where and why, in one French sentence."""

from pathlib import Path


class FichierInvalide(ValueError):
    """`str()` is the sentence: « bulletins.csv, ligne 12 : … ». `ligne` counts from 1, None when the whole file is at fault."""

    def __init__(self, raison: str, *, ligne: int | None = None, nom: str = ""):
        self.raison, self.ligne, self.nom = raison, ligne, nom
        lieu = ", ".join([*([nom] if nom else []), *([f"ligne {ligne}"] if ligne else [])])
        super().__init__(f"{lieu} : {raison}" if lieu else raison)


def octets_de(chemin: Path, maximum: int = -1) -> bytes:
    """The first `maximum` bytes of a file, or all of them. Raises FichierInvalide."""
    try:
        with open(chemin, "rb") as ouvert:
            return ouvert.read(maximum)
    except IsADirectoryError:
        raise FichierInvalide("c'est un dossier, pas un fichier.", nom=str(chemin)) from None
    except FileNotFoundError:
        raise FichierInvalide("ce fichier n'existe pas.", nom=str(chemin)) from None
    except OSError:
        raise FichierInvalide("ce fichier ne peut pas être lu.", nom=str(chemin)) from None


def lire_texte(chemin: Path) -> str:
    """The text of a file, in UTF-8, or else in the encoding of old spreadsheets. Raises FichierInvalide."""
    octets = octets_de(chemin)
    if b"\0" in octets:
        raise FichierInvalide("ce n'est pas un fichier de texte.", nom=chemin.name)
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")
