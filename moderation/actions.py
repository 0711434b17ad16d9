"""Decisions of moderation. Each leaves a statement of reasons and a line in the journal."""

from datetime import timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.lecture import jugeables_par
from moderation.models import Decision, Signalement
from moderation.permissions import peut_moderer, peut_signaler, peut_traiter
from socle.permissions import SYSTEME, est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de

SIGNALEMENTS_MAX = 20  # of one person
SIGNALEMENTS_PERIODE = timedelta(hours=1)


def motiver_le_refus(cible, *, par, motif, explication):
    """Follow-up of a refused publication: the reasons that its author reads."""
    Decision.objects.create(cible=cible, sens=Decision.Sens.REFUSER, motif=motif, explication=explication, par=par)


# --- Hide and show again -----------------------------------------------------------------------------------------


@transaction.atomic
def masquer(cible, *, par, motif, explication, signalement=None) -> Decision:
    """Hide a published contribution; its history, its supports and its comments stay. Hidden already: 409.

    `signalement` is the report that led here, if one did. A moderator who reported the thing herself is a party to the
    case, like its author: somebody else decides.
    """
    if est_connectee(par) and Signalement.objects.sur(cible).filter(par=par).exists():
        raise EtapeInterdite(_("Vous avez signalé cette contribution : une autre personne doit décider."))
    return _basculer(
        cible, Decision.Sens.MASQUER, par=par, motif=motif, explication=explication, signalement=signalement
    )


@transaction.atomic
def retablir(cible, *, par, explication) -> Decision:
    """Show a hidden contribution again, as it was. A moderator may mend her own mistake."""
    return _basculer(cible, Decision.Sens.RETABLIR, par=par, motif="", explication=explication)


def _basculer(cible, sens, *, par, motif, explication, signalement=None):
    verrouillee = type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk)
    if not peut_moderer(verrouillee, par) or not _voit(cible, par):
        raise EtapeInterdite(_("Seule la modération peut le faire, et jamais sur ses propres mots."))
    if verrouillee.est_masquee == (sens == Decision.Sens.MASQUER):
        raise EtapeImpossible(_("Quelqu’un l’a déjà fait."))
    masquee_le = timezone.now() if sens == Decision.Sens.MASQUER else None
    for objet in (verrouillee, cible):
        objet.masquee_le, objet.masquee_motif = masquee_le, motif
    verrouillee.save(update_fields=["masquee_le", "masquee_motif"])
    decision = Decision.objects.create(
        cible=cible, sens=sens, motif=motif, explication=explication, signalement=signalement, par=par
    )
    consigner(
        f"moderation.{sens}",
        cible=cible,
        projet=cible.projet_du_journal(),
        par=par,
        donnees={"decision": decision.pk, **({"motif": motif} if motif else {})},
    )
    transaction.on_commit(partial(diffuser, *map(groupe_de, cible.pages_concernees())))
    return decision


def _voit(cible, personne) -> bool:
    """One does not judge what one may not read."""
    return jugeables_par(type(cible), personne).filter(pk=cible.pk).exists()


# --- Reports -----------------------------------------------------------------------------------------------------


@transaction.atomic
def signaler(cible, *, par, motif, texte="", nom="", courriel="") -> tuple[Signalement, bool]:
    """Report a contribution; with an account or without (`par` anonymous). Returns (report, is it new).

    One open report a person and contribution: again, the first one comes back and nothing is written. Raises
    EtapeInterdite (one's own words), EtapeImpossible (hidden already) or TropVite.
    """
    if not peut_signaler(cible, par):
        raise EtapeInterdite(_("On ne signale pas ses propres mots : vous pouvez les retirer."))
    if not type(cible)._base_manager.filter(pk=cible.pk, masquee_le__isnull=True).exists():
        raise EtapeImpossible(_("La modération a déjà masqué cette contribution."))
    ici = {"cible_type": ContentType.objects.get_for_model(cible), "cible_id": cible.pk}
    contenu = {"motif": motif, "texte": texte}
    if est_connectee(par):
        _freiner(par)
        signalement, nouveau = Signalement.objects.get_or_create(
            **ici, par=par, etat=Signalement.Etat.RECU, defaults=contenu
        )
    elif courriel:
        signalement, nouveau = Signalement.objects.get_or_create(
            **ici, par=None, courriel=courriel.lower(), etat=Signalement.Etat.RECU, defaults={**contenu, "nom": nom}
        )
    else:
        signalement, nouveau = Signalement.objects.create(**ici, **contenu, nom=nom), True
    if nouveau:
        consigner(
            "moderation.signaler",
            cible=signalement,
            par=par if est_connectee(par) else SYSTEME,
            publique=False,
            donnees={"motif": motif},
        )
    return signalement, nouveau


def _freiner(personne):
    recents = Signalement.objects.filter(par=personne, cree_le__gte=timezone.now() - SIGNALEMENTS_PERIODE)
    if recents.count() >= SIGNALEMENTS_MAX:
        raise TropVite(
            _("Vous avez envoyé beaucoup de signalements en une heure. Nous les lisons : revenez un peu plus tard.")
        )


def donner_suite(signalement, *, par, motif, explication, ensemble=True):
    """Follow-up of a report found right: hide the contribution, unless that is done already.

    `ensemble`: the other open reports of the same contribution are found right with it.
    """
    cible = signalement.cible
    if cible is not None and not _est_masquee(cible):
        masquer(cible, par=par, motif=motif, explication=explication, signalement=signalement)
    if ensemble:
        for autre in _autres_ouverts(signalement, par):
            franchir(autre.retenir, par=par, motif=motif, explication=explication, ensemble=False)


def laisser(signalement, *, par, ensemble=True):
    """Follow-up of a report set aside. Refused when somebody has just hidden the contribution."""
    if signalement.cible is not None and _est_masquee(signalement.cible):
        raise EtapeImpossible(_("La contribution vient d’être masquée : le signalement ne peut plus être écarté."))
    if ensemble:
        for autre in _autres_ouverts(signalement, par):
            franchir(autre.ecarter, par=par, ensemble=False)


def _autres_ouverts(signalement, par):
    """The other open reports of the same contribution. One that somebody is deciding at this very moment is hers.

    Waiting for it while holding our own would be a deadlock: she waits for ours.
    """
    autres = Signalement.objects.a_traiter().filter(cible_type=signalement.cible_type_id, cible_id=signalement.cible_id)
    verrouilles = autres.exclude(pk=signalement.pk).select_for_update(of=("self",), skip_locked=True)
    return [autre for autre in verrouilles if peut_traiter(autre, par)]


def _est_masquee(cible) -> bool:
    """Asked of the present row, under its lock."""
    return type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk).est_masquee
