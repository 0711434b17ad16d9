"""Voting: once each, changed until the end, at the clock of the database.

Who has voted is one row (`Emargement`), what she voted another (`Bulletin`): the secret urn will part them, and nothing
outside of this module knows that they are joined.
"""

import hashlib
import logging
from collections.abc import Mapping
from functools import partial

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projets.models import Etape, Projet
from socle.permissions import est_connectee
from timeline.chaine import canonique
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir_a_l_heure
from timeline.temps_reel import diffuser, groupe_de
from votes.bulletins import verifier
from votes.heure import maintenant
from votes.models import Bulletin, Emargement, Enveloppe, Scrutin
from votes.permissions import est_admise

journal = logging.getLogger(__name__)

SOUFFLE = 5  # seconds between two refreshes of the number of voters on open pages


class BulletinRefuse(EtapeInvalide):
    """This ballot breaks the rules: `torts` holds one sentence each. Nothing is written."""

    def __init__(self, torts: list[str]):
        super().__init__(" ".join(torts))
        self.torts = torts


class VoteEntreTemps(EtapeImpossible):
    """She has voted elsewhere since her page was drawn: another tab, another device. `bulletin` is what counts now."""

    def __init__(self, bulletin: Bulletin):
        super().__init__(
            _("Vous avez déjà voté autrement depuis une autre page. Relisez votre vote avant de le remplacer.")
        )
        self.bulletin = bulletin


# --- What is hers --------------------------------------------------------------------------------------------------


def le_sien(scrutin: Scrutin, personne, enveloppe: Enveloppe) -> Bulletin | None:
    """What she has voted in this envelope, while it can still be changed."""
    bulletin = le_sien_de_ce_genre(scrutin, personne, est_local=enveloppe.est_locale)
    return bulletin if bulletin is not None and bulletin.enveloppe_id == enveloppe.pk else None


def le_sien_de_ce_genre(scrutin: Scrutin, personne, *, est_local: bool) -> Bulletin | None:
    """Her ballot for what concerns everybody, or that of the one place that she has chosen."""
    if not est_connectee(personne):
        return None
    siens = Bulletin.objects.filter(
        scrutin=scrutin, emargement__personne=personne, emargement__est_local=est_local
    ).select_related("enveloppe", "emargement")
    return siens.first()


def les_siens(scrutin: Scrutin, personne) -> list[Bulletin]:
    """Everything that she has voted in it: what concerns everybody first."""
    if not est_connectee(personne):
        return []
    siens = Bulletin.objects.filter(scrutin=scrutin, emargement__personne=personne)
    return list(siens.select_related("enveloppe", "emargement").order_by("emargement__est_local", "pk"))


def marque_de(bulletin: Bulletin | None) -> str:
    """What a page says of the ballot that it was drawn with; empty when there is none."""
    return "" if bulletin is None else _marque(bulletin.enveloppe_id, bulletin.notes)


def _marque(enveloppe: int, notes: Mapping[str, int]) -> str:
    return hashlib.sha256(canonique({"enveloppe": enveloppe, "notes": dict(notes)})).hexdigest()[:20]


# --- The only door -------------------------------------------------------------------------------------------------


def voter(
    scrutin: Scrutin,
    *,
    par,
    enveloppe: Enveloppe,
    notes: Mapping[str, int],
    empreinte: str,
    vu: str | None = None,
) -> Bulletin:
    """Cast her ballot, or change the one she has cast. `notes` is {key of an option: value}; none at all is a blank one.
    `empreinte` is that of the rules which her page showed; `vu`, the `marque_de` the ballot that it showed, if it knows.

    Sent twice, from two tabs or by two processes at once, it is one ballot. Raises EtapeInterdite (not hers to vote),
    EtapeImpossible (not open by the clock of the database, other rules, another place), VoteEntreTemps or BulletinRefuse.
    """
    if not est_connectee(par):
        raise EtapeInterdite(_("Connectez-vous pour voter."))
    if scrutin.communaute is not None:
        scrutin.communaute.oublier_les_adhesions_lues()
    if not est_admise(scrutin, par):
        raise EtapeInterdite(scrutin.raison_du_refus(par))
    if scrutin.etat == Scrutin.Etat.ANNONCE and scrutin.est_ouvert:
        # The hour has come and the clock has not passed yet: the first voter opens the door, by the same road.
        franchir_a_l_heure(scrutin.ouvrir)
    try:
        with transaction.atomic():
            _exiger_ouvert(scrutin)
            if empreinte != scrutin.empreinte or enveloppe.scrutin_id != scrutin.pk:
                raise EtapeImpossible(_("Cette page montrait un autre vote. Ouvrez le vote de nouveau."))
            if torts := verifier(scrutin, enveloppe, notes):
                raise BulletinRefuse(torts)
            emargement = _emarger(scrutin, par, enveloppe)
            bulletin = _deposer(emargement, enveloppe, dict(notes), vu)
    except IntegrityError as erreur:
        # It closed between the first look and the writing: the database let nobody in.
        raise EtapeImpossible(_hors_du_temps()) from erreur
    transaction.on_commit(partial(_dire_le_nombre, scrutin))
    return bulletin


