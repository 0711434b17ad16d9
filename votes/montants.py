"""Money: kept in cents, typed and read in euros."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

#: Ten thousand million euros: more than any city spends, and far from what the database can hold.
CENTIMES_MAX = 10**12

_ESPACES = re.compile(r"[\s\u00a0\u202f'’_]")
_MONTANT = re.compile(r"\d+(?:\.\d{1,2})?", re.ASCII)
_MILLIERS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", re.ASCII)  # a dot between thousands
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", re.ASCII)  # a comma, as pages in English write them
PAS_UN_MONTANT = _("« %(ecrit)s » n’est pas un montant en euros. Écrivez par exemple 12 000 ou 12 000,50.")
TROP_GRAND = _("Ce montant est trop grand : vérifiez-le.")


def en_centimes(ecrit: str) -> int | None:
    """Cents of « 12 000,50 € », « 12.000 » or « 12000.5 »; None when nothing is written. Raises ValidationError."""
    montant = _ESPACES.sub("", ecrit).removesuffix("€").removesuffix("EUR").removeprefix("€")
    if not montant:
        return None
    if _MILLIERS.fullmatch(montant):
        montant = montant.replace(".", "")
    elif _lit_en_anglais() and _THOUSANDS.fullmatch(montant):
        montant = montant.replace(",", "")
    montant = montant.replace(",", ".")
    if not _MONTANT.fullmatch(montant):
        raise ValidationError(PAS_UN_MONTANT, params={"ecrit": ecrit.strip()[:40]}, code="montant")
    if len(montant) > 20 or (centimes := int(Decimal(montant) * 100)) > CENTIMES_MAX:
        raise ValidationError(TROP_GRAND, code="trop_grand")
    return centimes


def _lit_en_anglais() -> bool:
    """« 1,234 » is a thousand to whoever reads in English, and a slip of the keyboard to others."""
    return (get_language() or "").startswith("en")


def en_euros(centimes: int | None) -> str:
    """« 12 000,50 », without its cents when there are none; nothing for nothing."""
    if centimes is None:
        return ""
    return number_format(Decimal(centimes) / 100, decimal_pos=0 if centimes % 100 == 0 else 2, force_grouping=True)


def en_monnaie(centimes: int | None) -> str:
    """« 12 000 € », “€12,000”: the amount and its sign as the language writes them; nothing for nothing.

    `static/js/bulletin.js` writes the same through the browser.
    """
    if centimes is None:
        return ""
    return (gettext("%(montant)s €") % {"montant": en_euros(centimes)}).replace(" €", "\N{NO-BREAK SPACE}€")


class EurosField(forms.CharField):
    """An amount as people write it. Gives cents, or None when it is left blank."""

    def __init__(self, *, positif: bool = False, **options: Any):
        self.positif = positif
        super().__init__(max_length=40, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value):
        centimes = en_centimes(super().clean(value))
        if centimes == 0 and self.positif:
            raise ValidationError(_("Écrivez un montant plus grand que zéro."), code="nul")
        return centimes

    def prepare_value(self, value):
        return en_euros(value) if isinstance(value, int) else value
