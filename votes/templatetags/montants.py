"""Money and shares in templates."""

from django import template
from django.utils.formats import number_format

from votes.montants import en_monnaie

register = template.Library()


@register.filter
def euros(centimes) -> str:
    """« 12 000 € » of 1200000 cents; nothing when nothing is known."""
    return en_monnaie(centimes)


@register.filter
def pourcent(part: float | None) -> str:
    """« 12,5 » of a share from 0 to 1, rounded to a tenth; a dash of nothing."""
    return "–" if part is None else number_format(round(100 * part, 1), decimal_pos=1)
