"""Asking people in when a community opens: those for whom it is made, each with her role. Each answers for herself."""

from communautes.models import Adhesion
from communautes.permissions import peut_confier_un_role
from timeline.etapes import EtapeInterdite
from timeline.journal import consigner


def convier(communaute, personne, role=Adhesion.Role.MEMBRE, *, par) -> Adhesion | None:
    """Invite somebody with a role, in the transaction of the opening; None when she is there already, or gone.

    Raises EtapeInterdite: who leads is for the city to say.
    """
    if not peut_confier_un_role(communaute, par):
        raise EtapeInterdite()
    if not personne.is_active or communaute.adhesions.filter(personne=personne).exists():
        return None
    adhesion = Adhesion.objects.create(
        communaute=communaute, personne=personne, role=role, etat=Adhesion.Etat.INVITEE, decidee_par=par
    )
    consigner("communautes.adhesion.inviter", cible=adhesion, par=par, publique=False, donnees={"role": role})
    return adhesion
