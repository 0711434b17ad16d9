"""Participatory budgets in Pabulib's `.pb` format, read and written.

Source: D. Stolicki, S. Szufa, N. Talmon, « Pabulib: A Participatory Budgeting Library », 2020; P. Faliszewski et al.,
« Participatory Budgeting: Data, Tools and Analysis », IJCAI 2023. Three sections, META, PROJECTS and VOTES, of columns set
apart by semicolons. What we do not know is kept, and written back.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from votes.fichiers.fautes import FichierInvalide, octets_de
from votes.regles.election import Bulletin, Election, Genre, Option

TAILLE_MAXIMALE = 100 * 2**20  # bytes; the largest published election takes 15 millions
SECTIONS = ("META", "PROJECTS", "VOTES")
GENRES = {
    "approval": Genre.APPROBATION,
    "choose-1": Genre.CHOIX,
    "cumulative": Genre.POINTS,
    "scoring": Genre.POINTS,
    "ordinal": Genre.CLASSEMENT,
}
SOMME = re.compile(r"(-?)(\d{1,15}|\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4})(?:[.,](\d*))?")
MILLIERS = re.compile(r"-?\d{1,3}(?:,\d{3})+")  # « 100,000 »: a hundred, or a hundred thousand
POINTS_MAX = 10**9  # that a ballot may give to one project: their sum over all ballots stays within 64 bits
ENTIER = re.compile(r"-?\d{1,15}(?:\.0*)?")
DEUX_POINTS = re.compile(r"([a-z_]+)\s*:\s*(.+)")  # « rule: greedy », in the example of the format's own description
CITE = re.compile(r'\s*"((?:[^"]|"")*)"\s*(;|$)')
LIGNES_CITEES = 200  # a quoted text longer than that is a quote that nobody closed
# Where a project or a person lives, by the names that the published files give to that column.
COLONNES_DU_LIEU = ("district", "subunit", "neighborhood")

Ligne = tuple[str, ...]
Numerotees = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class FichierPb:
    """What a `.pb` file says, as text: `meta` in its order, and a row of cells for each project and each ballot.

    Values and cells are as they were read, spaces included, so that they are written back the same: `dit`, `cle` and
    `colonne` give them without the spaces at both ends, as whoever parses them wants. Names of columns and keys have none.
    `lignes`: the line of each ballot, from 1; none in a file that was not read. `fin_de_ligne`, `marque` (a byte order
    mark came first) and `finie` (the last line was ended) are how it was written.
    """

    meta: Mapping[str, str]
    colonnes_projets: Ligne
    projets: tuple[Ligne, ...]
    colonnes_votes: Ligne
    votes: tuple[Ligne, ...]
    fin_de_ligne: str = "\n"
    marque: bool = False
    finie: bool = True
    lignes: tuple[int, ...] = field(default=(), compare=False, repr=False)

    @property
    def genre(self) -> Genre:
        return GENRES[self.dit("vote_type")]

    @property
    def budget(self) -> int:
        """In cents."""
        return centimes(self.meta["budget"])

    def dit(self, cle: str) -> str:
        """What the file says of itself under this key, without the spaces at both ends; empty when it does not."""
        return self.meta.get(cle, "").strip()

    def cle(self, projet: Ligne) -> str:
        return projet[self.colonnes_projets.index("project_id")].strip()

    def colonne(self, nom: str) -> dict[str, str]:
        """{project: its cell in this column, without the spaces at both ends}; empty when the file has no such column."""
        if nom not in self.colonnes_projets:
            return {}
        place = self.colonnes_projets.index(nom)
        return {self.cle(projet): projet[place].strip() for projet in self.projets}

    @property
    def publiees(self) -> tuple[str, ...] | None:
        """Winners as published (column `selected`), in the order of the file; None when it does not say.

        Only 1 is a project that the rule itself chose: the format keeps other numbers for those that were funded, or refused,
        for a reason of another kind, which its comment tells.
        """
        dites = self.colonne("selected")
        return tuple(cle for cle, dit in dites.items() if dit in {"1", "1.0"}) if dites else None

    @property
    def seuil(self) -> int:
        """The fewest votes (points) with which a project may be funded, as the file publishes it; 0 when it does not.

        Raises FichierInvalide.
        """
        texte = self.dit("min_project_score_threshold")
        try:
            return entier(texte) if texte else 0
        except ValueError as erreur:
            raise FichierInvalide(f"min_project_score_threshold : {erreur}") from None


def lire(chemin: Path, *, taille_maximale: int = TAILLE_MAXIMALE) -> FichierPb:
    """Read and check a whole file. Raises FichierInvalide, which names the line."""
    octets = octets_de(chemin, taille_maximale + 1)
    return lire_octets(octets, nom=Path(chemin).name, taille_maximale=taille_maximale)


def lire_octets(octets: bytes, *, nom: str = "", taille_maximale: int = TAILLE_MAXIMALE) -> FichierPb:
    """Read and check what a file holds; `nom` is only said in faults. Raises FichierInvalide, which names the line."""
    if len(octets) > taille_maximale:
        millions = taille_maximale // 10**6
        raise FichierInvalide(f"ce fichier dépasse {millions} millions d'octets, il n'a pas été lu.", nom=nom)
    if octets[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in octets:
        raise FichierInvalide("ce n'est pas un texte en UTF-8.", nom=nom)
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = octets.count(b"\n", 0, erreur.start) + 1
        raise FichierInvalide("cette ligne n'est pas écrite en UTF-8.", ligne=ligne, nom=nom) from None
    fichier = _Lecteur(nom).lire(texte)
    return replace(fichier, marque=octets.startswith(b"\xef\xbb\xbf"))


def ecrire(fichier: FichierPb) -> bytes:
    """The bytes of the file. `lire_octets` reads the same `FichierPb` again; as published files are written, the same bytes."""
    sortie = io.StringIO()
    ligne = csv.writer(sortie, delimiter=";", lineterminator=fichier.fin_de_ligne).writerow
    ligne(["META"])
    ligne(["key", "value"])
    for cle, valeur in fichier.meta.items():
        ligne([cle, valeur])
    for section, colonnes, rangees in (
        ("PROJECTS", fichier.colonnes_projets, fichier.projets),
        ("VOTES", fichier.colonnes_votes, fichier.votes),
    ):
        ligne([section])
        for cellules in (colonnes, *rangees):
            ligne(cellules)
    texte = sortie.getvalue()
    if not fichier.finie:
        texte = texte.removesuffix(fichier.fin_de_ligne)
    return (b"\xef\xbb\xbf" if fichier.marque else b"") + texte.encode()


def centimes(texte: str) -> int:
    """Cents of « 100000.0 » or « 100 000,00 », exactly. Raises ValueError with the reason."""
    texte = texte.strip()
    if MILLIERS.fullmatch(texte):
        raise ValueError(f"« {texte} » se lit de deux façons : la virgule sépare des milliers, ou des décimales.")
    lu = SOMME.fullmatch(texte)
    if not lu:
        raise ValueError(f"« {texte} » n'est pas une somme.")
    signe, unites, decimales = lu[1], re.sub(r"\D", "", lu[2]), (lu[3] or "").rstrip("0")
    if len(decimales) > 2:
        raise ValueError(f"« {texte} » est plus précis que le centime.")
    somme = int(Decimal(f"{unites}.{decimales or 0}") * 100)
    if signe and somme:
        raise ValueError(f"« {texte} » est négatif.")
    return somme


def entier(texte: str) -> int:
    """A whole number, « 3 » or « 3.0 ». Raises ValueError with the reason."""
    texte = texte.strip()
    if not ENTIER.fullmatch(texte):
        raise ValueError(f"« {texte} » n'est pas un nombre entier.")
    return int(texte.partition(".")[0])


def nommes(cellule: str) -> list[str]:
    """The items of a cell, set apart by commas: projects of a ballot, points, categories."""
    return [morceau.strip() for morceau in cellule.split(",")] if cellule.strip() else []


class _Lecteur:
    """Reads a text once, checking each line where it stands."""

    def __init__(self, nom: str):
        self.nom = nom

    def faute(self, raison: str, ligne: int | None = None) -> FichierInvalide:
        return FichierInvalide(raison, ligne=ligne, nom=self.nom)

    def lire(self, texte: str) -> FichierPb:
        sections = self._sections(texte)
        meta = self._meta(sections["META"])
        colonnes_projets, projets = self._tableau("PROJECTS", sections["PROJECTS"], ("project_id", "cost"))
        genre = GENRES[meta["vote_type"][1].strip()]
        attendues = ("voter_id", "vote", "points") if genre == Genre.POINTS else ("voter_id", "vote")
        colonnes_votes, votes = self._tableau("VOTES", sections["VOTES"], attendues)
        connus = self._projets(colonnes_projets, projets)
        self._votes(colonnes_votes, votes, genre, connus)
        self._nombre(meta, "num_projects", len(projets), "projets")
        self._nombre(meta, "num_votes", len(votes), "bulletins")
        return FichierPb(
            meta={cle: valeur for cle, (_, valeur) in meta.items()},
            colonnes_projets=colonnes_projets,
            projets=tuple(tuple(cellules) for _, cellules in projets),
            colonnes_votes=colonnes_votes,
            votes=tuple(tuple(cellules) for _, cellules in votes),
            fin_de_ligne="\r\n" if "\r\n" in texte else "\n",
            finie=texte.endswith("\n"),
            lignes=tuple(ligne for ligne, _ in votes),
        )

    def _sections(self, texte: str) -> dict[str, tuple[int, Numerotees]]:
        """{section: (its line, its rows)}."""
        sections: dict[str, tuple[int, Numerotees]] = {}
        rangees: Numerotees | None = None
        for ligne, ecrite, cellules in self._rangees(texte):
            titre = cellules[0].strip()
            if titre in SECTIONS and _est_vide(cellules[1:]):
                if titre in sections:
                    raise self.faute(f"la section {titre} vient deux fois.", ligne)
                if titre != SECTIONS[len(sections)]:
                    raise self.faute(f"la section {SECTIONS[len(sections)]} doit venir avant {titre}.", ligne)
                rangees = []
                sections[titre] = (ligne, rangees)
            elif rangees is None:
                raise self.faute("le fichier doit commencer par la ligne META.", ligne)
            else:
                rangees.append((ligne, cellules if len(sections) > 1 else _cle_et_valeur(ecrite, cellules)))
        if len(sections) < len(SECTIONS):
            manquante = SECTIONS[len(sections)]
            # A word alone on its line was meant for a heading.
            for ligne, cellules in rangees or ():
                if cellules[0].strip().isalpha() and _est_vide(cellules[1:]):
                    raise self.faute(
                        f"« {cellules[0].strip()} » n'est pas une section ; celle qui manque est {manquante}.", ligne
                    )
            raise self.faute(f"la section {manquante} manque.")
        return sections

    def _rangees(self, texte: str) -> Iterator[tuple[int, str, list[str]]]:
        """(line, its text, its cells as written); a quoted cell may run over several lines. Empty lines are left out."""
        lignes = enumerate(texte.split("\n"), 1)
        for numero, ligne in lignes:
            cellules = ligne.removesuffix("\r").split(";") if '"' not in ligne else _cellules(ligne.removesuffix("\r"))
            while cellules is None:
                suite = next(lignes, None)
                if suite is None or suite[0] - numero > LIGNES_CITEES or suite[1].strip(" \r;") in SECTIONS:
                    raise self.faute("un guillemet ouvert sur cette ligne n'est pas fermé.", numero)
                ligne = f"{ligne}\n{suite[1]}"
                cellules = _cellules(ligne.removesuffix("\r"))
            if not _est_vide(cellules):
                yield numero, ligne.removesuffix("\r"), cellules

    def _meta(self, section: tuple[int, Numerotees]) -> dict[str, tuple[int, str]]:
        """{key: (line, value)}."""
        titre, rangees = section
        meta: dict[str, tuple[int, str]] = {}
        for ligne, cellules in rangees:
            if len(cellules) == 1 and (autrement := DEUX_POINTS.fullmatch(cellules[0].strip())):
                cellules = [autrement[1], autrement[2]]
            cle, valeur = cellules[0].strip(), cellules[-1]
            if (cle, valeur.strip()) == ("key", "value") and not meta:
                continue
            if len(cellules) < 2 or not cle:
                raise self.faute("il faut une clé, un point-virgule et une valeur.", ligne)
            if cle in meta:
                raise self.faute(f"« {cle} » est dit deux fois.", ligne)
            meta[cle] = (ligne, valeur)
        for cle in ("budget", "vote_type"):
            if cle not in meta:
                raise self.faute(f"« {cle} » manque dans la section META.", titre)
        ligne, genre = meta["vote_type"][0], meta["vote_type"][1].strip()
        if genre not in GENRES:
            raise self.faute(f"le genre de vote « {genre} » n'est pas connu : il y a {', '.join(GENRES)}.", ligne)
        self._somme(meta["budget"][1], "le budget", meta["budget"][0])
        ligne, defaut = meta.get("default_score", (0, ""))
        if genre == "scoring" and defaut.strip().strip("0.,"):
            raise self.faute(
                f"default_score {defaut.strip()} : des points donnés à ce que personne n'a nommé ne sont pas comptés ici.",
                ligne,
            )
        return meta

    def _tableau(
        self, nom: str, section: tuple[int, Numerotees], attendues: tuple[str, ...]
    ) -> tuple[Ligne, Numerotees]:
        """(columns, rows of as many cells). Trailing cells that are empty or that no rule needs may be left out."""
        titre, rangees = section
        if not rangees:
            raise self.faute(f"la ligne des colonnes manque dans la section {nom}.", titre)
        entete, colonnes = rangees[0][0], [colonne.strip() for colonne in rangees[0][1]]
        while colonnes and not colonnes[-1]:
            colonnes.pop()
        for colonne in attendues:
            if colonne not in colonnes:
                raise self.faute(f"la colonne « {colonne} » manque dans la section {nom}.", entete)
        if len(set(colonnes)) != len(colonnes):
            raise self.faute(f"une colonne vient deux fois dans la section {nom}.", entete)
        minimum = 1 + max(colonnes.index(colonne) for colonne in attendues)
        for ligne, cellules in rangees[1:]:
            if len(cellules) < minimum or not _est_vide(cellules[len(colonnes) :]):
                raise self.faute(
                    f"il faut {len(colonnes)} cellules, il y en a {len(cellules)} (un point-virgule en trop ou en moins ?).",
                    ligne,
                )
            del cellules[len(colonnes) :]
            cellules.extend([""] * (len(colonnes) - len(cellules)))
        return tuple(colonnes), rangees[1:]

    def _projets(self, colonnes: Ligne, projets: Numerotees) -> set[str]:
        place, cout = colonnes.index("project_id"), colonnes.index("cost")
        connus: set[str] = set()
        for ligne, cellules in projets:
            cle = cellules[place].strip()
            if not cle or "," in cle:
                raise self.faute("l'identifiant du projet manque, ou contient une virgule.", ligne)
            if cle in connus:
                raise self.faute(f"le projet « {cle} » vient deux fois.", ligne)
            connus.add(cle)
            self._somme(cellules[cout], "le coût", ligne)
        return connus

    def _votes(self, colonnes: Ligne, votes: Numerotees, genre: Genre, connus: set[str]) -> None:
        qui, quoi = colonnes.index("voter_id"), colonnes.index("vote")
        points = colonnes.index("points") if genre == Genre.POINTS else None
        vues: set[str] = set()
        for ligne, cellules in votes:
            bulletin = cellules[qui].strip()
            if not bulletin:
                raise self.faute("l'identifiant du bulletin manque.", ligne)
            if bulletin in vues:
                raise self.faute(f"le bulletin « {bulletin} » vient deux fois.", ligne)
            vues.add(bulletin)
            pris = nommes(cellules[quoi])
            self._pris(pris, genre, connus, ligne)
            if points is not None:
                self._points(nommes(cellules[points]), len(pris), ligne)

    def _pris(self, pris: list[str], genre: Genre, connus: set[str], ligne: int) -> None:
        if not connus.issuperset(pris):
            inconnu = next(cle for cle in pris if cle not in connus)
            raise self.faute(f"le bulletin nomme le projet « {inconnu} », qui n'existe pas.", ligne)
        if len(set(pris)) != len(pris):
            double = next(cle for cle in pris if pris.count(cle) > 1)
            raise self.faute(f"le bulletin nomme deux fois le projet « {double} ».", ligne)
        if genre == Genre.CHOIX and len(pris) > 1:
            raise self.faute(f"le bulletin nomme {len(pris)} projets, il n'en faut qu'un.", ligne)

    def _points(self, donnes: list[str], nombre: int, ligne: int) -> None:
        if len(donnes) != nombre:
            raise self.faute(
                f"il faut autant de nombres de points que de projets ({nombre}), il y en a {len(donnes)}.", ligne
            )
        for texte in donnes:
            try:
                valeur = entier(texte)
            except ValueError as erreur:
                raise self.faute(f"points : {erreur}", ligne) from None
            if valeur < 0:
                raise self.faute(f"points : « {texte} » est négatif.", ligne)
            if valeur > POINTS_MAX:
                raise self.faute(f"points : « {texte} » dépasse un milliard.", ligne)

    def _somme(self, texte: str, quoi: str, ligne: int) -> int:
        try:
            return centimes(texte)
        except ValueError as erreur:
            raise self.faute(f"{quoi} ne se lit pas : {erreur}", ligne) from None

    def _nombre(self, meta: dict[str, tuple[int, str]], cle: str, compte: int, quoi: str) -> None:
        if cle not in meta:
            return
        ligne, texte = meta[cle]
        try:
            dit = entier(texte)
        except ValueError as erreur:
            raise self.faute(f"{cle} : {erreur}", ligne) from None
        if dit != compte:
            raise self.faute(f"{cle} annonce {dit} {quoi}, le fichier en contient {compte}.", ligne)


def _cellules(ligne: str) -> list[str] | None:
    """Cells of a line in which some are quoted; None when a quoted cell is not closed.

    A quote inside a cell, or one whose closing quote ends before the cell does, is a letter like any other.
    """
    cellules: list[str] = []
    debut = 0
    while True:
        cite = CITE.match(ligne, debut)
        if cite:
            cellules.append(cite[1].replace('""', '"'))
            fin = cite.end() - len(cite[2])
        else:
            fin = ligne.find(";", debut)
            fin = len(ligne) if fin < 0 else fin
            texte = ligne[debut:fin]
            if texte.lstrip().startswith('"') and ligne.count('"', debut) % 2:
                return None
            cellules.append(texte)
        if fin >= len(ligne):
            return cellules
        debut = fin + 1


def _cle_et_valeur(ligne: str, cellules: list[str]) -> list[str]:
    """Cells of a line of META: its key and its value, which holds semicolons when nobody quoted it.

    Those at the end of the line, with nothing after, are what a spreadsheet adds to make its rows alike.
    """
    while len(cellules) > 2 and not cellules[-1].strip():
        cellules.pop()
    if len(cellules) < 3:
        return cellules
    if ligne.lstrip().startswith('"'):
        return [cellules[0], ";".join(cellules[1:])]
    valeur = ligne.partition(";")[2]
    fin = len(valeur.rstrip("; \t"))
    return [cellules[0], valeur[:fin] + valeur[fin:].partition(";")[0]]


def _est_vide(cellules: Iterable[str]) -> bool:
    return not any(map(str.strip, cellules))


def election_de(fichier: FichierPb, *, rangs_en_points: bool = False) -> Election:
    """What the file asks to count, its budget in cents.

    An option's key is its `project_id`. Points of 0 are no support. Ranked ballots are a ranking or, where
    `rangs_en_points`, points: as many for the first as a ballot may rank (`max_length`), one less for each next.
    """
    places = {fichier.cle(projet): place for place, projet in enumerate(fichier.projets)}
    genre = Genre.POINTS if rangs_en_points and fichier.genre == Genre.CLASSEMENT else fichier.genre
    plus = rangs_au_plus(fichier) if genre != fichier.genre else 0
    quoi = fichier.colonnes_votes.index("vote")
    points = fichier.colonnes_votes.index("points") if fichier.genre == Genre.POINTS else None
    lieu = next((fichier.colonnes_votes.index(nom) for nom in COLONNES_DU_LIEU if nom in fichier.colonnes_votes), None)
    bulletins = []
    for cellules in fichier.votes:
        pris = nommes(cellules[quoi])
        valeurs: Iterable[int]
        if points is not None:
            valeurs = map(entier, nommes(cellules[points]))
        elif fichier.genre == Genre.CLASSEMENT:
            valeurs = range(plus, plus - len(pris), -1) if plus else range(1, len(pris) + 1)
        else:
            valeurs = [1] * len(pris)
        notes = sorted((places[cle], valeur) for cle, valeur in zip(pris, valeurs, strict=True) if valeur)
        bulletins.append(Bulletin(tuple(notes), territoire="" if lieu is None else cellules[lieu].strip()))
    return Election(genre, _options(fichier), tuple(bulletins), budget=fichier.budget)


def hors_bornes(fichier: FichierPb) -> dict[int, str]:
    """{place of a ballot: the bound of META that it breaks first}, in the order of the file.

    A blank ballot breaks none. Published files hold such ballots and their published outcomes count them: nothing is
    refused here. A bound that is not a number says nothing.
    """
    bornes = [
        (borne, mesure, signe, limite)
        for mesure in ("length", "sum_cost", "points", "sum_points")
        for signe, borne in ((-1, f"min_{mesure}"), (1, f"max_{mesure}"))
        if (limite := _borne(fichier, borne)) is not None
    ]
    if not bornes:
        return {}
    couts = {
        fichier.cle(projet): centimes(projet[fichier.colonnes_projets.index("cost")]) for projet in fichier.projets
    }
    vote = fichier.colonnes_votes.index("vote")
    points = fichier.colonnes_votes.index("points") if fichier.genre == Genre.POINTS else None
    dehors = {}
    for place, cellules in enumerate(fichier.votes):
        if not (pris := nommes(cellules[vote])):
            continue
        donnes = [] if points is None else list(map(entier, nommes(cellules[points])))
        mesures = {
            "length": [len(pris)],
            "sum_cost": [sum(couts[cle] for cle in pris)],
            "points": donnes,
            "sum_points": [sum(donnes)] if donnes else [],
        }
        for borne, mesure, signe, limite in bornes:
            if any(signe * valeur > signe * limite for valeur in mesures[mesure]):
                dehors[place] = borne
                break
    return dehors


def _borne(fichier: FichierPb, nom: str) -> int | None:
    dite = fichier.dit(nom)
    try:
        return (centimes if nom.endswith("_cost") else entier)(dite) if dite else None
    except ValueError:
        return None


def rangs_au_plus(fichier: FichierPb) -> int:
    """How many projects a ballot may rank: `max_length`, or the longest ranking where the file does not say."""
    vote = fichier.colonnes_votes.index("vote")
    plus = max((len(nommes(cellules[vote])) for cellules in fichier.votes), default=1)
    dit = fichier.dit("max_length")
    return max(plus, min(entier(dit), POINTS_MAX) if ENTIER.fullmatch(dit) else 1)


def _options(fichier: FichierPb) -> tuple[Option, ...]:
    def cellule(projet: Ligne, *noms: str) -> str:
        return next(
            (projet[fichier.colonnes_projets.index(nom)].strip() for nom in noms if nom in fichier.colonnes_projets), ""
        )

    return tuple(
        Option(
            cle=fichier.cle(projet),
            titre=cellule(projet, "name") or fichier.cle(projet),
            cout=centimes(cellule(projet, "cost")),
            territoire=cellule(projet, *COLONNES_DU_LIEU),
            categories=tuple(nommes(cellule(projet, "category"))),
        )
        for projet in fichier.projets
    )


def ecarts(fichier: FichierPb) -> dict[str, dict[str, tuple[int, int]]]:
    """{column: {project: (figure of the file, our count)}}, where they differ; only the whole numbers that the file has.

    `votes`: ballots that name the project; `score`: its points, those of its ranks where ballots rank.
    """
    election = election_de(fichier, rangs_en_points=True)
    comptes = {"votes": _soutiens(election), **({"score": election.totaux()} if election.genre == Genre.POINTS else {})}
    return {
        nom: {
            cle: (entier(dites[cle]), compte)
            for cle, compte in election.par_cle(nombres)
            if ENTIER.fullmatch(dites[cle]) and entier(dites[cle]) != compte
        }
        for nom, nombres in comptes.items()
        if (dites := fichier.colonne(nom))
    }


def _soutiens(election: Election) -> list[int]:
    """For each option, how many ballots name it: the column `votes` of the format, whatever a ballot says of it."""
    soutiens = [0] * len(election.options)
    for bulletin in election.bulletins:
        for place, _ in bulletin.notes:
            soutiens[place] += bulletin.poids
    return soutiens


def fichier_de(election: Election, *, meta: Mapping[str, str] | None = None, retenues: Iterable[str] = ()) -> FichierPb:
    """The file of an election; ballots are numbered, in their order. `retenues`: winners, if they are known.

    `meta` comes first, then what the election itself says. Raises ValueError for grades, that the format cannot hold.
    """
    types = {genre: nom for nom, genre in reversed(GENRES.items())}
    if election.genre not in types:
        raise ValueError("Le format .pb ne sait pas écrire des mentions.")
    gagnantes = set(retenues)
    votes = [bulletin for bulletin in election.bulletins for _ in range(bulletin.poids)]
    en_points = election.genre == Genre.POINTS
    # The sum of ranks would make the last of a ranking the most voted one; its `score` is the affair of a rule.
    comptes = election.totaux() if en_points else _soutiens(election)
    return FichierPb(
        meta={
            **(meta or {}),
            "num_projects": str(len(election.options)),
            "num_votes": str(len(votes)),
            "budget": en_unites(election.budget or 0),
            "vote_type": types[election.genre],
        },
        colonnes_projets=("project_id", "cost", "score" if en_points else "votes", "name", "category", "district")
        + (("selected",) if gagnantes else ()),
        projets=tuple(
            (
                option.cle,
                en_unites(option.cout),
                str(comptes[place]),
                _une_ligne(option.titre),
                ",".join(option.categories),
                _une_ligne(option.territoire),
                *(("1" if option.cle in gagnantes else "0",) if gagnantes else ()),
            )
            for place, option in enumerate(election.options)
        ),
        colonnes_votes=("voter_id", "vote", *(("points",) if en_points else ()), "district"),
        votes=tuple(
            (str(rang), *_bulletin(election, bulletin), _une_ligne(bulletin.territoire))
            for rang, bulletin in enumerate(votes, 1)
        ),
    )


def _bulletin(election: Election, bulletin: Bulletin) -> tuple[str, ...]:
    notes = sorted(bulletin.notes, key=lambda note: note[1]) if election.genre == Genre.CLASSEMENT else bulletin.notes
    pris = ",".join(election.options[place].cle for place, _ in notes)
    return (pris, ",".join(str(valeur) for _, valeur in notes)) if election.genre == Genre.POINTS else (pris,)


def _une_ligne(texte: str) -> str:
    return " ".join(texte.splitlines()).strip()


def en_unites(somme: int) -> str:
    """« 1234 » or « 1234.50 » of cents."""
    unites, reste = divmod(somme, 100)
    return f"{unites}.{reste:02d}" if reste else str(unites)
