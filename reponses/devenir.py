"""What became of an official answer, in words that any kind of thing may tell of itself (`socle.devenir`)."""

from django.db.models import Prefetch
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reponses.models import Jalon, Reponse
from socle.devenir import Devenir
from socle.templatetags.composants import ecrit_ici, en_phrase, jour

EXTRAIT = 120  # characters of what is proposed instead


def par_cible(type_cible, cles) -> dict[int, Reponse]:
    """{key of a target: its published answer}, with what the sentences below name. A constant number of queries."""
    premieres = Reponse.objects.publiees().filter(corrige__isnull=True, cible_type=type_cible, cible_id__in=cles)
    jalons = Prefetch("jalons", Jalon.objects.prefetch_related("nouvelles"))
    depuis = Prefetch("corrections", Reponse.objects.publiees().order_by("publiee_le", "pk"), to_attr="publiees_depuis")
    return {reponse.cible_id: reponse for reponse in premieres.prefetch_related(jalons, depuis)}


def dire_la_decision(reponse) -> Devenir:
    """Yes or no, signed on that day, with what counts now: the next step, or the reason and what is proposed instead."""
    derniere = reponse.publiees_depuis[-1] if reponse.publiees_depuis else reponse
    mots = {"jour": jour(reponse.signee_le), "precise": jour(derniere.publiee_le)}
    if reponse.est_favorable:
        phrase, en_retard = _dire_le_oui(reponse, derniere, mots)
    else:
        phrase, en_retard = _dire_le_non(reponse, derniere, mots), False
    return Devenir(en_phrase(phrase, **mots), reponse.signee_le, derniere.get_absolute_url(), en_retard)


def _dire_le_oui(reponse, derniere, mots):
    mots["suite"], en_retard = etape_qui_compte(reponse)
    sous_conditions, precisee = reponse.sens == Reponse.Sens.GO_CONDITIONS, derniere is not reponse
    if sous_conditions and precisee:
        return _("Oui, sous conditions, signé le %(jour)s, précisé le %(precise)s%(suite)s."), en_retard
    if sous_conditions:
        return _("Oui, sous conditions, signé le %(jour)s%(suite)s."), en_retard
    if precisee:
        return _("Oui, signé le %(jour)s, précisé le %(precise)s%(suite)s."), en_retard
    return _("Oui, signé le %(jour)s%(suite)s."), en_retard


def _dire_le_non(reponse, derniere, mots):
    """In the words of its last correction: the reason of before it is no longer the one that is given."""
    raison = str(derniere.get_motif_display())
    mots["raison"] = raison[:1].lower() + raison[1:]
    mots["alternative"] = ecrit_ici(Truncator(" ".join(derniere.alternative.split())).chars(EXTRAIT))
    if derniere is not reponse:
        return _("Non, signé le %(jour)s, précisé le %(precise)s : %(raison)s ; à la place : %(alternative)s")
    return _("Non, signé le %(jour)s : %(raison)s ; à la place : %(alternative)s")


def etape_qui_compte(reponse) -> tuple[str, bool]:
    """End of the sentence, and whether that step is late: the next one that is promised, else the last that ended."""
    jalons = list(reponse.jalons.all())
    if attendus := [jalon for jalon in jalons if jalon.est_attendu]:
        return _etape_attendue(attendus[0], est_la_premiere=len(attendus) == len(jalons))
    if not jalons:
        return "", False
    jalon = max(jalons, key=lambda j: (j.fait_le or j.annule_le, j.pk))
    if jalon.annule_le:
        phrase, le = _(" ; étape annulée le %(jour)s : « %(titre)s »"), jalon.annule_le
    else:
        phrase, le = _(" ; étape faite le %(jour)s : « %(titre)s »"), jalon.fait_le
    return en_phrase(phrase, titre=ecrit_ici(jalon.titre), jour=jour(le)), False


def _etape_attendue(jalon, *, est_la_premiere) -> tuple[str, bool]:
    mots = {"titre": ecrit_ici(jalon.titre), "jour": jour(jalon.prevu_le), "attendue": jour(jalon.attendue_le)}
    if jalon.attendue_le:
        phrase = _(" ; étape retardée : « %(titre)s », promise pour le %(jour)s, désormais attendue le %(attendue)s")
    elif jalon.est_en_retard:
        phrase = _(" ; étape en retard : « %(titre)s », promise pour le %(jour)s")
    elif est_la_premiere:
        phrase = _(" ; première étape : « %(titre)s », le %(jour)s")
    else:
        phrase = _(" ; prochaine étape : « %(titre)s », le %(jour)s")
    return en_phrase(phrase, **mots), jalon.est_en_retard
