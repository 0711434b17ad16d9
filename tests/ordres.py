"""A statement to a database, taken apart: what two databases may understand differently is in its parts.

AND, OR, NOT, joins and commas put parts together the same way everywhere. A SELECT, an UPDATE or a DELETE is thus as many
things as it computes columns, joins tables, sets conditions and orders; the tables that it locks are one more. What groups, sorts
out doubles, joins two results or inserts is one thing, whole.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

# How many rows, values, branches or searches is no other statement.
_LISTES = re.compile(r"\((?:%s(?:, )?)+\)(?:, \((?:%s(?:, )?)+\))*|(?<=LIMIT )\d+|(?<=OFFSET )\d+")
_BRANCHES = re.compile(r"(?:WHEN \([^()]*\) THEN %s )+")
_UNION_DE_MEMES = re.compile(r"(SELECT (?:[^()]|\(\*\))+?)(?: UNION ALL \1)+(?= |$|\))")
_PLUSIEURS = re.compile(r"IN \(%s|\), \(%s|THEN %s WHEN| UNION ALL ")

_ENTIER = re.compile(r"GROUP BY|DISTINCT|UNION|INTERSECT|EXCEPT|OVER|RETURNING")
#: Columns that a SELECT only reads: which ones changes nothing for a database.
_COLONNES = re.compile(r'^SELECT (?:(?:"\w+"|\w+)\."\w+"(?: AS "\w+")?(?:, )?)+ FROM')
_COLONNE = re.compile(r'(?:"\w+"|\w+)\."\w+"(?: AS "\w+")?|…')
#: A lock, as a remark (see `tests.releve`): one database refuses to lock what another joins.
_VERROU = re.compile(r" /\* FOR UPDATE[^*]*\*/$")
#: The second name of a table, where a statement reads it twice or from inside.
_SURNOM = re.compile(r'"(\w+)" ([A-Z]\d+)\b')
_PARENTHESES = re.compile(r"[()]")
_MOTS = re.compile(
    r"'(?:[^']|'')*'|[()]|, | (?:FROM|INNER JOIN|LEFT OUTER JOIN|SET|WHERE|ORDER BY|LIMIT|OFFSET|AND|OR|BETWEEN) "
)
_PHRASES = frozenset(
    {" FROM ", " INNER JOIN ", " LEFT OUTER JOIN ", " SET ", " WHERE ", " ORDER BY ", " LIMIT ", " OFFSET "}
)
_TABLES = frozenset({" FROM ", " INNER JOIN ", " LEFT OUTER JOIN "})
_LISTE_DE_TERMES = frozenset({" SET ", " ORDER BY "})
_ET_OU = frozenset({" AND ", " OR "})
_VIRGULE = frozenset({", "})


@dataclass(frozen=True)
class Part:
    """A part of a statement; which of its values are in it; whether it writes them."""

    texte: str
    places: tuple[int, ...]
    ecrit: bool

    @property
    def plusieurs(self) -> bool:
        """Has it as many values as one likes? The place of one then says nothing."""
        return bool(_PLUSIEURS.search(self.texte))

    @property
    def forme(self) -> str:
        sans_listes = _LISTES.sub("…", _BRANCHES.sub("… ", self.texte))
        return _UNION_DE_MEMES.sub(r"\1…", sans_listes) if " UNION ALL " in sans_listes else sans_listes


def entier(ordre: str, nombre: int) -> list[Part]:
    """The statement, whole, with its `nombre` values."""
    return [Part(ordre, tuple(range(nombre)), not ordre.startswith("SELECT"))]


@cache
def parts(ordre: str, nombre: int) -> list[Part]:
    """What this statement with `nombre` values says; itself, where it cannot be taken apart."""
    if not ordre.startswith(("SELECT ", "UPDATE ", "DELETE ")) or ordre.count("%s") != nombre:
        return entier(ordre, nombre)
    if not _se_coupe(ordre):
        return entier(ordre, nombre)
    if not _ENTIER.search(ordre):
        ordre = _COLONNES.sub("SELECT … FROM", ordre, count=1)
    verrou = _VERROU.search(ordre)
    requete = _Requete(ordre, 0, verrou.start() if verrou else len(ordre))
    return [*requete.parts(), *([Part(requete.tables() + verrou[0], (), False)] if verrou else [])]


def _se_coupe(ordre: str) -> bool:
    """May its parts be told one by one? What is said inside parentheses may be whole without making it so."""
    return ordre.count("(") == ordre.count(")") and not _ENTIER.search(_en_surface(ordre))


def _en_surface(ordre: str) -> str:
    profondeur, dehors = 0, []
    for morceau in re.findall(r"[()]|[^()]+", ordre):
        if morceau in "()":
            profondeur += 1 if morceau == "(" else -1
        elif not profondeur:
            dehors.append(morceau)
    return "".join(dehors)


class _Requete:
    """One statement, or one inside another: the span [debut, fin) of `ordre`. Its methods yield the parts of smaller spans."""

    def __init__(self, ordre: str, debut: int, fin: int, surnoms: Mapping[str, str] = MappingProxyType({})):
        self.ordre = ordre
        self.valeurs = [trouvee.start() for trouvee in re.finditer("%s", ordre)]
        (_rien, debut, fin), *self.phrases = self.morceaux(debut, fin, _PHRASES)
        self.tete = debut, fin
        self.surnoms = surnoms | {
            lue[2]: lue[1]
            for phrase, un, deux in self.phrases
            if phrase in _TABLES and (lue := _SURNOM.match(ordre, un, deux))
        }

    def parts(self) -> Iterator[Part]:
        ouvre, finit = self.tete
        tete = self.ordre[ouvre:finit]
        if tete.startswith("SELECT "):
            for _virgule, debut, fin in self.morceaux(ouvre + len("SELECT "), finit, _VIRGULE):
                if not _COLONNE.fullmatch(self.ordre, debut, fin):
                    yield from self.expression("SELECT ", debut, fin)
        else:
            yield from self.expression("", ouvre, finit)
        for phrase, debut, fin in self.phrases:
            if phrase == " WHERE ":
                yield from self.condition(debut, fin)
            elif phrase in _LISTE_DE_TERMES:
                for _virgule, un, deux in self.morceaux(debut, fin, _VIRGULE):
                    yield from self.expression(f"{tete}{phrase}" if phrase == " SET " else phrase, un, deux)
            else:
                yield from self.expression(phrase, debut, fin)

    def tables(self) -> str:
        lues = "".join(phrase + self.ordre[un:deux] for phrase, un, deux in self.phrases if phrase in _TABLES)
        return self.nommer(lues).strip()

    def condition(self, debut: int, fin: int) -> Iterator[Part]:
        while True:
            ouvre = debut + len("NOT ") * self.ordre.startswith("NOT (", debut, fin)
            if self.ordre[ouvre] != "(" or self.ordre.startswith("(SELECT ", ouvre) or self.ferme(ouvre) != fin - 1:
                break
            debut, fin = ouvre + 1, fin - 1
        termes = self.morceaux(debut, fin, _ET_OU)
        if len(termes) == 1:
            yield from self.expression(" WHERE ", debut, fin)
            return
        for _mot, un, deux in termes:
            yield from self.condition(un, deux)

    def expression(self, avant: str, debut: int, fin: int) -> Iterator[Part]:
        """One part, and those of the statements that are inside it."""
        texte, places, ici = avant, [], debut
        while (ouvre := self.ordre.find("(SELECT ", ici, fin)) >= 0:
            ferme = self.ferme(ouvre)
            a_part = _se_coupe(self.ordre[ouvre + 1 : ferme])
            jusque = ouvre if a_part else ferme
            texte, places = texte + self.ordre[ici:jusque], places + self.entre(ici, jusque)
            if a_part:
                dedans = _Requete(self.ordre, ouvre + 1, ferme, self.surnoms)
                texte += f"({dedans.nommer(self.ordre[ouvre + 1 : dedans.tete[1]])}…"  # of which type it is
                yield from dedans.parts()
            ici = ferme
        texte, places = texte + self.ordre[ici:fin], places + self.entre(ici, fin)
        yield Part(self.nommer(texte).strip(), tuple(places), " SET " in avant)

    def entre(self, debut: int, fin: int) -> list[int]:
        """Ranks of the values of this span."""
        return list(range(bisect_left(self.valeurs, debut), bisect_left(self.valeurs, fin)))

    def nommer(self, texte: str) -> str:
        """With the names of the tables: which second name one has depends on what is around."""
        for surnom, table in self.surnoms.items():
            if surnom in texte:
                texte = texte.replace(f'"{table}" {surnom}', f'"{table}"').replace(f"{surnom}.", f'"{table}".')
        return texte

    def morceaux(self, debut: int, fin: int, mots: frozenset[str]) -> list[tuple[str, int, int]]:
        """(word before it, start, end) of what these words separate, outside of parentheses."""
        coupes, profondeur, entre_deux, mot, ici = [], 0, False, "", debut
        for trouve in _MOTS.finditer(self.ordre, debut, fin):
            lu = trouve[0]
            if lu in "()":
                profondeur += 1 if lu == "(" else -1
            elif profondeur:
                continue
            elif lu == " BETWEEN ":
                entre_deux = True
            elif lu == " AND " and entre_deux:
                entre_deux = False
            elif lu in mots:
                coupes.append((mot, ici, trouve.start()))
                mot, ici = lu, trouve.end()
        return [*coupes, (mot, ici, fin)]

    def ferme(self, ouvre: int) -> int:
        """Where the parenthesis that opens there is closed."""
        profondeur = 0
        for trouve in _PARENTHESES.finditer(self.ordre, ouvre):
            profondeur += 1 if trouve[0] == "(" else -1
            if not profondeur:
                return trouve.start()
        return len(self.ordre)
