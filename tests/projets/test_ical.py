"""Feeds that leave the site: calendars that diaries read, Atom that feed readers read."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from projets.actions import modifier_etape
from projets.models import Projet
from tests.fabriques import EtapeFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def evenements(reponse):
    assert reponse.headers["Content-Type"] == "text/calendar; charset=utf-8"
    agenda = Calendar.from_ical(reponse.content)
    assert (agenda["VERSION"], agenda["METHOD"], bool(agenda["PRODID"])) == ("2.0", "PUBLISH", True)
    return agenda, agenda.walk("VEVENT")


def test_un_agenda_se_relit(client):
    projet = ProjetFabrique(titre="La place ; le marché, « les halles »")
    etape = EtapeFabrique(
        projet=projet,
        titre="Ateliers\r\nX-PIEGE:1",
        lieu="Salle fictive, 1er étage; porte B",
        description="Venez.\nEt revenez.",
        ouvre_le=datetime(2027, 3, 20, 17, 0, tzinfo=UTC),
        ferme_le=datetime(2027, 3, 31, 21, 59, tzinfo=UTC),
    )
    reponse = client.get(reverse("projets:calendrier", args=[projet.slug]))
    agenda, (evenement,) = evenements(reponse)
    assert agenda.calendar_name == projet.titre
    assert evenement["UID"] == f"etape-{etape.pk}@127.0.0.1"
    assert (evenement.decoded("DTSTART"), evenement.decoded("DTEND")) == (etape.ouvre_le, etape.ferme_le)
    for champ in ("DTSTART", "DTEND", "DTSTAMP"):
        assert evenement.decoded(champ).utcoffset() == timedelta(0)
        assert evenement[champ].to_ical().endswith(b"Z")
    assert str(evenement["SUMMARY"]).endswith("– La place ; le marché, « les halles »")
    assert str(evenement["LOCATION"]) == etape.lieu
    assert str(evenement["DESCRIPTION"]) == etape.description
    assert str(evenement["URL"]).endswith(f"{projet.get_absolute_url()}#etape-{etape.pk}")
    assert "X-PIEGE" not in evenement
    assert all(len(ligne) <= 75 for ligne in reponse.content.split(b"\r\n"))
    assert f'filename="{projet.slug}.ics"' in reponse.headers["Content-Disposition"]


def test_une_etape_deplacee_garde_son_nom_et_monte_d_un_cran(client, agent):
    etape = EtapeFabrique()
    adresse = reverse("projets:calendrier", args=[etape.projet.slug])
    _agenda, (avant,) = evenements(client.get(adresse))
    modifier_etape(etape, par=agent, ferme_le=etape.ferme_le + timedelta(days=3))
    modifier_etape(etape, par=agent, titre="Un autre titre")
    _agenda, (apres,) = evenements(client.get(adresse))
    assert (avant["UID"], avant["SEQUENCE"], apres["SEQUENCE"]) == (apres["UID"], 0, 1)
    assert apres.decoded("DTEND") - avant.decoded("DTEND") == timedelta(days=3)


def test_l_agenda_general_reunit_ce_qui_est_annonce(client):
    EtapeFabrique(titre="Ici")
    EtapeFabrique(titre="Là")
    EtapeFabrique(titre="Secrète", projet=ProjetFabrique(annonce=False))
    _agenda, trouves = evenements(client.get(reverse("projets:calendrier_general")))
    assert sorted(str(e["SUMMARY"]).split(" – ")[0] for e in trouves) == ["Ici", "Là"]


def test_un_projet_sans_etape_a_un_agenda_vide(client):
    _agenda, trouves = evenements(client.get(reverse("projets:calendrier", args=[ProjetFabrique().slug])))
    assert trouves == []


def test_atom_d_un_projet(client, agent):
    from projets.actions import publier_actualite

    projet, autre = ProjetFabrique(titre="<b>Le</b> marché & les halles"), ProjetFabrique(titre="Ailleurs")
    publier_actualite(projet, par=agent, titre="Les travaux commencent", texte="Lundi.")
    publier_actualite(autre, par=agent, titre="Rien à voir", texte="Mardi.")
    reponse = client.get(reverse("projets:atom", args=[projet.slug]))
    assert reponse.headers["Content-Type"].startswith("application/atom+xml")
    flux = ET.fromstring(reponse.content)  # noqa: S314 (our own feed)
    titres = [entree.findtext(f"{ATOM}title") for entree in flux.iter(f"{ATOM}entry")]
    assert len(titres) == 2
    assert "Les travaux commencent" in titres[0]
    assert "<b>Le</b> marché & les halles" in flux.findtext(f"{ATOM}title")
    assert all(e.findtext(f"{ATOM}id").startswith("urn:sha256:") for e in flux.iter(f"{ATOM}entry"))
    assert "Rien à voir" not in reponse.content.decode()


@pytest.mark.parametrize("nom", ["atom", "calendrier"])
def test_un_flux_n_a_pas_de_compte(nom, client, agent):
    """Even in an agent's browser: an address that works for her must work, or not, for the one she gives it to."""
    client.force_login(agent)
    brouillon = ProjetFabrique(annonce=False)
    assert client.get(reverse(f"projets:{nom}", args=[brouillon.slug])).status_code == 404
    assert Projet.objects.visibles_par(agent).filter(pk=brouillon.pk).exists()


def test_ce_qui_n_est_pas_public_n_est_pas_dans_le_flux(client, agent):
    from projets.actions import modifier

    projet = ProjetFabrique(annonce=False)
    modifier(projet, par=agent, resume="Encore secret.")
    from timeline.etapes import franchir

    projet.refresh_from_db()
    franchir(projet.annoncer, par=agent)
    flux = ET.fromstring(client.get(reverse("projets:atom", args=[projet.slug])).content)  # noqa: S314
    assert len(list(flux.iter(f"{ATOM}entry"))) == 1
    assert timezone.now().year == datetime.fromisoformat(flux.findtext(f"{ATOM}updated")).year
