"""A panel and its mandate: founded, published, corrected. What is published is the next version, never the same one."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes import actions
from communautes.models import Communaute, Mandat, Panel, Tirage
from communautes.permissions_panel import peut_conduire, peut_creer_un_panel
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner

#: Of the mandate, what a version may change.
CHAMPS = ("question", "calendrier", "devenir", "commanditaire", "places", "effacer_le")


def exiger_de_conduire(panel: Panel, par) -> None:
    if not peut_conduire(panel, par):
        raise EtapeInterdite(_("Seuls les agents, ou la personne référente du panel, le préparent."))


@transaction.atomic
def creer(*, par, communaute: dict, mandat: dict) -> Panel:
    """A panel that nobody finds yet, with the draft of its mandate; the same form sent twice is one panel.

    Raises EtapeInterdite or EtapeInvalide.
    """
    if not peut_creer_un_panel(par):
        raise EtapeInterdite(_("Les panels sont créés par les agents."))
    fondee = actions.fonder(par=par, **communaute, acces=Communaute.Acces.TIRAGE, genre=Communaute.Genre.PANEL)
    if deja := Panel.objects.filter(communaute=fondee).first():
        return deja
    panel = Panel.objects.create(communaute=fondee, cree_par=par)
    _exiger_des_dates(mandat["effacer_le"])
    Mandat.objects.create(panel=panel, redige_par=par, **mandat)
    return panel


def faute_de_date(effacer_le, publiee=None) -> str:
    """What is wrong with that day of erasure, or nothing. `publiee`: the day that everybody has read."""
    if effacer_le == publiee:
        return ""
    if effacer_le <= timezone.localdate():
        return _("Choisissez un jour à venir.")
    if publiee is not None and effacer_le > publiee:
        return _("Les noms et les adresses ne sont pas gardés plus longtemps que ce qui a été publié.")
    return ""


def _exiger_des_dates(effacer_le, publiee=None) -> None:
    if faute := faute_de_date(effacer_le, publiee):
        raise EtapeInvalide(faute, champ="effacer_le")


@transaction.atomic
def rediger(panel: Panel, *, par, motif="", **champs) -> Mandat:
    """The draft while nothing is published; afterwards a new version, published at once, with its reason.

    Raises EtapeInterdite or EtapeInvalide.
    """
    Communaute.objects.select_for_update(of=("self",)).get(pk=panel.communaute_id)
    exiger_de_conduire(panel, par)
    en_vigueur = panel.mandat
    if en_vigueur is None:
        _exiger_des_dates(champs["effacer_le"])
        Mandat.objects.filter(panel=panel, publie_le__isnull=True).update(**champs, redige_par=par)
        return panel.mandats.get()
    _exiger_une_correction(panel, en_vigueur, motif, champs)
    nouvelle = Mandat(panel=panel, numero=en_vigueur.numero + 1, motif=motif, redige_par=par, **champs)
    return _publier_la_version(nouvelle, par)


def _exiger_une_correction(panel, en_vigueur, motif, champs) -> None:
    if panel.efface_le and champs["effacer_le"] != en_vigueur.effacer_le:
        raise EtapeInvalide(_("Les noms et les adresses sont déjà effacés."), champ="effacer_le")
    _exiger_des_dates(champs["effacer_le"], en_vigueur.effacer_le)
    if champs["places"] != en_vigueur.places and panel.tirages.filter(etat__in=["annonce", "tire"]).exists():
        raise EtapeInvalide(_("Le tirage est annoncé : le nombre de places ne change plus."), champ="places")
    if all(champs[nom] == getattr(en_vigueur, nom) for nom in CHAMPS):
        raise EtapeInvalide(_("Rien ne change : corrigez au moins une ligne."))
    if not motif:
        raise EtapeInvalide(_("Dites ce qui change, et pourquoi : tout le monde le lira."), champ="motif")


def _publier_la_version(version: Mandat, par) -> Mandat:
    version.publie_le = timezone.now()
    version.empreinte = version.calculer_l_empreinte()
    version.save()
    consigner(
        "communautes.panel.mandat",
        cible=version.panel,
        projet=version.panel.projet_du_journal(),
        par=par,
        donnees={"numero": version.numero, "empreinte": version.empreinte},
    )
    return version


@transaction.atomic
def publier(panel: Panel, *, par, referente) -> Mandat:
    """Everybody finds the panel and reads its mandate. Opens its community when nobody has done it yet.

    Raises EtapeInterdite, EtapeImpossible (already published) or EtapeInvalide (a date that is past).
    """
    exiger_de_conduire(panel, par)
    version = Mandat.objects.select_for_update().filter(panel=panel, publie_le__isnull=True).first()
    if version is None:
        raise EtapeImpossible(_("Le mandat est déjà publié : corrigez-le par une nouvelle version."))
    _exiger_des_dates(version.effacer_le)
    if not panel.communaute.est_annoncee:
        franchir(panel.communaute.ouvrir, par=par, referente=referente)
    return _publier_la_version(version, par)


@transaction.atomic
def commencer_un_tirage(panel: Panel, *, par) -> Tirage:
    """The row of the first draw. Raises EtapeInterdite or EtapeImpossible (one is there already)."""
    exiger_de_conduire(panel, par)
    mandat = panel.mandat or panel.mandat_en_preparation
    if panel.premier_tirage is not None:
        raise EtapeImpossible(_("Ce panel a déjà un tirage : reprenez-le, ou annulez-le d’abord."))
    if panel.efface_le:
        raise EtapeImpossible(_("Les noms et les adresses de ce panel sont effacés : on ne tire plus personne."))
    return creer_le_tirage(panel, places=mandat.places, par=par)


def creer_le_tirage(panel: Panel, *, places, par, remplace=None, criteres=()) -> Tirage:
    dernier = panel.tirages.order_by("-numero").first()
    numero = dernier.numero + 1 if dernier else 1
    try:
        with transaction.atomic():
            tirage = Tirage.objects.create(
                panel=panel, numero=numero, places=places, remplace=remplace, criteres=list(criteres)
            )
    except IntegrityError:
        raise EtapeImpossible(_("Un autre tirage de ce panel est en cours.")) from None
    consigner(
        "communautes.tirage.preparer",
        cible=tirage,
        projet=tirage.projet_du_journal(),
        par=par,
        publique=False,
        donnees={"numero": numero, "places": places},
    )
    return tirage
