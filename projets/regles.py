"""What a stage's dates must respect: the same sentences for the form and the actions."""

from django.utils import timezone
from django.utils.translation import gettext as _


def defauts_des_dates(*, ouvre_le, ferme_le, avant=None, annonce=False) -> dict[str, str]:
    """{field: sentence} of what is wrong. `avant` is the stage as it stands, None for a new one.

    A draft may tell the past (a démarche begun on paper); what is announced may not change what has already begun.
    """
    if ferme_le <= ouvre_le:
        return {"ferme_le": _("La fin doit venir après le début.")}
    if not annonce:
        return {}
    torts = {}
    if avant is not None and avant.etat == avant.Etat.OUVERTE and ouvre_le != avant.ouvre_le:
        torts["ouvre_le"] = _("Cette étape a déjà commencé : son début ne change plus.")
    if ferme_le <= timezone.now() and (avant is None or ferme_le != avant.ferme_le):
        torts["ferme_le"] = _("Cette fin est déjà passée : choisissez une date à venir.")
    return torts
