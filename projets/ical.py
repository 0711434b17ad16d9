"""Stages as a calendar (RFC 5545), for the diaries of people who follow a projet."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.utils import timezone
from icalendar import Calendar, Event

from projets.autour import Periode
from projets.models import Etape
from socle.adresses import absolue
from timeline.models import Entree

RAFRAICHIR = timedelta(hours=6)


def calendrier(etapes, nom: str, periodes: Iterable[Periode] = ()) -> bytes:
    """`etapes` with their projet, and what lasts beside them. In UTC: a diary shows its owner's own hour, on both sides of a
    clock change."""
    agenda = nouvel_agenda(nom)
    etapes = list(etapes)
    reports = _reports(etapes)
    maintenant = timezone.now()
    for etape in etapes:
        agenda.add_component(_evenement(etape, reports.get(etape.pk, 0), maintenant))
    for periode in periodes:
        agenda.add_component(_de_la_periode(periode, maintenant))
    return agenda.to_ical()


def nouvel_agenda(nom: str) -> Calendar:
    agenda = Calendar()
    agenda.add("prodid", "-//Estuaire//Projets//FR")
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.calendar_name = nom
    agenda.add("refresh-interval", RAFRAICHIR, parameters={"VALUE": "DURATION"})
    return agenda


def nom_unique(quoi: str) -> str:
    """UID of an event: the same each time the feed is read."""
    return f"{quoi}@{urlsplit(settings.ADRESSE).hostname}"


def _evenement(etape, reports: int, maintenant: datetime) -> Event:
    evenement = Event()
    evenement.add("uid", nom_unique(f"etape-{etape.pk}"))
    evenement.add("dtstamp", maintenant.astimezone(UTC))
    evenement.add("sequence", reports)
    evenement.add("dtstart", etape.ouvre_le.astimezone(UTC))
    evenement.add("dtend", etape.ferme_le.astimezone(UTC))
    evenement.add("summary", f"{etape.titre} – {etape.projet.titre}")
    if etape.description:
        evenement.add("description", etape.description)
    if etape.lieu:
        evenement.add("location", etape.lieu)
    evenement.add("url", absolue(etape.get_absolute_url()))
    evenement.add("categories", [str(etape.get_genre_display())])
    evenement.add("status", "CANCELLED" if etape.est_annulee else "CONFIRMED")
    # A stage may last four months: it must not show its followers as busy all that time.
    evenement.add("transp", "TRANSPARENT")
    return evenement


def _de_la_periode(periode: Periode, maintenant: datetime) -> Event:
    evenement = Event()
    evenement.add("uid", nom_unique(periode.nom))
    evenement.add("dtstamp", maintenant.astimezone(UTC))
    evenement.add("dtstart", periode.ouvre_le.astimezone(UTC))
    evenement.add("dtend", periode.ferme_le.astimezone(UTC))
    evenement.add("summary", periode.titre)
    if periode.precision:
        evenement.add("description", periode.precision)
    evenement.add("url", absolue(periode.url))
    evenement.add("categories", [periode.categorie])
    evenement.add("status", "CONFIRMED")
    evenement.add("transp", "TRANSPARENT")
    return evenement


def _reports(etapes) -> dict[int, int]:
    """How often each stage was moved or cancelled since it was announced: the SEQUENCE that makes a diary follow."""
    deplacements = Entree.objects.publiques().filter(
        type__in=["projets.etape.deplacer", "projets.etape.annuler"],
        cible_type=ContentType.objects.get_for_model(Etape),
        cible_id__in=[etape.pk for etape in etapes],
    )
    return dict(deplacements.order_by().values_list("cible_id").annotate(Count("pk")))