def _hors_du_temps() -> str:
    return _("Le vote n’est pas ouvert : votre bulletin n’a pas été compté.")


def _exiger_ouvert(scrutin: Scrutin) -> None:
    """Asked of the database: its clock, the state, the stage and the projet as they are now, not as they were read."""
    permise = Q(etape__isnull=True) | Q(
        ~Q(etape__etat=Etape.Etat.ANNULEE),
        etape__ouvre_le__lte=maintenant(),
        etape__ferme_le__gt=maintenant(),
        etape__projet__etat__in=Projet.VIVANTS,
    )
    a_l_heure = Scrutin.objects.filter(
        permise, pk=scrutin.pk, etat=Scrutin.Etat.OUVERT, ouvre_le__lte=maintenant(), ferme_le__gt=maintenant()
    )
    ouvre = a_l_heure.values_list("etape", "etape__ouvre").first()
    if ouvre is None or (ouvre[0] is not None and Etape.Fonction.VOTER not in ouvre[1]):
        raise EtapeImpossible(_hors_du_temps())


def _emarger(scrutin: Scrutin, par, enveloppe: Enveloppe) -> Emargement:
    cles = {"scrutin": scrutin, "personne": par, "est_local": enveloppe.est_locale}
    siens = Emargement.objects.select_for_update()
    # Her own other tab, or a change of mind: the row that is there is held while she changes it.
    emargement = siens.filter(**cles).first()
    if emargement is not None:
        return emargement
    try:
        with transaction.atomic():
            return Emargement.objects.create(enveloppe=enveloppe, **cles)
    except IntegrityError:
        emargement = siens.filter(**cles).first()
        if emargement is None:  # not refused because she was there already
            raise
        return emargement


def _deposer(emargement: Emargement, enveloppe: Enveloppe, notes: dict[str, int], vu: str | None) -> Bulletin:
    bulletin = Bulletin.objects.filter(emargement=emargement).first()
    if bulletin is None:
        return Bulletin.objects.create(
            scrutin_id=emargement.scrutin_id, enveloppe=enveloppe, emargement=emargement, notes=notes
        )
    if marque_de(bulletin) == _marque(enveloppe.pk, notes):
        return bulletin
    if vu is not None and vu != marque_de(bulletin):
        raise VoteEntreTemps(bulletin)
    if emargement.enveloppe_id != enveloppe.pk:
        emargement.enveloppe = enveloppe
        emargement.save(update_fields=["enveloppe"])
    bulletin.notes, bulletin.enveloppe = notes, enveloppe
    bulletin.modifie_le = timezone.now()
    bulletin.save(update_fields=["notes", "enveloppe", "modifie_le"])
    return bulletin


def _dire_le_nombre(scrutin: Scrutin) -> None:
    """Open pages ask the number of voters again, now and then: a rush of votes must not be a rush of pages."""
    try:
        premiere = cache.add(f"votes.nombre.{scrutin.pk}", 1, SOUFFLE)
    except Exception:  # a dead cache costs freshness, never a vote that is already written
        journal.warning("cache indisponible : le nombre de votes n'est pas redit", exc_info=True)
        return
    if premiere:
        diffuser(groupe_de(scrutin))
