"""Who may send what a community wrote, and found a group that works on an idea."""

from communautes.permissions import peut_deposer_l_ebauche, peut_fonder
from idees.permissions import est_de_l_equipe, peut_proposer
from socle.permissions import est_connectee

#: From the study on there is something to work on; once it is done, it is done.
ETATS_DU_GROUPE = ("en_etude", "retenue", "en_realisation")


def peut_deposer_dans(ebauche, boite, personne) -> bool:
    """A member whose name is on the present version, in a box that takes her ideas."""
    return peut_deposer_l_ebauche(ebauche, personne) and peut_proposer(boite, personne)


def peut_fonder_un_groupe(idee, personne) -> bool:
    """Those who wrote it, by an account with a proven address; and an agent. One group an idea."""
    if not est_connectee(personne) or idee.etat not in ETATS_DU_GROUPE or idee.est_masquee:
        return False
    if not (personne.est_agent or (est_de_l_equipe(idee, personne) and peut_fonder(personne))):
        return False
    groupe = getattr(idee, "groupe_de_travail", None)
    return groupe is None or not groupe.compte
