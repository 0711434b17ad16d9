"""An entry as a sentence: template `timeline/phrases/<type>.html`, written by the app that owns the type."""

from html import unescape

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from socle.templatetags.composants import en_francais
from timeline.huis_clos import est_lisible_dedans


def phrase(entree) -> SafeString:
    """One HTML sentence, links included. A target that is hidden or gone is told without its words.

    `fr` is the `lang` of what people wrote, for a sentence in another language.
    """
    cible = entree.cible
    if entree.communaute_id:  # whoever reads this entry is in
        cachee = cible is None or not est_lisible_dedans(cible)
    else:
        cachee = cible is None or not getattr(cible, "est_lisible", True)
    return SafeString(
        render_to_string(
            f"timeline/phrases/{entree.type}.html",
            {"entree": entree, "cible": cible, "cachee": cachee, "donnees": entree.donnees, "fr": en_francais()},
        ).strip()
    )


def phrase_en_texte(entree) -> str:
    return " ".join(unescape(strip_tags(phrase(entree))).split())
