"""What became of an idea, in one sentence with its date: for those who proposed it, support it or follow it."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from idees.models import Idee
from reponses.models import Jalon, Reponse
from socle.templatetags.composants import jour


@dataclass(frozen=True)
class Devenir:
    phrase: str
    url: str = ""  # where it is told in full, when that is not the page of the idea


def raconter(idees) -> list[Idee]:
    """The same ideas, each with its `devenir`; three queries more, whatever their number.

    `idees`: of `pour_liste()`, which brings their clock and the number of their supports.
    """
    idees = list(idees)
    type_ = ContentType.objects.get_for_model(Idee)
    publiees = Reponse.objects.publiees().filter(
        corrige__isnull=True, cible_type=type_, cible_id__in=[i.pk for i in idees]
    )
    reponses = {reponse.cible_id: reponse for reponse in publiees}
    jalons = defaultdict(list)
    for jalon in Jalon.objects.filter(reponse__in=reponses.values()).order_by("prevu_le", "pk"):
        jalons[jalon.reponse_id].append(jalon)
    cibles = Idee.objects.in_bulk({i.fusionnee_dans_id for i in idees if i.fusionnee_dans_id})
    for idee in idees:
        reponse = reponses.get(idee.pk)
        idee.devenir = _devenir(
            idee, reponse, jalons[reponse.pk] if reponse else [], cibles.get(idee.fusionnee_dans_id)
        )
    return idees


def _devenir(idee, reponse, jalons, cible) -> Devenir:
    etats = Idee.Etat
    if cible is not None:
        if not cible.est_lisible:
            return Devenir(_("Réunie avec une autre idée, qui n’est plus visible."))
        return Devenir(_("Réunie avec « %(titre)s », qui continue.") % {"titre": cible.titre}, cible.get_absolute_url())
    if reponse is not None:
        return Devenir(_de_la_reponse(idee, reponse, jalons), reponse.get_absolute_url())
    match idee.etat:
        case etats.BROUILLON:
            return Devenir(_("Pas encore envoyée : vous seul la voyez."))
        case etats.SOUMISE | etats.A_MODERER:
            return Devenir(
                _("Envoyée le %(jour)s. Une personne la relit avant de la publier.") % {"jour": jour(idee.soumise_le)}
            )
        case etats.REFUSEE:
            return Devenir(_("Refusée par la modération : %(motif)s.") % {"motif": idee.get_motif_refus_display()})
        case etats.RETIREE:
            return Devenir(_("Retirée par son auteur."))
    if idee.echeance is not None and idee.attend_reponse():
        quand = {"jour": jour(idee.echeance.due_le), "service": idee.echeance.service}
        if idee.echeance.est_en_retard:
            return Devenir(
                _("En retard : la réponse était promise pour le %(jour)s. Service chargé : %(service)s.") % quand
            )
        return Devenir(_("Réponse attendue au plus tard le %(jour)s. Service chargé : %(service)s.") % quand)
    return Devenir(
        ngettext(
            "Ouverte aux soutiens : %(n)s sur %(seuil)s.",
            "Ouverte aux soutiens : %(n)s sur %(seuil)s.",
            idee.nb_soutiens,
        )
        % {"n": idee.nb_soutiens, "seuil": idee.seuil}
    )


def _de_la_reponse(idee, reponse, jalons) -> str:
    signee = {"jour": jour(reponse.publiee_le)}
    if not reponse.est_favorable:
        return _("Non, répondu le %(jour)s : %(motif)s. À la place : %(alternative)s") % {
            **signee, "motif": reponse.get_motif_display(), "alternative": reponse.alternative,
        }  # fmt: skip
    faits = [jalon for jalon in jalons if jalon.fait_le]
    if idee.etat == Idee.Etat.REALISEE:
        if not faits:
            return _("Réalisée. Oui répondu le %(jour)s.") % signee
        return _("Réalisée : dernière étape faite le %(jour)s.") % {"jour": jour(max(j.fait_le for j in faits))}
    attendus = [jalon for jalon in jalons if jalon.est_attendu]
    if not attendus:
        return _("Oui, répondu le %(jour)s.") % signee
    suivant = {"etape": attendus[0].titre, "quand": jour(attendus[0].prevu_le)}
    if attendus[0].est_en_retard:
        return _("Oui, répondu le %(jour)s. En retard : « %(etape)s » était promis pour le %(quand)s.") % {
            **signee,
            **suivant,
        }
    return _("Oui, répondu le %(jour)s. Prochaine étape : « %(etape)s », le %(quand)s.") % {**signee, **suivant}
