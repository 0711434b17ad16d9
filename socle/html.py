"""Rich text: the only file that knows Markdown, bleach and nh3.

bleach was asked for and no longer receives fixes, so nh3 reads after it, with the same closed list.
"""

import bleach
import nh3
from markdown_it import MarkdownIt

BALISES = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "code", "hr"}
ATTRIBUTS = {"a": {"href", "title"}}
PROTOCOLES = {"http", "https", "mailto"}
LONGUEUR_MAX = 50_000  # characters; longer text is refused before any parser reads it

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])


class TexteTropLong(ValueError):
    pass


def nettoyer(html: str) -> str:
    """HTML reduced to the closed list above. Raises TexteTropLong past LONGUEUR_MAX characters."""
    html = html.replace("\x00", "")
    if len(html) > 4 * LONGUEUR_MAX:
        raise TexteTropLong
    sobre = bleach.clean(
        html,
        tags=BALISES,
        attributes={balise: sorted(noms) for balise, noms in ATTRIBUTS.items()},
        protocols=PROTOCOLES,
        strip=True,
        strip_comments=True,
    )
    return nh3.clean(
        sobre,
        tags=BALISES,
        attributes=ATTRIBUTS,
        url_schemes=PROTOCOLES,
        link_rel="nofollow ugc noopener",
        strip_comments=True,
    )


def en_html(texte: str) -> str:
    """Safe HTML of a text typed in Markdown (headings start at h3: the page owns h1 and h2)."""
    if len(texte) > LONGUEUR_MAX:
        raise TexteTropLong
    html = _markdown.render(texte.replace("\x00", ""))
    for niveau in (6, 5, 4, 3, 2, 1):
        vers = min(niveau + 2, 4)
        html = html.replace(f"<h{niveau}>", f"<h{vers}>").replace(f"</h{niveau}>", f"</h{vers}>")
    return nettoyer(html)
