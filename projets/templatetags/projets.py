from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from projets.models import Etape, Projet, RoleProjet
from socle.html import en_html

register = template.Library()


@register.filter
def en_date(texte) -> datetime | None:
    """Moment written in the journal (`timeline.chaine.horodatage`), as a date that templates can format."""
    return datetime.fromisoformat(texte) if texte else None


@register.filter
def noms_des_champs(champs, modele="projet") -> str:
    """Names that people know, of fields listed in the journal."""
    classe = {"projet": Projet, "etape": Etape}[modele]
    return get_text_list([f"« {classe._meta.get_field(champ).verbose_name} »" for champ in champs], _("et"))


@register.filter
def nom_du_role(code) -> str:
    return str(dict(RoleProjet.Nom.choices).get(code, code)).lower()


@register.filter
def riche(texte) -> SafeString:
    """Typed Markdown as safe HTML."""
    return SafeString(_en_html(texte))


@lru_cache(maxsize=256)
def _en_html(texte: str) -> str:
    """Published texts are read far more often than written, and sanitising costs milliseconds."""
    return en_html(texte)
