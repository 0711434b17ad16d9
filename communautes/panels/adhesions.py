"""A seat follows what happens to the place of its person in the community. Imports no action: actions import it."""

from communautes.models import Adhesion, Siege
from timeline.etapes import franchir


def suivre(siege: Siege, etape, par) -> None:
    """Take a step that no button offers, because of something that happened elsewhere."""
    siege.suit_ce_qui_est_arrive = True
    try:
        franchir(etape, par=par)
    finally:
        siege.suit_ce_qui_est_arrive = False


def suivre_l_adhesion(adhesion: Adhesion, *, par) -> None:
    """Follow-up of a departure or of a return: the seat of a drawn person is freed, or given back."""
    places = Siege.objects.filter(tirage__panel__communaute=adhesion.communaute_id, personne=adhesion.personne_id)
    for siege in places.select_related("tirage__panel__communaute"):
        if siege.etat == Siege.Etat.ACCEPTEE and not adhesion.est_en_cours:
            suivre(siege, siege.liberer, par)
        elif siege.etat == Siege.Etat.RETIREE and adhesion.est_en_cours and adhesion.role == Adhesion.Role.MEMBRE:
            suivre(siege, siege.rendre, par)
