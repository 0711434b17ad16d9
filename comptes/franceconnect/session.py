"""What FranceConnect gave at sign-in and wants back at sign-out. Kept in the session, nowhere else."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.crypto import get_random_string

CLE = "franceconnect"


def recevoir_jeton(request, jeton: str, fin: str) -> None:
    """Keep the id_token and the address where FranceConnect closes its own session."""
    request.franceconnect = {"jeton": jeton, "fin": fin}
    garder_jeton(request)


def garder_jeton(request) -> None:
    """Again after the sign-in itself, which may have emptied the session."""
    if recu := getattr(request, "franceconnect", None):
        request.session[CLE] = recu


def adresse_de_deconnexion(request) -> str | None:
    """Where to send somebody who entered by FranceConnect and leaves; None for everybody else."""
    recu = request.session.get(CLE)
    if not recu or not recu["fin"]:
        return None
    parametres = {
        "id_token_hint": recu["jeton"],
        "state": get_random_string(48),
        "post_logout_redirect_uri": request.build_absolute_uri(resolve_url(settings.ACCOUNT_LOGOUT_REDIRECT_URL)),
    }
    return f"{recu['fin']}?{urlencode(parametres)}"
