from django import template
from django.apps import apps
from django.utils.translation import gettext as _

from commentaires.fil import Lecture
from commentaires.mise_en_forme import en_gras
from timeline.huis_clos import est_lisible_dedans

register = template.Library()


@register.inclusion_tag("commentaires/_discussion.html", takes_context=True)
def discussion(context, objet):
    """The discussion of something, with its form: `{% discussion idee %}`, on the page of `idee.get_absolute_url`."""
    request = context["request"]
    return Lecture(objet, request.user, request.GET).contexte(request)


@register.filter
def avec_noms(html, mots):
    """Safe HTML in which these names, after an @, stand in bold: `{{ sujet.texte|riche|avec_noms:noms }}`."""
    return en_gras(html, mots)


@register.filter
def nommable_dedans(commentaire, entree):
    """What a comment is about, for the sentence of an entry that is read inside a community alone; None elsewhere, where
    the thing may be read by fewer people than the entry, and when moderation hides it."""
    if not entree.communaute_id or commentaire.cible is None or not est_lisible_dedans(commentaire.cible):
        return None
    return commentaire.cible


@register.filter
def nom_de_la_cible(etiquette) -> str:
    """« idees.idee:12 », as the journal keeps it, in words: « idée n° 12 ». No query, and no word of anybody."""
    modele, _separateur, pk = str(etiquette).partition(":")
    try:
        nom = apps.get_model(modele)._meta.verbose_name
    except (LookupError, ValueError):
        return ""
    return _("%(quoi)s n° %(n)s") % {"quoi": str(nom).lower(), "n": pk}
