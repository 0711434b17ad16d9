"""What became of an idea, or of a box, in one sentence with its date. The sentences say nothing that its page does not say."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from idees.models import Boite, Idee, Soutien
from reponses.devenir import dire_la_decision, etape_qui_compte, par_cible
from reponses.models import Echeance, Reponse
from socle.devenir import Devenir
from socle.templatetags.composants import ecrit_ici, en_phrase, jour
from timeline.models import Entree

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
    """By key. Eight queries at most, whatever the number of ideas."""
    savoir = _lire(idees)
    return {idee.pk: _dire(idee, savoir) for idee in idees}


def _lire(idees) -> _Savoir:
    cles, ici = [idee.pk for idee in idees], ContentType.objects.get_for_model(Idee)
    sur_elles = {"cible_type": ici, "cible_id__in": cles}
    entrees = Entree.objects.filter(type__in=FINS, **sur_elles).order_by("survenu_le", "pk")
    soutiens = Soutien.objects.filter(idee__in=cles).order_by().values_list("idee").annotate(n=Count("pk"))
    rejointes = Idee.objects.filter(pk__in=[idee.fusionnee_dans_id for idee in idees if idee.fusionnee_dans_id])
    return _Savoir(
        echeances={e.cible_id: e for e in Echeance.objects.filter(**sur_elles)},
        reponses=par_cible(ici, cles),
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
        return Devenir(
            en_phrase(phrase, etat=idee.get_etat_display(), source=ecrit_ici(idee.repris_de)), None, _page(idee)
        )
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
    return dire_la_decision(reponse) if reponse else Devenir(_("Retenue."), None, _page(idee))


def _en_realisation(idee, savoir):
    le, reponse = savoir.jours.get((idee.pk, "idees.realiser")), savoir.reponses.get(idee.pk)
    suite, en_retard = etape_qui_compte(reponse) if reponse else ("", False)
    if le is None:
        return Devenir(en_phrase(_("En réalisation%(suite)s."), suite=suite), None, _page(idee), en_retard)
    phrase = _("En réalisation depuis le %(jour)s%(suite)s.")
    return Devenir(en_phrase(phrase, jour=jour(le), suite=suite), le, _page(idee), en_retard)


def _non_retenue(idee, savoir):
    reponse = savoir.reponses.get(idee.pk)
    return dire_la_decision(reponse) if reponse else Devenir(_("Non retenue."), None, _page(idee))


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
    return Devenir(en_phrase(phrase, titre=ecrit_ici(avec), jour=jour(le)), le, _page(avec))


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


# --- Boxes ----------------------------------------------------------------------------------------------------------


def raconter_les_boites(boites: list[Boite]) -> dict[int, Devenir]:
    """By key: whether it receives ideas, and what those that it received became. One query beside their stages."""
    repondues = Count("pk", filter=Q(etat__in=_DECIDEES))
    comptes = Idee.objects.publiees().filter(boite__in=[boite.pk for boite in boites]).order_by()
    par_boite = {pk: (n, dites) for pk, n, dites in comptes.values_list("boite").annotate(Count("pk"), dites=repondues)}
    return {boite.pk: _dire_la_boite(boite, *par_boite.get(boite.pk, (0, 0))) for boite in boites}


def _dire_la_boite(boite: Boite, publiees: int, repondues: int) -> Devenir:
    phrase = _("Reçoit des idées. Publiées : %(idees)s ; avec leur réponse : %(reponses)s.")
    if not boite.est_ouverte:
        phrase = _("Ne reçoit pas d’idées en ce moment. Publiées : %(idees)s ; avec leur réponse : %(reponses)s.")
    mots = {"idees": publiees, "reponses": repondues}
    return Devenir(phrase % mots, None, boite.get_absolute_url())


_DECIDEES = ("retenue", "non_retenue", "en_realisation", "realisee")
