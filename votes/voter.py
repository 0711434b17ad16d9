"""Voting: once each, changed until the end, at the clock of the database.

Who has voted is one row (`Emargement`), what she voted another (`Bulletin`): the secret urn will part them, and nothing
outside of this module knows that they are joined.
"""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projets.models import Etape
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from votes.bulletins import verifier
from votes.heure import maintenant
from votes.models import Bulletin, Emargement, Enveloppe, Scrutin


class BulletinRefuse(EtapeInvalide):
    """This ballot breaks the rules: `torts` holds one sentence each. Nothing is written."""

    def __init__(self, torts: list[str]):
        super().__init__(" ".join(torts))
        self.torts = torts


def le_sien(scrutin: Scrutin, personne, enveloppe: Enveloppe) -> Bulletin | None:
    """What she has voted in this envelope, while it can still be changed."""
    if not est_connectee(personne):
        return None
    return Bulletin.objects.filter(scrutin=scrutin, enveloppe=enveloppe, emargement__personne=personne).first()


def voter(scrutin: Scrutin, *, par, enveloppe: Enveloppe, notes: Mapping[str, int], empreinte: str) -> Bulletin:
    """Cast her ballot, or change the one she has cast. `notes` is {key of an option: value}; none at all is a blank one.
    `empreinte` is that of the rules which her page showed.

    Sent twice, from two tabs or by two processes at once, it is one ballot. Raises EtapeInterdite (not hers to vote),
    EtapeImpossible (not open by the clock of the database, other rules, another place) or BulletinRefuse.
    """
    if not est_connectee(par):
        raise EtapeInterdite(_("Connectez-vous pour voter."))
    if refus := scrutin.raison_du_refus(par):
        raise EtapeInterdite(refus)
    with transaction.atomic():
        _exiger_ouvert(scrutin)
        if empreinte != scrutin.empreinte or enveloppe.scrutin_id != scrutin.pk:
            raise EtapeImpossible(_("Cette page montrait un autre vote. Ouvrez le vote de nouveau."))
        if torts := verifier(scrutin, enveloppe, notes):
            raise BulletinRefuse(torts)
        emargement = _emarger(scrutin, par, enveloppe)
        return _deposer(emargement, dict(notes))


def _exiger_ouvert(scrutin: Scrutin) -> None:
    a_l_heure = Scrutin.objects.filter(
        pk=scrutin.pk, etat=Scrutin.Etat.OUVERT, ouvre_le__lte=maintenant(), ferme_le__gt=maintenant()
    )
    if not a_l_heure.exists() or (scrutin.etape is not None and Etape.Fonction.VOTER not in scrutin.etape.ouvre):
        raise EtapeImpossible(_("Le vote n’est pas ouvert : votre bulletin n’a pas été compté."))


def _emarger(scrutin: Scrutin, par, enveloppe: Enveloppe) -> Emargement:
    cles = {"scrutin": scrutin, "personne": par, "est_local": enveloppe.est_locale}
    try:
        with transaction.atomic():
            return Emargement.objects.create(enveloppe=enveloppe, **cles)
    except IntegrityError:
        # Her own other tab, or a change of mind: the row that is there is held while she changes it.
        emargement = Emargement.objects.select_for_update().get(**cles)
        if emargement.enveloppe_id != enveloppe.pk:
            emargement.enveloppe = enveloppe
            emargement.save(update_fields=["enveloppe"])
        return emargement


def _deposer(emargement: Emargement, notes: dict[str, int]) -> Bulletin:
    bulletin = Bulletin.objects.filter(emargement=emargement).first()
    if bulletin is None:
        return Bulletin.objects.create(
            scrutin_id=emargement.scrutin_id, enveloppe_id=emargement.enveloppe_id, emargement=emargement, notes=notes
        )
    bulletin.notes, bulletin.enveloppe_id = notes, emargement.enveloppe_id
    bulletin.modifie_le = timezone.now()
    bulletin.save(update_fields=["notes", "enveloppe", "modifie_le"])
    return bulletin
