"""The words of a comment as safe HTML: escaped, in paragraphs, with the people it names in bold."""

import re

from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

EXTRAIT = 300  # characters of a quotation


def en_html(texte: str, mots=()) -> SafeString:
    """`mots` are the names written after an @, as `Mention.mot` keeps them; the longest are marked first."""
    html = linebreaks(texte, autoescape=True)
    noms = [re.escape(conditional_escape(mot)) for mot in sorted(set(mots), key=len, reverse=True)]
    if noms:
        # One pass, whole names: neither the beginning of a longer one, nor the end of an address.
        appels = re.compile(rf"(?<![\w@.])@(?:{'|'.join(noms)})(?!\w)")
        html = appels.sub(lambda appel: f'<strong class="mention">{appel[0]}</strong>', html)
    return mark_safe(html)


def extrait(texte: str) -> str:
    """Beginning of a text, for a quotation."""
    propre = " ".join(texte.split())
    return propre if len(propre) <= EXTRAIT else f"{propre[: EXTRAIT - 1].rstrip()}…"
