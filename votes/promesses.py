"""What an announced vote has published is frozen: its stage keeps room for its dates, its community stays known."""

from django.utils.translation import gettext as _

from projets.models import Etape
from votes.models import Scrutin


def exiger_la_place_des_votes(etape: Etape, annulee: bool) -> str:
    """Why a vote of this stage could not be held as it was announced; empty when all can."""
    promis = Scrutin.objects.filter(etape=etape, etat__in=[Scrutin.Etat.ANNONCE, Scrutin.Etat.OUVERT])
    for scrutin in promis:
        if annulee:
            return _("Le vote « %(vote)s » est annoncé dans cette étape : annulez d’abord le vote.") % {"vote": scrutin}
        if Etape.Fonction.VOTER not in etape.ouvre:
            return _("Le vote « %(vote)s » est annoncé dans cette étape : elle doit permettre de voter.") % {
                "vote": scrutin
            }
        if scrutin.ouvre_le < etape.ouvre_le or scrutin.ferme_le > etape.ferme_le:
            return _(
                "Le vote « %(vote)s » est annoncé : ses dates ne changent plus, et l’étape doit les contenir. "
                "Annulez d’abord le vote."
            ) % {"vote": scrutin}
    return ""


def nommer_la_communaute(communaute) -> str:
    """Why it stays known, where the published rules of a vote name it; empty when none does."""
    if communaute.scrutins.annonces().exists():
        return _("Un vote annoncé nomme cette communauté dans ses règles, qui ne changent plus : elle reste connue.")
    return ""
