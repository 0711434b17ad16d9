from django.urls import reverse
from django.utils.translation import gettext as _


def debut_du_fil() -> dict:
    return {"texte": _("Votes"), "url": reverse("votes:liste")}


def fil_de(scrutin, *suite: dict) -> list[dict]:
    return [debut_du_fil(), {"texte": scrutin.titre, "ecrit": True, "url": scrutin.get_absolute_url()}, *suite]
