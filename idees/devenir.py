"""What became of an idea, in one sentence with its date. The sentences say nothing that its page does not say."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Prefetch
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from idees.models import Idee, Soutien
from reponses.models import Echeance, Jalon, Reponse
from socle.devenir import Devenir
from socle.templatetags.composants import jour
from timeline.models import Entree

EXTRAIT = 120  # characters of what is proposed instead
#: Steps whose day is nowhere but in the journal.
FINS = ("idees.achever", "idees.realiser", "idees.retirer", "idees.abandonner", "idees.refuser", "idees.fusionner")


@dataclass
class _Savoir:
    """What the sentences of a page of ideas need, read at once."""

    echeances: dict[int, Echeance] = field(default_factory=dict)
    reponses: dict[int, Reponse] = field(default_factory=dict)
    jours: dict[tuple[int, str], datetime] = field(default_factory=dict)
    soutiens: dict[int, int] = field(default_factory=dict)
    rejointes: dict[int, Idee] = field(default_factory=dict)


def raconter(idees: list[Idee]) -> dict[int, Devenir]:
    """By key. Five queries at most, whatever the number of ideas."""
    savoir = _lire(idees)
    return {idee.pk: _dire(idee, savoir) for idee in idees}


def _lire(idees) -> _Savoir:
    cles, ici = [idee.pk for idee in idees], ContentType.objects.get_for_model(Idee)
    sur_elles = {"cible_type": ici, "cible_id__in": cles}
    reponses = Reponse.objects.publiees().filter(corrige__isnull=True, **sur_elles)
    entrees = Entree.objects.filter(type__in=FINS, **sur_elles).order_by("survenu_le", "pk")
    soutiens = Soutien.objects.filter(idee__in=cles).order_by().values_list("idee").annotate(n=Count("pk"))
    rejointes = Idee.objects.filter(pk__in=[idee.fusionnee_dans_id for idee in idees if idee.fusionnee_dans_id])
    return _Savoir(
        echeances={e.cible_id: e for e in Echeance.objects.filter(**sur_elles)},
        reponses={r.cible_id: r for r in reponses.prefetch_related(Prefetch("jalons", Jalon.objects.all()))},
        jours={(pk, type_): le for pk, type_, le in entrees.values_list("cible_id", "type", "survenu_le")},
        soutiens=dict(soutiens),
        rejointes={idee.pk: idee for idee in rejointes},
    )


def _dire(idee: Idee, savoir: _Savoir) -> Devenir:
    if idee.est_masquee:
        phrase = _("Masquée par la modération le %(jour)s : %(raison)s.")
        raison = _minuscule(idee.get_masquee_motif_display())
        return Devenir(phrase % {"jour": jour(idee.masquee_le), "raison": raison}, idee.masquee_le, _page(idee))
    if idee.est_decidee_ailleurs:
        phrase = _("%(etat)s : décidé sur %(source)s, avant son arrivée ici.")
        return Devenir(phrase % {"etat": idee.get_etat_display(), "source": idee.repris_de}, None, _page(idee))
    return _PHRASES[idee.etat](idee, savoir)


def _page(idee) -> str:
    return idee.get_absolute_url()


def _minuscule(phrase) -> str:
    phrase = str(phrase)
    return phrase[:1].lower() + phrase[1:]


def _brouillon(idee, savoir):
    phrase = _("Brouillon commencé le %(jour)s : il vous reste à l’envoyer.")
    return Devenir(phrase % {"jour": jour(idee.cree_le)}, idee.cree_le, _page(idee))


def _en_relecture(idee, savoir):
    phrase = _("Envoyée le %(jour)s, en relecture avant d’être publiée.")
    return Devenir(phrase % {"jour": jour(idee.soumise_le)}, idee.soumise_le, _page(idee))


def _publiee(idee, savoir):
    phrase = _("Ouverte aux soutiens depuis le %(jour)s : %(n)s sur %(seuil)s pour lancer l’étude.")
    mots = {"jour": jour(idee.publiee_le), "n": savoir.soutiens.get(idee.pk, 0), "seuil": idee.seuil}
    if idee.precision_publication in {"annee", "mois"}:
        phrase = _("Ouverte aux soutiens (%(jour)s) : %(n)s sur %(seuil)s pour lancer l’étude.")
        mots["jour"] = idee.publiee_en_clair
    if not idee.boite.permet_de_soutenir():
        phrase = _("Publiée le %(jour)s, les soutiens sont clos : %(n)s sur les %(seuil)s qui lançaient l’étude.")
        mots["jour"] = jour(idee.publiee_le)
    return Devenir(phrase % mots, idee.publiee_le, _page(idee))


def _en_etude(idee, savoir):
    echeance = savoir.echeances.get(idee.pk)
    if echeance is None:
        return Devenir(_("À l’étude."), None, _page(idee))
    if echeance.est_en_retard:
        phrase = _("Réponse en retard : elle était promise pour le %(jour)s.")
    else:
        phrase = _("Réponse attendue le %(jour)s.")
    return Devenir(phrase % {"jour": jour(echeance.due_le)}, echeance.due_le, _page(idee), echeance.est_en_retard)


def _retenue(idee, savoir):
    reponse = savoir.reponses.get(idee.pk)
    if reponse is None:
        return Devenir(_("Retenue."), None, _page(idee))
    if reponse.sens == Reponse.Sens.GO_CONDITIONS:
        phrase = _("Oui, sous conditions, signé le %(jour)s%(suite)s.")
    else:
        phrase = _("Oui, signé le %(jour)s%(suite)s.")
    suite, en_retard = _etape_qui_compte(reponse)
    mots = {"jour": jour(reponse.signee_le), "suite": suite}
    return Devenir(phrase % mots, reponse.signee_le, reponse.get_absolute_url(), en_retard)


def _en_realisation(idee, savoir):
    le, reponse = savoir.jours.get((idee.pk, "idees.realiser")), savoir.reponses.get(idee.pk)
    suite, en_retard = _etape_qui_compte(reponse) if reponse else ("", False)
    if le is None:
        return Devenir(_("En réalisation%(suite)s.") % {"suite": suite}, None, _page(idee), en_retard)
    phrase = _("En réalisation depuis le %(jour)s%(suite)s.")
    return Devenir(phrase % {"jour": jour(le), "suite": suite}, le, _page(idee), en_retard)


def _etape_qui_compte(reponse) -> tuple[str, bool]:
    """End of the sentence, and whether that step is late: the next one that is promised, else the last that ended."""
    jalons = list(reponse.jalons.all())
    if attendus := [jalon for jalon in jalons if jalon.est_attendu]:
        jalon = attendus[0]
        if jalon.est_en_retard:
            phrase = _(" ; étape en retard : « %(titre)s », promise pour le %(jour)s")
        elif len(attendus) == len(jalons):
            phrase = _(" ; première étape : « %(titre)s », le %(jour)s")
        else:
            phrase = _(" ; prochaine étape : « %(titre)s », le %(jour)s")
        return phrase % {"titre": jalon.titre, "jour": jour(jalon.prevu_le)}, jalon.est_en_retard
    if not jalons:
        return "", False
    jalon = max(jalons, key=lambda j: (j.fait_le or j.annule_le, j.pk))
    if jalon.annule_le:
        return _(" ; étape annulée le %(jour)s : « %(titre)s »") % {
            "titre": jalon.titre, "jour": jour(jalon.annule_le),
        }, False  # fmt: skip
    return _(" ; étape faite le %(jour)s : « %(titre)s »") % {
        "titre": jalon.titre, "jour": jour(jalon.fait_le),
    }, False  # fmt: skip


def _non_retenue(idee, savoir):
    reponse = savoir.reponses.get(idee.pk)
    if reponse is None:
        return Devenir(_("Non retenue."), None, _page(idee))
    mots = {"jour": jour(reponse.signee_le), "raison": _minuscule(reponse.get_motif_display())}
    if reponse.alternative:
        phrase = _("Non, signé le %(jour)s : %(raison)s ; à la place : %(alternative)s")
        mots["alternative"] = Truncator(" ".join(reponse.alternative.split())).chars(EXTRAIT)
    else:
        phrase = _("Non, signé le %(jour)s : %(raison)s.")
    return Devenir(phrase % mots, reponse.signee_le, reponse.get_absolute_url())


def _fin(type_, dite_le, dite):
    """A step that the journal dates: a sentence with its day, one without for an idea that came from elsewhere."""

    def dire(idee, savoir):
        le = savoir.jours.get((idee.pk, type_))
        return Devenir(dite_le() % {"jour": jour(le)} if le else dite(), le, _page(idee))

    return dire


def _retiree(idee, savoir):
    abandon, retrait = (savoir.jours.get((idee.pk, f"idees.{nom}")) for nom in ("abandonner", "retirer"))
    if le := abandon:
        return Devenir(_("Abandonnée le %(jour)s, avant d’être publiée.") % {"jour": jour(le)}, le, _page(idee))
    if le := retrait:
        return Devenir(_("Retirée par son auteur le %(jour)s.") % {"jour": jour(le)}, le, _page(idee))
    return Devenir(_("Retirée par son auteur."), None, _page(idee))


def _refusee(idee, savoir):
    le, raison = savoir.jours.get((idee.pk, "idees.refuser")), _minuscule(idee.get_motif_refus_display())
    if le is None:
        return Devenir(_("Non publiée : %(raison)s.") % {"raison": raison}, None, _page(idee))
    phrase = _("Non publiée, décidé le %(jour)s : %(raison)s.")
    return Devenir(phrase % {"jour": jour(le), "raison": raison}, le, _page(idee))


def _fusionnee(idee, savoir):
    avec = savoir.rejointes.get(idee.fusionnee_dans_id)
    le = savoir.jours.get((idee.pk, "idees.fusionner"))
    if avec is None or not avec.est_lisible or le is None:
        return Devenir(_("Réunie avec une autre idée."), le, _page(idee))
    phrase = _("Réunie avec « %(titre)s » le %(jour)s.")
    return Devenir(phrase % {"titre": avec, "jour": jour(le)}, le, _page(avec))


_PHRASES = {
    "brouillon": _brouillon,
    "soumise": _en_relecture,
    "a_moderer": _en_relecture,
    "publiee": _publiee,
    "en_etude": _en_etude,
    "retenue": _retenue,
    "non_retenue": _non_retenue,
    "en_realisation": _en_realisation,
    "realisee": _fin("idees.achever", lambda: _("Réalisée le %(jour)s."), lambda: _("Réalisée.")),
    "retiree": _retiree,
    "refusee": _refusee,
    "fusionnee": _fusionnee,
}
