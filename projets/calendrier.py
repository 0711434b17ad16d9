"""What is planned, for the chronology."""

from django.utils import timezone
from django.utils.translation import gettext as _

from projets.models import Etape, Projet
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.frise import AVenir

PREVUES_MAX = 30  # on the general chronology


def etapes_prevues(personne, projet=None) -> list[AVenir]:
    """Beginnings of the stages to come and ends of those that are open: of one projet, or of all those announced.

    A cancelled one keeps its place, with the reason, until the date that people have noted.
    """
    maintenant = timezone.now()
    prevues = [_annoncer(etape, projet, maintenant) for etape in _etapes_non_finies(projet, maintenant)]
    prevues.sort(key=lambda prevue: prevue.le)
    return prevues if projet else prevues[:PREVUES_MAX]


def _etapes_non_finies(projet, maintenant) -> list[Etape]:
    if projet is None:
        etapes = Etape.objects.filter(ferme_le__gt=maintenant, projet__etat__in=Projet.VIVANTS)
        return list(etapes.select_related("projet"))
    if projet.etat in Projet.TERMINES:
        return []
    return [etape for etape in projet.etapes.all() if etape.ferme_le > maintenant]


def _annoncer(etape, projet, maintenant) -> AVenir:
    mots = {"etape": ecrit_ici(etape.titre), "projet": ecrit_ici((projet or etape.projet).titre)}
    commence = etape.ouvre_le > maintenant
    if projet:
        modele = _("Début : %(etape)s") if commence else _("Fin : %(etape)s")
    else:
        modele = (
            _("Début de « %(etape)s », projet %(projet)s") if commence else _("Fin de « %(etape)s », projet %(projet)s")
        )
    return AVenir(
        le=etape.ouvre_le if commence else etape.ferme_le,
        phrase=en_phrase(modele, **mots),
        url=etape.get_absolute_url(),
        annulation=etape.motif_annulation,
    )
