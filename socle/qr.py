"""QR codes of what is printed: the way back from paper to the site. Drawn here, inside the page."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def dessiner(adresse: str, titre: str) -> SafeString:
    """The address as an SVG, black on white in every theme; `titre` says what it leads to."""
    dessin = segno.make(adresse, error="m", micro=False).svg_inline(
        omitsize=True, svgclass="qr__dessin", lineclass=None, dark="#000", light="#fff"
    )
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', titre, mark_safe(dessin))
