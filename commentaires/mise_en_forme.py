"""The words of a comment as safe HTML: escaped, in paragraphs, with the people it names in bold."""

from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

EXTRAIT = 300  # characters of a quotation


def en_html(texte: str, mots=()) -> SafeString:
    """`mots` are the names written after an @, as `Mention.mot` keeps them; the longest are marked first."""
    html = linebreaks(texte, autoescape=True)
    for mot in sorted(set(mots), key=len, reverse=True):
        nom = f"@{conditional_escape(mot)}"
        html = html.replace(nom, f'<strong class="mention">{nom}</strong>')
    return mark_safe(html)


def extrait(texte: str) -> str:
    """Beginning of a text, for a quotation."""
    propre = " ".join(texte.split())
    return propre if len(propre) <= EXTRAIT else f"{propre[: EXTRAIT - 1].rstrip()}…"
