"""A file that cannot be read says where and why, in one French sentence."""

from pathlib import Path


class FichierInvalide(ValueError):
    """`str()` is the sentence: « bulletins.csv, ligne 12 : … ». `ligne` counts from 1, None when the whole file is at fault."""

    def __init__(self, raison: str, *, ligne: int | None = None, nom: str = ""):
        self.raison, self.ligne, self.nom = raison, ligne, nom
        lieu = ", ".join([*([nom] if nom else []), *([f"ligne {ligne}"] if ligne else [])])
        super().__init__(f"{lieu} : {raison}" if lieu else raison)


def lire_texte(chemin: Path) -> str:
    """The text of a file, in UTF-8, or else in the encoding of old spreadsheets. Raises FichierInvalide."""
    try:
        octets = chemin.read_bytes()
    except IsADirectoryError:
        raise FichierInvalide("c'est un dossier, pas un fichier.", nom=str(chemin)) from None
    except FileNotFoundError:
        raise FichierInvalide("ce fichier n'existe pas.", nom=str(chemin)) from None
    except OSError as erreur:
        raise FichierInvalide(f"ce fichier ne peut pas être lu ({erreur.strerror}).", nom=str(chemin)) from None
    if b"\0" in octets:
        raise FichierInvalide("ce n'est pas un fichier de texte.", nom=chemin.name)
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")
