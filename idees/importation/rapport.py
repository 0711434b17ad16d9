"""The refused lines as a file that a spreadsheet opens safely."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from socle import tableur


def en_csv(defauts: Iterable) -> Iterator[str]:
    entetes = [_("Ligne"), _("Colonne"), _("Valeur"), _("Raison")]
    return tableur.en_csv(entetes, ([d.numero, d.colonne, d.valeur[:1000], d.raison] for d in defauts))
