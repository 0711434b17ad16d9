from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
DESSINS_GARDES = 1024  # about 4 kB each


@register.simple_tag
def carte_idee(carte, niveau=3) -> SafeString:
    """`composants/_carte_idee.html`, drawn once for all who read the same words in the same language on the same day."""
    noms = (str(carte.thematique), str(carte.commune))  # rows are equal by number, whatever they are called since
    return _dessiner(carte, noms, niveau, get_language(), timezone.localdate())


@lru_cache(maxsize=DESSINS_GARDES)
def _dessiner(carte, noms, niveau, langue, jour) -> SafeString:
    """A pure function of its arguments: nothing of a person, nothing to forget when something changes."""
    return render_to_string("composants/_carte_idee.html", {"idee": carte, "niveau": niveau})
