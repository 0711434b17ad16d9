"""Ranked ballots in PrefLib's formats: `.soc`, `.soi`, `.toc`, `.toi`, of today and of before 2022.

Source: PrefLib's FORMAT_SPECIFICATION.md (PrefLib-Data). A file of today begins by lines of metadata (`# ALTERNATIVE
NAME 3: …`), then gives one order a line: `13: 1,{4,3},2`, thirteen ballots, 4 and 3 at the same rank. An older file begins by
the number of options, then one option a line (`3,Name`), then `voters,sum of the counts,number of orders`, then the
orders: `13,1,{4,3},2`.

An option's key is its number in the file. An empty class, `{}`, is a rank that the ballot skips.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from votes.fichiers.fautes import FichierInvalide, lire_texte
from votes.regles.election import Bulletin, Election, Genre, Option

STRICTS = ("soc", "soi")
COMPLETS = ("soc", "toc")
EXTENSIONS = ("soc", "soi", "toc", "toi")

METADONNEE = re.compile(r"#\s*([^:]+?)\s*:\s*(.*?)\s*$")
NOM_D_OPTION = re.compile(r"ALTERNATIVE NAME (\d+)$")
CLASSE = re.compile(r"\{([\d,]*)\}|(\d+)")
CHIFFRES_MAX = 15  # of a number: more than there are people, and Python itself refuses to read thousands of them
ORDRE = re.compile(r"(?:(?:\{[\d,]*\}|\d+)(?:,|$))*")

Lignes = Iterator[
    tuple[int, str]
]  # (line in the file, from 1, its text without spaces at both ends); empty ones left out


@dataclass(frozen=True)
class Classements:
    """What a file says: `sorte` (soc, soi, toc or toi), `titre`, options in the order of their numbers, ballots as written."""

    sorte: str
    titre: str
    options: tuple[Option, ...]
    bulletins: tuple[Bulletin, ...]


def lire(chemin: Path) -> Classements:
    """Read a file; its extension says what its orders must be. Raises FichierInvalide, with the line."""
    sorte = chemin.suffix.lower().lstrip(".")
    if sorte not in EXTENSIONS:
        raise FichierInvalide(f"un fichier de classements finit par {', '.join(EXTENSIONS)}.", nom=chemin.name)
    return lire_lignes(lire_texte(chemin).splitlines(), sorte=sorte, nom=chemin.name)


def election_de(classements: Classements) -> Election:
    return Election(Genre.CLASSEMENT, classements.options, classements.bulletins)


def lire_lignes(lignes: Sequence[str], *, sorte: str, nom: str = "") -> Classements:
    """Read the lines of a file; `nom` is only said in faults. Raises FichierInvalide, with the line."""
    numerotees = [(numero, ligne.strip()) for numero, ligne in enumerate(lignes, 1) if ligne.strip()]
    if not numerotees:
        raise FichierInvalide("le fichier est vide.", nom=nom)
    lecteur = _Lecteur(sorte, nom)
    if numerotees[0][1].startswith("#"):
        return lecteur.aujourd_hui(iter(numerotees))
    return lecteur.autrefois(iter(numerotees))


class _Lecteur:
    """One reading: the places of the options, and one pair for each (place, rank), that all ballots share."""

    def __init__(self, sorte: str, nom: str):
        self.sorte, self.nom = sorte, nom
        self.places: dict[str, int] = {}
        self.paires: dict[tuple[int, int], tuple[int, int]] = {}

    def faute(self, raison: str, ligne: int | None = None) -> FichierInvalide:
        return FichierInvalide(raison, ligne=ligne, nom=self.nom)

    def aujourd_hui(self, lignes: Lignes) -> Classements:
        metadonnees: dict[str, tuple[int, str]] = {}
        noms: dict[int, str] = {}
        bulletins: list[Bulletin] = []
        for numero, ligne in lignes:
            if not ligne.startswith("#"):
                if not bulletins:
                    options = self._retenir_options(noms)
                bulletins.append(self._bulletin(numero, *self._separer(numero, ligne, ":")))
                continue
            if bulletins:
                raise self.faute("une ligne d'en-tête se trouve au milieu des bulletins.", numero)
            trouvee = METADONNEE.match(ligne)
            if trouvee is None:
                raise self.faute("cette ligne d'en-tête ne se lit pas : il faut « # NOM : valeur ».", numero)
            option = NOM_D_OPTION.match(trouvee[1].upper())
            if option is None:
                metadonnees[trouvee[1].upper()] = numero, trouvee[2]
                continue
            place = self._entier(numero, option[1], "le numéro de l'option")
            if place in noms:
                raise self.faute(f"l'option {place} est nommée deux fois.", numero)
            noms[place] = trouvee[2]
        if not bulletins:
            options = self._retenir_options(noms)
        self._verifier_nombre(metadonnees.get("NUMBER ALTERNATIVES"), len(options), "options", "nomme")
        self._verifier_nombre(
            metadonnees.get("NUMBER VOTERS"), sum(un.poids for un in bulletins), "bulletins", "contient"
        )
        return Classements(self.sorte, metadonnees.get("TITLE", (0, ""))[1], options, tuple(bulletins))

    def autrefois(self, lignes: Lignes) -> Classements:
        noms: dict[int, str] = {}
        numero, ligne = next(lignes)
        annoncees = self._entier(numero, ligne, "le nombre d'options")
        for _ in range(annoncees):
            numero, ligne = self._suivante(lignes, numero, f"il annonce {annoncees} options et s'arrête avant")
            option, virgule, titre = ligne.partition(",")
            if not virgule:
                raise self.faute("il faut ici « numéro,nom de l'option ».", numero)
            place = self._entier(numero, option, "le numéro de l'option")
            if place in noms:
                raise self.faute(f"l'option {place} est nommée deux fois.", numero)
            noms[place] = titre.strip()
        options = self._retenir_options(noms)
        resume, ligne = self._suivante(lignes, numero, "il manque la ligne « votantes,bulletins,ordres différents »")
        comptes = [self._entier(resume, mot, "un nombre de bulletins") for mot in ligne.split(",")]
        if len(comptes) != 3:
            raise self.faute("il faut ici trois nombres : votantes, bulletins, ordres différents.", resume)
        bulletins = tuple(self._bulletin(numero, *self._separer(numero, ligne, ",")) for numero, ligne in lignes)
        self._verifier_nombre((resume, str(comptes[1])), sum(un.poids for un in bulletins), "bulletins", "contient")
        return Classements(self.sorte, "", options, bulletins)

    def _suivante(self, lignes: Lignes, precedente: int, sinon: str) -> tuple[int, str]:
        suivante = next(lignes, None)
        if suivante is None:
            raise self.faute(f"le fichier est coupé : {sinon}.", precedente)
        return suivante

    def _retenir_options(self, noms: dict[int, str]) -> tuple[Option, ...]:
        if not noms:
            raise self.faute("aucune option n'est nommée avant les bulletins.")
        self.places = {str(numero): place for place, numero in enumerate(sorted(noms))}
        # Some files put names between quotes, as a spreadsheet does.
        return tuple(Option(str(numero), re.sub(r'^"(.*)"$', r"\1", noms[numero])) for numero in sorted(noms))

    def _separer(self, numero: int, ligne: str, separateur: str) -> tuple[int, str]:
        """How many ballots a line holds, and what they say."""
        poids, trouve, ordre = ligne.partition(separateur)
        if not trouve and separateur == ":":
            raise self.faute("il faut ici « nombre : ordre des options ».", numero)
        nombre = self._entier(numero, poids, "le nombre de bulletins")
        if not nombre:
            raise self.faute("cette ligne compte pour zéro bulletin.", numero)
        return nombre, ordre

    def _bulletin(self, numero: int, poids: int, texte: str) -> Bulletin:
        ordre = "".join(texte.split())
        if not ORDRE.fullmatch(ordre) or ordre.endswith(","):
            raise self.faute(f"cet ordre ne se lit pas : « {texte.strip()} ».", numero)
        notes: dict[int, int] = {}
        if "{" in ordre:
            classes = [(trouve[1] if trouve[1] is not None else trouve[2]) for trouve in CLASSE.finditer(ordre)]
        else:
            classes = ordre.split(",") if ordre else []
        for rang, classe in enumerate(classes, 1):
            options = [option for option in classe.split(",") if option]
            if len(options) > 1 and self.sorte in STRICTS:
                raise self.faute(f"un fichier .{self.sorte} ne met pas deux options au même rang.", numero)
            for option in options:
                place = self.places.get(option)
                if place is None:
                    raise self.faute(f"l'option {option} n'existe pas.", numero)
                if place in notes:
                    raise self.faute(f"l'option {option} est classée deux fois.", numero)
                notes[place] = rang
        if self.sorte in COMPLETS and len(notes) < len(self.places):
            raise self.faute(f"un fichier .{self.sorte} classe toutes les options, et il en manque ici.", numero)
        # Ballots share their pairs: 130,000 rankings of 100 options would else weigh a gigabyte.
        paires = self.paires
        return Bulletin(tuple(paires.setdefault(paire, paire) for paire in sorted(notes.items())), poids)

    def _entier(self, numero: int, mot: str, quoi: str) -> int:
        mot = mot.strip()
        if not (mot.isascii() and mot.isdigit()):
            raise self.faute(f"{quoi} doit être un nombre entier, pas « {mot} ».", numero)
        if len(mot) > CHIFFRES_MAX:
            raise self.faute(f"{quoi} a {len(mot)} chiffres, il en faut {CHIFFRES_MAX} au plus.", numero)
        return int(mot)

    def _verifier_nombre(self, annonce: tuple[int, str] | None, trouve: int, quoi: str, verbe: str) -> None:
        if annonce is None:
            return
        numero, texte = annonce
        if self._entier(numero, texte, f"le nombre de {quoi}") != trouve:
            raise self.faute(f"le fichier annonce {texte} {quoi} et en {verbe} {trouve}.", numero)
