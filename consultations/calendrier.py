"""When consultations open and end: for the chronology, for calendars, and for the page of their projet."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation
from projets.autour import Periode
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.frise import AVenir

PREVUES_MAX = 30
PERIODES_MAX = 500


def consultations_prevues(personne, projet=None) -> list[AVenir]:
    """Of one projet, or of all; what this person may see."""
    maintenant = timezone.now()
    a_venir = Consultation.objects.visibles_par(personne).annoncees().filter(ferme_le__gt=maintenant).pour_phrase()
    if projet is not None:
        a_venir = a_venir.filter(etape__projet=projet)
    return [_annoncer(consultation, maintenant) for consultation in a_venir.order_by("ferme_le")[:PREVUES_MAX]]


def _annoncer(consultation, maintenant) -> AVenir:
    commence = consultation.ouvre_le > maintenant
    modele = _("Ouverture : %(titre)s") if commence else _("Fin de la consultation : %(titre)s")
    return AVenir(
        le=consultation.ouvre_le if commence else consultation.ferme_le,
        phrase=en_phrase(modele, titre=ecrit_ici(consultation.titre)),
        url=consultation.get_absolute_url(),
        genre="consultations",
    )


def periodes(personne, *, projets=None, lieux=None, entre=None) -> list[Periode]:
    """Those that are announced, as `projets.autour.periodes` asks."""
    annoncees = Consultation.objects.visibles_par(personne).annoncees().pour_phrase()
    if projets is not None:
        permises = Q(etape__projet__in=projets.order_by().values("pk"))
        if lieux is not None:
            permises |= Q(etape__isnull=True, territoire__in=lieux)
        annoncees = annoncees.filter(permises)
    if entre is not None:
        de, a = entre
        annoncees = annoncees.filter(Q(ouvre_le__gte=de, ouvre_le__lt=a) | Q(ferme_le__gte=de, ferme_le__lt=a))
    return [
        Periode(
            nom=f"consultation-{consultation.pk}",
            titre=_("Consultation : %(titre)s") % {"titre": consultation.titre},
            url=consultation.get_absolute_url(),
            ouvre_le=consultation.ouvre_le,
            ferme_le=consultation.ferme_le,
            categorie=_("Consultation"),
            precision=consultation.projet.titre if consultation.projet else "",
        )
        for consultation in annoncees.order_by("ouvre_le", "pk")[:PERIODES_MAX]
    ]


def de_ce_projet(projet, personne):
    """For its page: all of its stages, the open ones first, then those to come, then what the others became."""
    siennes = Consultation.objects.visibles_par(personne).annoncees().filter(etape__projet=projet).pour_liste()
    rangs = {Consultation.Etat.OUVERTE: 0, Consultation.Etat.PROGRAMMEE: 1}
    return sorted(siennes, key=lambda c: (rangs.get(c.etat, 2), -c.ferme_le.timestamp(), c.pk))
