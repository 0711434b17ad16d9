"""What was typed in a form sent after the session had ended: kept while its author signs in, then sent again by her hand.

Ideas, comments, ballots and questionnaires can be written without an account and keep their words themselves; this is for
every other form. The session of the browser holds it, for an hour; signing out forgets it.
"""

import re
import time
from typing import Any, TypedDict

from django.conf import settings

from socle import cadence

CLE_SAISIE = "saisie_gardee"
GARDE = 3600  # seconds
LONGUEUR_MAX = 200_000  # characters of one form, values and names
#: Forms that one network may leave here in an hour: each is a row of sessions.
GARDEES_MAX, PERIODE = 30, 3600
#: Pages that ask for passwords and codes: nothing of theirs is kept.
JAMAIS = ("/comptes/", "/administration/")
#: What a page writes by itself: numbers, keys, choices, dates. A button carries these and nothing else.
D_UNE_PAGE = re.compile(r"[a-z0-9_.:+-]*|[0-9T:.+-]*", re.ASCII)


class Saisie(TypedDict):
    """`geste`: address the form was sent to. `page`: where to go without sending. `pour`: account that was signed in, when
    known. `le`: seconds since 1970."""

    geste: str
    page: str
    valeurs: list[tuple[str, str]]
    fichiers: list[tuple[str, str]]
    pour: int | None
    le: int


def garder(request, page: str) -> bool:
    """Keep what this request holds, if somebody typed it; False when there is nothing to keep, or too much."""
    valeurs = [
        (nom, valeur.replace("\x00", ""))
        for nom, toutes in request.POST.lists()
        for valeur in toutes
        if nom != "csrfmiddlewaretoken"  # the page that sends it again has its own
    ]
    fichiers = [(nom, fichier.name) for nom, tous in request.FILES.lists() for fichier in tous]
    if (
        request.path_info.startswith(JAMAIS)
        or not (fichiers or any(map(est_ecrite, valeurs)))
        or sum(len(nom) + len(valeur) for nom, valeur in valeurs + fichiers) > LONGUEUR_MAX
        or not cadence.compter(request, "saisies", maximum=GARDEES_MAX, periode=PERIODE)
    ):
        return False
    request.session[CLE_SAISIE] = Saisie(
        geste=request.get_full_path(),
        page=page or settings.LOGIN_REDIRECT_URL,
        valeurs=valeurs,
        fichiers=fichiers,
        pour=getattr(request, "partie", None),
        le=int(time.time()),
    )
    return True


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
    """Its form has arrived: it is done, or shown again with what is to be corrected. A refusal or a failure keeps it."""
    if request.method != "POST" or not (reponse.status_code < 400 or reponse.status_code == 422):
        return
    saisie = request.session.get(CLE_SAISIE)
    if saisie and saisie["geste"] == request.get_full_path():
        oublier(request)


def est_ecrite(valeur: tuple[str, str]) -> bool:
    """Did a person write this value? (name, value)."""
    return not D_UNE_PAGE.fullmatch(valeur[1].strip())
