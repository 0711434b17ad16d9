from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from socle.templatetags.composants import nombre

register = template.Library()


@register.filter
def euros(centimes: int | None) -> str:
    """« 12 500 € » of cents; cents are shown where there are some."""
    if centimes is None:
        return ""
    entiers, reste = divmod(int(centimes), 100)
    if reste:
        return _("%(euros)s,%(centimes)02d €") % {"euros": nombre(entiers), "centimes": reste}
    return _("%(euros)s €") % {"euros": nombre(entiers)}


@register.filter
def pourcent(part: float | None) -> str:
    """« 12,5 » of a share from 0 to 1, rounded to a tenth; a dash of nothing."""
    return "–" if part is None else number_format(round(100 * part, 1), decimal_pos=1)
