"""Two ideas become one, and two again: what the steps of a `Fusion` bring to ideas, supports and people."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from idees import apports
from idees.actions import constater_le_seuil
from idees.models import Fusion, Idee, Soutien
from idees.models.fusion import empechement
from idees.permissions import est_autrice
from idees.permissions_fusion import peut_proposer_de_reunir
from socle.permissions import SYSTEME, est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, EtapeRefusee, TropVite, franchir
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de

PROPOSITIONS_MAX = 5  # of one author, waiting for an answer
RATTRAPAGE = timedelta(days=1)  # how far back the clock looks for a support that did not follow


# --- Proposing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def proposer(source, cible, *, par, motif, urgence="") -> Fusion:
    """Propose that `source` joins `cible`; with `urgence`, an agent does it at once and says why.

    Raises EtapeInvalide (not these two), EtapeInterdite, EtapeImpossible (already proposed) or TropVite.
    """
    voie = Fusion.Voie.AUTRICES if _est_d_elle(source, cible, par) else Fusion.Voie.AGENT
    fusion = Fusion(
        source=source,
        cible=cible,
        voie=voie,
        motif=motif,
        proposee_par=par if est_connectee(par) else None,
        echeance_le=timezone.now() + timedelta(days=settings.FUSION_JOURS_ACCORD),
    )
    if source.pk != cible.pk:
        fusion.verrouiller_les_idees()
    _exiger_proposable(fusion, par)
    for idee, accord in ((fusion.source, "accord_source_le"), (fusion.cible, "accord_cible_le")):
        if est_autrice(idee, par):
            setattr(fusion, accord, timezone.now())
    try:
        with transaction.atomic():
            fusion.save()
    except IntegrityError:
        raise EtapeImpossible(_("Une réunion de l’idée n° %(n)s est déjà proposée.") % {"n": source.pk}) from None
    donnees = {"source": source.pk, "cible": cible.pk, "voie": str(voie)}
    consigner("idees.fusion.proposer", cible=fusion, projet=fusion.projet_du_journal(), par=par, donnees=donnees)
    _reveiller(fusion)
    conclure_si_d_accord(fusion, par=par)
    if urgence:
        franchir(fusion.imposer, par=par, urgence=urgence)
    return fusion


def _est_d_elle(source, cible, par) -> bool:
    return est_autrice(source, par) or est_autrice(cible, par)


def _exiger_proposable(fusion, par) -> None:
    source, cible = fusion.source, fusion.cible
    if not peut_proposer_de_reunir(source, cible, par):
        raise EtapeInterdite(_("Deux idées sont réunies par leurs auteurs, ou par un agent chargé des deux."))
    if empeche := empechement(source, cible):
        raise EtapeInvalide(str(empeche), champ="avec")
    de_ces_deux = Fusion.objects.entre(source, cible)
    refus = de_ces_deux.filter(etat=Fusion.Etat.REFUSEE)
    if refus.exclude(close_par__isnull=False, close_par=par.pk).exists():
        raise EtapeInvalide(
            _("L’auteur d’une de ces idées a déjà dit non : lui seul peut maintenant proposer de les réunir."),
            champ="avec",
        )
    if de_ces_deux.filter(etat=Fusion.Etat.PROPOSEE).exists():
        raise EtapeImpossible(
            _("Réunir ces deux idées est déjà proposé, dans ce sens ou dans l’autre : répondez d’abord.")
        )
    en_attente = Fusion.objects.filter(voie=Fusion.Voie.AUTRICES, etat=Fusion.Etat.PROPOSEE, proposee_par=par.pk)
    if fusion.voie == Fusion.Voie.AUTRICES and par.pk and en_attente.count() >= PROPOSITIONS_MAX:
        raise TropVite(_("Vous avez déjà plusieurs propositions sans réponse. Attendez une réponse avant la suivante."))


def chiffres(source, cible) -> dict[str, int]:
    """Supports of each, common to both, and of both together: what is shown before anything is decided."""
    portes = Q(idee=source) & ~Q(personne__in=cible.autrices())
    return Soutien.objects.filter(idee__in=[source, cible]).aggregate(
        source=Count("pk", filter=Q(idee=source)),
        cible=Count("pk", filter=Q(idee=cible)),
        communs=Count("pk", filter=Q(idee=source, personne__in=cible.soutiens.values("personne"))),
        ensemble=Count("personne", filter=Q(idee=cible) | portes, distinct=True),
    )


# --- Follow-ups of its steps -------------------------------------------------------------------------------------


def conclure_si_d_accord(fusion, *, par) -> None:
    """Follow-up of an agreement: the second one unites the two."""
    _reveiller(fusion)
    if fusion.accords_reunis():
        franchir(fusion.effectuer, par=par)


def prendre_effet(fusion, *, par, urgence="") -> None:
    """Follow-up of a merge that takes effect: the source steps aside, its people join the target, the threshold is asked."""
    franchir(fusion.source.fusionner, par=par, avec=fusion.cible)
    apports.porter(fusion)
    constater_le_seuil(fusion.cible)
    _reveiller(fusion)


def separer_si_demande(fusion, *, par, motif) -> None:
    """Follow-up of an author's wish: the second one separates them."""
    _reveiller(fusion)
    if fusion.separations_reunies():
        franchir(fusion.defaire, par=par, motif=fusion.motif_fin)


