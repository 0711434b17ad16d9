"""Pages made to stand inside a page of another site: a short survey, a list of what is open.

They live under one root. A frame of this site inside another one is a stranger there: many browsers give it no cookie, and
a framed page that read some would let any site act for whoever is signed in. So no cookie is read nor written under that
root, and these pages alone may be framed.
"""

from functools import wraps

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from socle.adresses import absolue

RACINE = "/integrer/"
LARGEUR = 360  # px, of a frame on its host's page; it shrinks with a smaller one
#: No script and no origin of its own. What opens in a new tab is an ordinary page of the site, where one can sign in.
BAC_A_SABLE = "allow-forms allow-popups allow-popups-to-escape-sandbox"


class SansTemoins:
    """Middleware, before sessions: under the root of frames, nobody is signed in and nothing is remembered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(RACINE):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        reponse = self.get_response(request)
        reponse.cookies.clear()
        return reponse


def integrable(vue):
    """Decorator of a view under RACINE: the sites of `CADRES_ADMIS` may frame its page, and its forms carry a key of their own
    instead of the token of a session. What does not exist is told inside the frame."""

    @csrf_exempt
    @wraps(vue)
    def cadre(request, *args, **kwargs):
        try:
            reponse = vue(request, *args, **kwargs)
        except Http404:
            reponse = render(request, "cadres/introuvable.html", status=404)
        reponse._csp_replace = {
            "frame-ancestors": list(settings.CADRES_ADMIS),
            "script-src": [NONE],
            "connect-src": [NONE],
            "form-action": [SELF],
            "sandbox": BAC_A_SABLE.split(),  # even where the host forgot it
        }
        reponse.xframe_options_exempt = True
        reponse.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        reponse.headers["X-Robots-Tag"] = "noindex"
        return reponse

    return cadre


def code_html(chemin: str, *, titre: str, hauteur: int, largeur: int = LARGEUR) -> SafeString:
    """What a site copies to show this page: a frame with a name, without script. Sizes in px."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" sandbox="{}" style="border:0;max-width:100%"></iframe>',
        absolue(chemin),
        titre,
        largeur,
        hauteur,
        BAC_A_SABLE,
    )


def code_html_sans_place(chemin: str, *, titre: str, hauteur: int, largeur: int = LARGEUR) -> SafeString:
    """The same as an `object`, which browsers fold away when the page answers that there is nothing (404). Its sandbox is
    the one that the page itself asks for."""
    return format_html(
        '<object type="text/html" data="{}" title="{}" width="{}" height="{}" style="border:0;max-width:100%"></object>',
        absolue(chemin),
        titre,
        largeur,
        hauteur,
    )
