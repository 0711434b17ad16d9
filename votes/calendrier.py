"""When votes open and end: for the chronology, for diaries, and for the page of their projet."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projets.autour import Periode
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.frise import AVenir
from votes.models import Scrutin

PREVUS_MAX = 30
PERIODES_MAX = 500
#: Those that take place: one that was cancelled no longer does, one taken over from a file took place elsewhere.
_AYANT_LIEU = Q(origine=Scrutin.Origine.SITE) & ~Q(etat=Scrutin.Etat.ANNULE)


def votes_prevus(personne, projet=None) -> list[AVenir]:
    """Of one projet, or of all; what this person may see."""
    maintenant = timezone.now()
    a_venir = Scrutin.objects.visibles_par(personne).annonces().filter(_AYANT_LIEU, ferme_le__gt=maintenant)
    if projet is not None:
        a_venir = a_venir.filter(etape__projet=projet)
    return [_annoncer(scrutin, maintenant) for scrutin in a_venir.pour_phrase().order_by("ferme_le")[:PREVUS_MAX]]


def _annoncer(scrutin: Scrutin, maintenant) -> AVenir:
    commence = scrutin.ouvre_le > maintenant
    modele = _("Ouverture du vote : %(titre)s") if commence else _("Fin du vote : %(titre)s")
    return AVenir(
        le=scrutin.ouvre_le if commence else scrutin.ferme_le,
        phrase=en_phrase(modele, titre=ecrit_ici(scrutin.titre)),
        url=scrutin.get_absolute_url(),
        genre="votes",
    )


def periodes(personne, *, projets=None, lieux=None, entre=None) -> list[Periode]:
    """Those that are announced, as `projets.autour.periodes` asks."""
    annonces = Scrutin.objects.visibles_par(personne).annonces().filter(_AYANT_LIEU).pour_phrase()
    if projets is not None:
        permis = Q(etape__projet__in=projets.order_by().values("pk"))
        if lieux is not None:
            permis |= Q(etape__isnull=True, territoire__in=lieux)
        annonces = annonces.filter(permis)
    if entre is not None:
        de, a = entre
        annonces = annonces.filter(Q(ouvre_le__gte=de, ouvre_le__lt=a) | Q(ferme_le__gte=de, ferme_le__lt=a))
    return [
        Periode(
            nom=f"vote-{scrutin.pk}",
            titre=_("Vote : %(titre)s") % {"titre": scrutin.titre},
            url=scrutin.get_absolute_url(),
            ouvre_le=scrutin.ouvre_le,
            ferme_le=scrutin.ferme_le,
            categorie=_("Vote"),
            precision=scrutin.projet.titre if scrutin.projet else "",
        )
        for scrutin in annonces.order_by("ouvre_le", "pk")[:PERIODES_MAX]
    ]


def de_ce_projet(projet, personne):
    """For its page: all of its stages, the open ones first, then those to come, then what the others became."""
    siens = Scrutin.objects.visibles_par(personne).annonces().filter(etape__projet=projet).pour_liste()
    rangs = {Scrutin.Etat.OUVERT: 0, Scrutin.Etat.ANNONCE: 1}
    return sorted(siens, key=lambda s: (rangs.get(s.etat, 2), -s.ferme_le.timestamp(), s.pk))
