"""Between the first words and the sending: what this browser has been shown, and what it keeps while somebody signs in.

Her session holds it, never longer than the visit; an account that signs in on the same browser finds it, another one does not.
"""

import contextlib
import uuid

from idees.models import Boite, Idee
from idees.permissions import est_autrice
from idees.semblables import semblables

CLE_MONTREES = "idees_semblables_montrees"
CLE_DE_COTE = "idee_mise_de_cote"
BOITE_MAX = 140  # characters of the address of a box
MONTREES_MAX = 20  # drafts of one browser; the oldest is forgotten
#: Fields of the form that are kept, and how much of each (characters).
CHAMPS = {
    "titre": 120,
    "texte": 5000,
    "thematique": 20,
    "commune": 20,
    "lieu_en_mots": 200,
    "latitude": 30,
    "longitude": 30,
    "cle_saisie": 36,
    "brouillon": 18,
}


def faut_il_regarder(request, idee, titre: str, texte: str) -> bool:
    """Are there near ideas that she has not been shown, by the form or by the page before sending? Asked once a draft."""
    return idee.pk not in request.session.get(CLE_MONTREES, ()) and reste_a_voir(request, titre, texte, sauf=idee)


def reste_a_voir(request, titre: str, texte: str, sauf=None) -> bool:
    """Are there near ideas that the page just sent was not showing?"""
    vues = set(request.POST.getlist("vue"))
    proches = semblables(titre, texte, request.user, sauf=sauf)
    return any(proche.est_proche and str(proche.idee.pk) not in vues for proche in proches)


def noter_montrees(request, idee) -> None:
    autres = [pk for pk in request.session.get(CLE_MONTREES, ()) if pk != idee.pk]
    request.session[CLE_MONTREES] = [*autres, idee.pk][-MONTREES_MAX:]


def mettre_de_cote(request) -> None:
    """Keep what the form held, when it held words: she may come back to it after a support, or a sign-in."""
    saisie = {nom: request.POST.get(nom, "").replace("\x00", "") for nom in (*CHAMPS, "boite")}
    valeurs = {nom: saisie[nom][:longueur] for nom, longueur in CHAMPS.items()}
    if valeurs["titre"].strip() or valeurs["texte"].strip():
        request.session[CLE_DE_COTE] = {"boite": saisie["boite"][:BOITE_MAX], "valeurs": valeurs}


def mise_de_cote(request) -> dict | None:
    """{"boite": open box, "valeurs": {field: text}, "brouillon": her draft of the same form or None}, or None."""
    gardee = request.session.get(CLE_DE_COTE)
    if gardee is None:
        return None
    boite = (
        Boite.objects.visibles_par(request.user).select_related("etape__projet").filter(slug=gardee["boite"]).first()
    )
    valeurs = {nom: valeur for nom, valeur in gardee["valeurs"].items() if valeur}
    brouillon = _brouillon(request.user, valeurs.pop("brouillon", ""), valeurs.get("cle_saisie", ""))
    return {"boite": boite if boite and boite.est_ouverte else None, "valeurs": valeurs, "brouillon": brouillon}


def oublier(request) -> None:
    request.session.pop(CLE_DE_COTE, None)


def _brouillon(personne, pk: str, cle: str) -> Idee | None:
    """The draft that the form had already saved, by its number or by the key of the form; hers, or none."""
    brouillons = Idee.objects.filter(etat=Idee.Etat.BROUILLON)
    trouve = brouillons.filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() else None
    with contextlib.suppress(ValueError):
        trouve = trouve or brouillons.filter(cle_saisie=uuid.UUID(cle)).first()
    return trouve if trouve and est_autrice(trouve, personne) else None
