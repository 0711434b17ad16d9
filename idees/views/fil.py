from django.urls import reverse
from django.utils.translation import gettext as _


def debut_du_fil() -> dict:
    """First step of the trail of every page of ideas."""
    return {"texte": _("Les idées"), "url": reverse("idees:liste")}
