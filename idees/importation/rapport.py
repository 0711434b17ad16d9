"""The refused lines as a file that a spreadsheet opens safely."""

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

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


def en_csv(defauts: Iterable) -> Iterator[str]:
    """Lines of the report, with the mark that makes spreadsheets read it as UTF-8."""
    ecrire = csv.writer(_Ligne(), delimiter=";", quoting=csv.QUOTE_ALL).writerow
    yield "\ufeff"
    yield ecrire([_("Ligne"), _("Colonne"), _("Valeur"), _("Raison")])
    for defaut in defauts:
        textes = (defaut.colonne, defaut.valeur[:1000], defaut.raison)
        yield ecrire([defaut.numero, *(sans_formule(texte.replace("\x00", "␀")) for texte in textes)])
