"""Stages as a calendar (RFC 5545), for the diaries of people who follow a projet."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.utils import timezone
from icalendar import Calendar, Event

from projets.models import Etape
from timeline.models import Entree

RAFRAICHIR = timedelta(hours=6)


def calendrier(etapes, nom: str) -> bytes:
    """`etapes` with their projet. In UTC: a diary shows its owner's own hour, on both sides of a clock change."""
    agenda = Calendar()
    agenda.add("prodid", "-//Estuaire//Projets//FR")
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.calendar_name = nom
    agenda.add("refresh-interval", RAFRAICHIR, parameters={"VALUE": "DURATION"})
    etapes = list(etapes)
    reports = _reports(etapes)
    maintenant = timezone.now()
    for etape in etapes:
        agenda.add_component(_evenement(etape, reports.get(etape.pk, 0), maintenant))
    return agenda.to_ical()


def _evenement(etape, reports: int, maintenant: datetime) -> Event:
    site = settings.ADRESSE.rstrip("/")
    evenement = Event()
    evenement.add("uid", f"etape-{etape.pk}@{urlsplit(site).hostname}")
    evenement.add("dtstamp", maintenant.astimezone(UTC))
    evenement.add("sequence", reports)
    evenement.add("dtstart", etape.ouvre_le.astimezone(UTC))
    evenement.add("dtend", etape.ferme_le.astimezone(UTC))
    evenement.add("summary", f"{etape.titre} – {etape.projet.titre}")
    if etape.description:
        evenement.add("description", etape.description)
    if etape.lieu:
        evenement.add("location", etape.lieu)
    evenement.add("url", f"{site}{etape.get_absolute_url()}")
    evenement.add("categories", [str(etape.get_genre_display())])
    evenement.add("status", "CANCELLED" if etape.est_annulee else "CONFIRMED")
    # A stage may last four months: it must not show its followers as busy all that time.
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
