"""The words of a comment as safe HTML: escaped, in paragraphs, with the people it names in bold."""

import re
from html import escape

from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

EXTRAIT = 300  # characters of a quotation
#: A tag of sanitised HTML, whose values are always between double quotes and may hold a « > ».
BALISE = re.compile(r"""(<(?:[^<>"]|"[^"]*")*>)""")


def en_html(texte: str, mots=()) -> SafeString:
    """`mots` are the names written after an @, as `Mention.mot` keeps them; the longest are marked first."""
    html = linebreaks(texte, autoescape=True)
    return mark_safe(_marquer(html, [conditional_escape(mot) for mot in mots]))


def en_gras(html: str, mots=()) -> SafeString:
    """The same names in a text already turned into sanitised HTML: what stands in a tag, an address, is left alone."""
    if not mots:
        return mark_safe(html)
    morceaux = BALISE.split(html)
    morceaux[::2] = [_marquer(morceau, [escape(mot, quote=False) for mot in mots]) for morceau in morceaux[::2]]
    return mark_safe("".join(morceaux))


def _marquer(html: str, mots) -> str:
    """In one pass, whole names: neither the beginning of a longer one, nor the end of an address."""
    noms = [re.escape(mot) for mot in sorted(set(mots), key=len, reverse=True)]
    if not noms:
        return html
    appels = re.compile(rf"(?<![\w@.])@(?:{'|'.join(noms)})(?!\w)")
    return appels.sub(lambda appel: f'<strong class="mention">{appel[0]}</strong>', html)


def extrait(texte: str) -> str:
    """Beginning of a text, for a quotation."""
    propre = " ".join(texte.split())
    return propre if len(propre) <= EXTRAIT else f"{propre[: EXTRAIT - 1].rstrip()}…"
