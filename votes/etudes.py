"""Feasibility studies: asked of services, given back by a step of each (`Etude.rendre`), and what the list makes of them."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reponses.models import Service
from timeline.etapes import EtapeImpossible, EtapeInvalide
from timeline.journal import consigner
from votes.composition import la_sienne, modifier, tenir
from votes.models import Etude, Option, Scrutin


@transaction.atomic
def demander(
    scrutin: Scrutin, options: Sequence[Option], services: Sequence[Service], attendue_le: date, *, par
) -> list[Etude]:
    """Ask each of these services about each of these options; those already asked are left as they are.

    Raises EtapeInterdite, EtapeImpossible, or EtapeInvalide (a date that is past, or after the vote opens).
    """
    scrutin = tenir(scrutin, par=par)
    _exiger_une_date(scrutin, attendue_le)
    if any(option.scrutin_id != scrutin.pk for option in options):
        raise EtapeInvalide(_("Choisissez des propositions de ce vote."), champ="options")
    deja = set(Etude.objects.filter(option__in=options).values_list("option", "service"))
    neuves = [
        Etude(option=option, service=service, attendue_le=attendue_le)
        for option in options
        for service in services
        if (option.pk, service.pk) not in deja
    ]
    demandees = Etude.objects.bulk_create(neuves)
    if demandees:
        consigner(
            "votes.etudes.demander",
            cible=scrutin,
            projet=scrutin.projet_du_journal(),
            par=par,
            publique=False,
            donnees={"nombre": len(demandees), "attendues_le": attendue_le.isoformat()},
        )
    return demandees


def _exiger_une_date(scrutin: Scrutin, attendue_le: date) -> None:
    if attendue_le < timezone.localdate():
        raise EtapeInvalide(_("Choisissez une date à venir."), champ="attendue_le")
    if attendue_le >= timezone.localdate(scrutin.ouvre_le):
        raise EtapeInvalide(
            _("Les études servent avant le vote : choisissez une date d’avant son ouverture."), champ="attendue_le"
        )


@transaction.atomic
def abandonner(etude: Etude, *, par) -> None:
    """Ask no longer. Raises EtapeImpossible once the service has answered."""
    tenir(etude.option.scrutin, par=par)
    etude = Etude.objects.select_for_update(of=("self",)).get(pk=etude.pk)
    if etude.etat != Etude.Etat.DEMANDEE:
        raise EtapeImpossible(_("Ce service a rendu son étude : elle reste."))
    etude.delete()


@transaction.atomic
def garder_le_cout(etude: Etude, *, par) -> Option:
    """The cost that this service estimates becomes that of the option. Raises EtapeInvalide when it gives none."""
    option = la_sienne(etude.option, par=par)
    etude = Etude.objects.select_for_update(of=("self",)).get(pk=etude.pk)
    if etude.etat != Etude.Etat.RENDUE or not etude.cout:
        raise EtapeInvalide(_("Cette étude ne donne pas de coût."))
    modifier(option, par=par, valeurs={"cout": etude.cout})
    return option
