"""Light, dark, or as the device says: a cookie read by the server, so that no page flashes and no script is needed."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = ("auto", "clair", "sombre")
UN_AN = 365 * 24 * 3600


def theme_choisi(request) -> str:
    theme = request.COOKIES.get(COOKIE, "auto")
    return theme if theme in THEMES else "auto"


@require_POST
def choisir_theme(request):
    """Remember the theme, then go back to the page (`suite`, never another site)."""
    suite = request.POST.get("suite", "")
    if not url_has_allowed_host_and_scheme(
        suite, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        suite = "/"
    reponse = HttpResponseRedirect(suite)
    theme = request.POST.get("theme")
    if theme in THEMES:
        reponse.set_cookie(
            COOKIE, theme, max_age=UN_AN, samesite="Lax", secure=getattr(settings, "SESSION_COOKIE_SECURE", False)
        )
    return reponse
