from django import template
from django.utils.translation import gettext as _

register = template.Library()

# First found wins: Edge says that it is Chrome, Chrome that it is Safari, Android that it is Linux.
NAVIGATEURS = (
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def appareil(user_agent: str) -> str:
    """What a browser says of itself, in words that its owner recognises: « Firefox sur Android »."""
    navigateur = next((nom for signe, nom in NAVIGATEURS if signe in user_agent), "")
    systeme = next((nom for signe, nom in SYSTEMES if signe in user_agent), "")
    if navigateur and systeme:
        return _("%(navigateur)s sur %(systeme)s") % {"navigateur": navigateur, "systeme": systeme}
    return navigateur or systeme or user_agent[:60] or _("Navigateur inconnu")
