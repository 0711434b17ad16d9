"""Who may do what around a panel: its mandate, its draw, its seats. What one may see is asked of the querysets."""

from communautes.permissions import est_referente, peut_animer
from socle.permissions import est_connectee, est_systeme

VIVANTES = frozenset({"proposee", "ouverte", "en_sommeil"})


def peut_creer_un_panel(personne) -> bool:
    return est_connectee(personne) and personne.est_agent


def peut_conduire(panel, personne) -> bool:
    """Its mandate, its draws, its letters: an agent, or its référent·e, until the panel is closed."""
    return panel.communaute.etat in VIVANTES and peut_voir_la_preparation(panel, personne)


def peut_voir_la_preparation(panel, personne) -> bool:
    if est_systeme(personne) or not est_connectee(personne):
        return False
    return personne.est_agent or est_referente(panel.communaute, personne)


def peut_refaire_les_lettres(panel, personne) -> bool:
    """A new letter closes the one that somebody holds, and opens her seat to whoever makes it: two people answer for that."""
    if not peut_conduire(panel, personne):
        return False
    return est_referente(panel.communaute, personne) or (personne.est_agent and panel.cree_par_id == personne.pk)


def peut_conduire_le_tirage(tirage, personne) -> bool:
    return peut_conduire(tirage.panel, personne)


def peut_garder_les_lots(tirage, personne) -> bool:
    """What was computed is kept in the name of whoever asked for it, or of the house once her account is closed."""
    return est_systeme(personne) or peut_conduire_le_tirage(tirage, personne)


def peut_animer_le_panel(panel, personne) -> bool:
    """Its minutes and its avis are the panel's own: those who lead it inside."""
    return peut_animer(panel.communaute, personne)


def peut_publier_le_compte_rendu(compte_rendu, personne) -> bool:
    return peut_animer(compte_rendu.communaute, personne)


def peut_contacter(siege, personne) -> bool:
    return peut_conduire(siege.tirage.panel, personne)


def peut_accepter_la_place(siege, personne) -> bool:
    """Whoever has an account and showed the key of the letter (`communautes.panels.places`), which nobody else holds."""
    return est_connectee(personne) and not est_systeme(personne) and siege.cle_montree


def peut_decliner_la_place(siege, personne) -> bool:
    """With the key of the letter, account or not."""
    return siege.cle_montree


def peut_constater(siege, personne) -> bool:
    """Those who conduct the draw note what came by telephone or on paper, or that nothing came."""
    return peut_contacter(siege, personne)


def est_de_la_suite(siege, personne) -> bool:
    """A seat follows what happened elsewhere: a member left or came back, another person was drawn. No button leads here."""
    return siege.suit_ce_qui_est_arrive
