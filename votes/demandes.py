"""Asking for a count, and giving it up: a row that the queue works on (`votes.comptage`)."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.tasks import reveiller
from timeline.etapes import EtapeImpossible, EtapeInterdite
from timeline.temps_reel import diffuser, groupe_de
from votes.models import Comptage, Scrutin
from votes.permissions import peut_conduire
from votes.simulation import Demande, preparer
from votes.tasks import compter


def demander(scrutin: Scrutin, *, par) -> Comptage:
    """Ask for the official count of a closed vote; the one that runs already when somebody was faster.

    Raises EtapeInterdite or EtapeImpossible.
    """
    if not peut_conduire(scrutin, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, compte les bulletins."))
    scrutin.refresh_from_db()
    if scrutin.etat != Scrutin.Etat.CLOS:
        raise EtapeImpossible(_("On ne compte que les bulletins d’un vote terminé."))
    try:
        with transaction.atomic():
            comptage = Comptage.objects.create(scrutin=scrutin, genre=Comptage.Genre.OFFICIEL, par=par)
    except IntegrityError:
        return Comptage.objects.officiels().get(scrutin=scrutin, abandonne_le__isnull=True, echec="")
    transaction.on_commit(partial(reveiller, compter, comptage.pk))
    return comptage


def abandonner(comptage: Comptage, *, par) -> Comptage:
    """Give a count up before it ends. Raises EtapeInterdite or EtapeImpossible."""
    if not peut_conduire(comptage.scrutin, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, arrête un comptage."))
    if not Comptage.objects.en_cours().filter(pk=comptage.pk).update(abandonne_le=timezone.now()):
        raise EtapeImpossible(_("Ce comptage est déjà fini."))
    comptage.refresh_from_db()
    diffuser(groupe_de(comptage))
    return comptage


def simuler(scrutin: Scrutin, demande: Demande, *, par) -> Comptage:
    """Ask for a simulation. Raises EtapeInterdite, or EtapeInvalide with the field to mend."""
    with transaction.atomic():
        comptage = preparer(scrutin, demande, par=par)
        transaction.on_commit(partial(reveiller, compter, comptage.pk))
    return comptage
