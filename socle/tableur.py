"""Files that a spreadsheet opens safely."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

#: First characters that make a spreadsheet run the cell as a formula, full-width forms included.
FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def sans_formule(cellule: str) -> str:
    """The same text, that no spreadsheet takes for a formula: an apostrophe comes first, as one types it by hand."""
    return (
        f"'{cellule}"
        if cellule.lstrip(" \u00a0\ufeff").startswith(FORMULES) or cellule.startswith(FORMULES)
        else cellule
    )


class _Ligne:
    def write(self, ligne: str) -> str:
        return ligne


def en_csv(entetes: Iterable, lignes: Iterable[Iterable]) -> Iterator[str]:
    """Lines of the file, with the mark that makes spreadsheets read it as UTF-8. Numbers stay numbers."""
    ecrire = csv.writer(_Ligne(), delimiter=";", quoting=csv.QUOTE_ALL).writerow
    yield "\ufeff"
    yield ecrire(entetes)
    for ligne in lignes:
        yield ecrire([sans_formule(c.replace("\x00", "␀")) if isinstance(c, str) else c for c in ligne])


@contextmanager
def cases_jusqu_a(limite: int) -> Iterator[None]:
    """Inside, a cell that is read may be that long, in characters. The limit belongs to the whole process: it is put back."""
    avant = csv.field_size_limit(limite)
    try:
        yield
    finally:
        csv.field_size_limit(avant)


Enregistrement = TypeVar("Enregistrement")


class Bornees(Generic[Enregistrement]):
    """Records of a `csv` reader whose cells may be `limite` characters long.

    The limit is put back between two records: a reading that is left half-way changes nothing for the others.
    """

    def __init__(self, lecteur: Iterator[Enregistrement], limite: int):
        self.lecteur, self.limite = lecteur, limite

    def __iter__(self) -> "Bornees[Enregistrement]":
        return self

    def __next__(self) -> Enregistrement:
        with cases_jusqu_a(self.limite):
            return next(self.lecteur)
