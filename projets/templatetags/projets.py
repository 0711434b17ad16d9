from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projets.models import Etape, Projet, RoleProjet, nom_du_champ
from socle.html import en_html
from socle.templatetags.composants import jour

register = template.Library()


@register.filter
def en_date(texte) -> datetime | None:
    """Moment written in the journal (`timeline.chaine.horodatage`), as a date that templates can format."""
    return datetime.fromisoformat(texte) if texte else None


@register.filter
def moment(quand) -> str:
    """Day and hour as people say them: « 1er avril 2027 à 23 h 59 » in French, in the site's time zone."""
    local = timezone.localtime(quand)
    heure = date_format(local, "TIME_FORMAT")
    if (get_language() or "").startswith("fr"):
        heure = "\N{NO-BREAK SPACE}".join([str(local.hour), "h", *([f"{local.minute:02}"] if local.minute else [])])
    return _("%(jour)s à %(heure)s") % {"jour": jour(local), "heure": heure}


@register.filter
def noms_des_champs(champs, modele="projet") -> str:
    """Names that people know, of fields listed in the journal."""
    classe: type[Projet] | type[Etape] = Etape if modele == "etape" else Projet
    return get_text_list(
        [f"«\N{NO-BREAK SPACE}{nom_du_champ(classe, champ)}\N{NO-BREAK SPACE}»" for champ in champs], _("et")
    )


@register.filter
def nom_du_role(code) -> str:
    return str(dict(RoleProjet.Nom.choices).get(code, code)).lower()


@register.filter
def riche(texte, titre=3) -> SafeString:
    """Typed Markdown as safe HTML, its largest heading being <h{titre}> (2 or 3) so that the page skips no level."""
    html = _en_html(texte)
    if "<h3>" not in html:
        html = html.replace("<h4>", "<h3>").replace("</h4>", "</h3>")
    if titre == 2:
        for haut, bas in (("h2", "h3"), ("h3", "h4")):
            html = html.replace(f"<{bas}>", f"<{haut}>").replace(f"</{bas}>", f"</{haut}>")
    return SafeString(html)


@lru_cache(maxsize=256)
def _en_html(texte: str) -> str:
    """Published texts are read far more often than written, and sanitising costs milliseconds."""
    return en_html(texte)
