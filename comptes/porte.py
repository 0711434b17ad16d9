"""What was typed in a form sent after the session had ended: kept while its author signs in, then sent again by her hand.

Ideas, comments, ballots and questionnaires can be written without an account and keep their words themselves; this is for
every other form. The session of the browser holds it, for an hour; signing out forgets it. See ADR 0029.
"""

import re
import time
from typing import Any, TypedDict

from django.conf import settings

from socle import cadence
from socle.adresses import montre_une_page

CLE_SAISIE = "saisie_gardee"
#: Whose session has ended here, and when: what this browser sends within the hour, before anybody signs in, is hers.
CLE_PARTIE = "partie"
GARDE = 3600  # seconds
LONGUEUR_MAX = 200_000  # characters of one form, values and names
#: Forms that one network may leave here in an hour: each is a row of sessions.
GARDEES_MAX, PERIODE = 30, 3600
#: Pages that ask for passwords and codes, ballots, the two buttons of every page, and what a page asks by itself while one types.
JAMAIS = re.compile(
    r"/(comptes|administration|langue|apparence)/|/votes/(?!jonctions/)|/idees/semblables/|.*/brouillon/$"
)
#: Fields that open something by themselves: never kept. A form gets another one when it comes back.
SECRETS = re.compile(r".*password.*|mot|jeton|cle|code", re.IGNORECASE)
#: Fields that a page fills: where it goes next, what it had shown.
DE_LA_PAGE = {
    "action", "cle_saisie", "empreinte", "etat", "geste", "lu", "lues", "next", "ouvert", "redaction", "suite",
    "vu", "vue",
}  # fmt: skip
#: What a button carries: numbers, keys, choices, dates.
D_UN_BOUTON = re.compile(r"[a-z0-9_.:+-]*|[0-9T:.+-]*", re.ASCII)
Valeur = tuple[str, str]  # (name, value)


class Saisie(TypedDict):
    """`geste`: address the form was sent to. `page`: where to go without sending. `pour`: account that was signed in, when
    known. `le`: seconds since 1970."""

    geste: str
    page: str
    valeurs: list[Valeur]
    fichiers: list[Valeur]
    pour: int | None
    le: int


def demande_une_session(vue):
    """Mark of a view that answers 403 or 404 to somebody whose session has ended, where others lead to the door."""
    vue.demande_une_session = True
    return vue


def garder(request, page: str) -> bool | None:
    """Keep what this request holds, if somebody filled it: True when it is kept, False when it could not be, None when there
    is nothing to keep."""
    valeurs = _valeurs(request)
    fichiers = [(nom, fichier.name) for nom, tous in request.FILES.lists() for fichier in tous]
    if JAMAIS.match(request.path_info) or not (fichiers or _est_remplie(request, valeurs)):
        return None
    trop_long = sum(len(nom) + len(valeur) for nom, valeur in valeurs + fichiers) > LONGUEUR_MAX
    if trop_long or not cadence.compter(request, "saisies", maximum=GARDEES_MAX, periode=PERIODE):
        return False
    request.session[CLE_SAISIE] = Saisie(
        geste=request.get_full_path(),
        page=page or settings.LOGIN_REDIRECT_URL,
        valeurs=valeurs,
        fichiers=fichiers,
        pour=_partie(request),
        le=int(time.time()),
    )
    return True


def noter_la_partie(request, pk) -> None:
    request.session[CLE_PARTIE] = [pk, int(time.time())]


def oublier_la_partie(request) -> None:
    request.session.pop(CLE_PARTIE, None)


def _partie(request) -> int | None:
    pk, le = request.session.get(CLE_PARTIE, (None, 0))
    return pk if time.time() - le < GARDE else None


def gardee(request) -> Saisie | None:
    """What waits for the person who has signed in: nothing after an hour, nothing of somebody else's."""
    saisie: Any = request.session.get(CLE_SAISIE)
    if saisie is None:
        return None
    if time.time() - saisie["le"] > GARDE or saisie["pour"] not in (None, request.user.pk):
        oublier(request)
        return None
    return saisie


def oublier(request) -> None:
    request.session.pop(CLE_SAISIE, None)


def oublier_une_fois_envoyee(request, reponse) -> None:
    """This form has arrived: it is done, or shown again with what is to be corrected. A refusal or a failure keeps it."""
    if request.method != "POST" or not (reponse.status_code < 400 or reponse.status_code == 422):
        return
    saisie = request.session.get(CLE_SAISIE)
    if (
        saisie
        and saisie["geste"] == request.get_full_path()
        and list(map(tuple, saisie["valeurs"])) == _valeurs(request)
    ):
        oublier(request)


def a_relire(valeurs: list[Valeur]) -> list[str]:
    """What says something to whoever reads it: words, dates, numbers of more than three figures, choices by their name."""
    return [
        valeur
        for nom, valeur in valeurs
        if nom not in DE_LA_PAGE and valeur.strip() and valeur != "on" and not re.fullmatch(r"\d{1,3}", valeur)
    ]


def _valeurs(request) -> list[Valeur]:
    return [
        (nom, valeur.replace("\x00", ""))
        for nom, toutes in request.POST.lists()
        for valeur in toutes
        if nom != "csrfmiddlewaretoken" and not SECRETS.fullmatch(nom)  # the page that sends it again has its own token
    ]


def _est_remplie(request, valeurs: list[Valeur]) -> bool:
    """Did a person fill it? At the address of a form, anything of hers; at that of a button, words."""
    siennes = [valeur.strip() for nom, valeur in valeurs if nom not in DE_LA_PAGE and valeur.strip()]
    if montre_une_page(request.path_info):
        return bool(siennes)
    return not all(map(D_UN_BOUTON.fullmatch, siennes))
