from django.urls import reverse
from django.utils.translation import gettext as _


def debut_du_fil() -> dict:
    return {"texte": _("Consultations"), "url": reverse("consultations:liste")}
