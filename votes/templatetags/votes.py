from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from votes.montants import en_euros

register = template.Library()


@register.filter
def euros(centimes: int | None) -> str:
    """« 12 500 € » of cents; cents are shown where there are some."""
    if centimes is None:
        return ""
    return _("%(montant)s €") % {"montant": en_euros(int(centimes))}


@register.filter
def pourcent(part: float | None) -> str:
    """« 12,5 » of a share from 0 to 1, rounded to a tenth; a dash of nothing."""
    return "–" if part is None else number_format(round(100 * part, 1), decimal_pos=1)