def rendre_tout(fusion, *, par, motif) -> None:
    """Follow-up of an undoing: the source opens again with its people, the target keeps those who came by themselves."""
    apports.detacher(fusion)
    franchir(fusion.source.separer, par=par)
    constater_le_seuil(fusion.source)
    _reveiller(fusion)


def _reveiller(fusion) -> None:
    """The open pages of both ideas."""
    transaction.on_commit(partial(diffuser, groupe_de(fusion.source), groupe_de(fusion.cible)))


# --- One support -------------------------------------------------------------------------------------------------


@transaction.atomic
def refuser_le_transfert(fusion, *, par) -> bool:
    """A supporter keeps her support out of the target; it stays on the record of the source. False: it was not there.

    Raises EtapeInterdite (she did not support the source) or EtapeImpossible (too late, or undone).
    """
    fusion = Fusion.objects.select_for_update(of=("self",)).get(pk=fusion.pk)
    if not est_connectee(par) or not fusion.soutiens_portes.filter(personne=par.pk).exists():
        raise EtapeInterdite(_("Seules les personnes qui soutenaient cette idée peuvent le faire."))
    if not fusion.refus_ouvert():
        raise EtapeImpossible(_("Le délai est passé, ou les deux idées ne sont plus réunies."))
    if not apports.refuser_pour(fusion, par):
        return False
    _reveiller(fusion)
    return True


# --- The clock ---------------------------------------------------------------------------------------------------


def avancer() -> int:
    """What time brings to proposals, and what a crash left behind; number of changes."""
    return _faire_echoir() + _abandonner_les_caduques() + _rattraper_les_soutiens()


def _faire_echoir() -> int:
    """At the end of its delay, the silent proposal of an agent takes effect; that of an author lapses."""
    echues = Fusion.objects.filter(etat=Fusion.Etat.PROPOSEE, echeance_le__lte=timezone.now())
    return sum(_echoir(fusion) for fusion in echues.select_related("source", "cible"))


def _echoir(fusion) -> bool:
    if fusion.voie == Fusion.Voie.AGENT and _tenter(fusion.effectuer):
        return True
    return _tenter(fusion.abandonner, motif=_("Personne n’a répondu à temps, ou l’une des idées n’est plus ouverte."))


def _abandonner_les_caduques() -> int:
    """One of the two ideas went its own way meanwhile: withdrawn, studied, united with another."""
    partie = ~Q(source__etat=Idee.Etat.PUBLIEE) | ~Q(cible__etat__in=Idee.ETATS_SOUTENABLES)
    caduques = Fusion.objects.filter(partie, etat=Fusion.Etat.PROPOSEE).select_related("source", "cible")
    return sum(_tenter(f.abandonner, motif=_("L’une des deux idées n’est plus ouverte.")) for f in caduques)


def _tenter(etape, **arguments) -> bool:
    """By the house; False when somebody was faster, or when it is no longer possible."""
    try:
        franchir(etape, par=SYSTEME, **arguments)
    except EtapeRefusee:
        return False
    return True


def _rattraper_les_soutiens() -> int:
    """Supports given while their idea was being merged, by a process that died before they followed."""
    restes = list(apports.oubliees(timezone.now() - RATTRAPAGE))
    for idee in restes:
        constater_le_seuil(apports.suivre_la_fusion(idee))
    return len(restes)
