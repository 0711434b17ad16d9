"""Light, dark, or as the device says: a cookie read by the server, so that no page flashes and no script is needed."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from socle.suite import suite_demandee

COOKIE = "theme"
THEMES = ("auto", "clair", "sombre")
UN_AN = 365 * 24 * 3600


def theme_choisi(request) -> str:
    theme = request.COOKIES.get(COOKIE, "auto")
    return theme if theme in THEMES else "auto"


@require_POST
def choisir_theme(request):
    """Remember the theme, then go back to the page (`suite`, never another site)."""
    reponse = HttpResponseRedirect(suite_demandee(request) or "/")
    theme = request.POST.get("theme")
    if theme in THEMES:
        reponse.set_cookie(
            COOKIE, theme, max_age=UN_AN, samesite="Lax", secure=getattr(settings, "SESSION_COOKIE_SECURE", False)
        )
    return reponse
