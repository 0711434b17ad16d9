"""Making people write an idea together."""

from django.utils import timezone

from comptes.models import Utilisateur
from idees.models import CoAutrice
from idees.models.equipe import DUREE_D_INVITATION
from tests.fabriques import PersonneFabrique
from timeline.etapes import franchir


def placer(idee, personne, etat="invitee") -> CoAutrice:
    """A place brought to a state by the real transitions."""
    place = 1 + CoAutrice.objects.filter(idee=idee).count()
    coautrice = CoAutrice.objects.create(
        idee=idee, personne=personne, place=place, expire_le=timezone.now() + DUREE_D_INVITATION
    )
    pas = {
        "acceptee": ["accepter"],
        "declinee": ["decliner"],
        "annulee": ["annuler"],
        "partie": ["accepter", "partir"],
    }
    for nom in pas.get(etat, []):
        franchir(getattr(coautrice, nom), par=idee.auteur if nom == "annuler" else personne)
    return CoAutrice.objects.get(pk=coautrice.pk)


def coautrice_de(idee, **champs) -> Utilisateur:
    """Somebody who writes this idea with its author; straight to the table where the idea no longer takes anybody."""
    personne = PersonneFabrique(**champs)
    if idee.accueille_des_coautrices():
        placer(idee, personne, "acceptee")
    else:
        CoAutrice.objects.create(
            idee=idee, personne=personne, place=1, expire_le=timezone.now(), etat="acceptee", repondue_le=timezone.now()
        )
    return personne
