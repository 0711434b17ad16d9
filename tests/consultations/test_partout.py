"""Consultations where people pass: menu, home, page of the projet, calendars, chronology, map of the site; drafts nowhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from consultations.models import Consultation
from territoires.models import Territoire
from tests.consultations.fabriques import consultation
from tests.fabriques import EtapeFabrique, ProjetFabrique, ThematiqueFabrique
from tests.requetes import copier, requetes

pytestmark = pytest.mark.django_db


@pytest.fixture
def projet():
    return ProjetFabrique(ouvert=True, titre="Le projet des rues")


@pytest.fixture
def etape(projet):
    maintenant = timezone.now()
    return EtapeFabrique(
        projet=projet,
        ouvre=["repondre"],
        ouvre_le=maintenant - timedelta(days=30),
        ferme_le=maintenant + timedelta(days=60),
    )


@pytest.fixture
def toutes(etape):
    """One of a projet in each state."""
    return {
        etat: consultation(etape=etape, etat=etat, titre=f"Consultation {etat}")
        for etat in ("brouillon", "programmee", "ouverte", "close", "restituee")
    }


def lire(client, adresse, **demande) -> str:
    reponse = client.get(adresse, demande)
    assert reponse.status_code == 200
    return (b"".join(reponse.streaming_content) if reponse.streaming else reponse.content).decode()


def lues_dans(texte) -> set[str]:
    etats = ("brouillon", "programmee", "ouverte", "close", "restituee")
    return {etat for etat in etats if f"Consultation {etat}" in texte}


def test_le_menu_y_mene(client):
    assert f'href="{reverse("consultations:liste")}"' in lire(client, "/charte/")


def test_l_accueil_montre_celles_qui_sont_ouvertes_la_plus_pressee_d_abord(client, toutes):
    bientot = consultation(titre="Bientôt finie", ferme_le=timezone.now() + timedelta(hours=3))
    Consultation.objects.filter(pk=consultation(titre="Déjà finie").pk).update(
        ferme_le=timezone.now() - timedelta(seconds=1)
    )  # the clock has not passed yet
    montrees = list(client.get("/").context["consultations"])
    assert montrees == [bientot, toutes["ouverte"]]


def test_la_page_du_projet_les_montre_et_celles_d_un_autre_non(client, projet, toutes, agent):
    consultation(titre="Toute seule")
    page = lire(client, projet.get_absolute_url())
    section = page.partition('id="titre-consultations"')[2].partition("</section>")[0]
    assert lues_dans(section) == {"programmee", "ouverte", "close", "restituee"} and "Toute seule" not in section
    assert section.index("Consultation ouverte") < section.index("Consultation programmee")
    client.force_login(agent)
    assert 'id="titre-consultations"' not in lire(client, ProjetFabrique(ouvert=True).get_absolute_url())


def test_la_page_du_projet_coute_toujours_autant(client, projet, etape):
    premiere = consultation(etape=etape)
    une = requetes(client, projet.get_absolute_url())
    copier(premiere, 49, slug=lambda n: f"copie-{n}")
    assert requetes(client, projet.get_absolute_url()) == une <= 31


def test_l_agenda_de_tous_coute_autant_pour_une_que_pour_cinquante(client, etape):
    """Stages, each of its projet, and consultations of them all."""
    premiere, adresse = consultation(etape=etape), reverse("projets:calendrier_general")
    une = requetes(client, adresse)
    projets = copier(etape.projet, 49, slug=lambda n: f"projet-{n}")
    etapes = copier(etape, 49, projet_id=lambda n: projets[n].pk)
    copier(premiere, 49, slug=lambda n: f"copie-{n}", etape_id=lambda n: etapes[n].pk)
    assert len(noms(lire(client, adresse))) >= 2 and requetes(client, adresse) == une <= 4


def noms(texte) -> set[str]:
    return {str(e["summary"]) for e in Calendar.from_ical(texte).walk("VEVENT")}


def test_les_agendas_les_annoncent(client, projet, toutes, agent):
    seule = consultation(titre="Toute seule")
    client.force_login(agent)  # a diary has no account: drafts stay out even so
    du_projet = lire(client, reverse("projets:calendrier", args=[projet.slug]))
    assert {f"Consultation : {toutes[e].titre}" for e in ("programmee", "ouverte", "close", "restituee")} < noms(
        du_projet
    )
    assert "brouillon" not in du_projet and "Toute seule" not in du_projet
    general = lire(client, reverse("projets:calendrier_general"))
    assert "Consultation : Toute seule" in noms(general) and "brouillon" not in general
    evenement = next(e for e in Calendar.from_ical(general).walk("VEVENT") if "Toute seule" in e["summary"])
    assert evenement["uid"].startswith(f"consultation-{seule.pk}@")
    assert evenement.decoded("dtend") == seule.ferme_le.replace(microsecond=0)


def test_le_calendrier_les_annonce_par_theme_et_par_lieu(client, projet, toutes):
    ville = Territoire.objects.create(genre="commune", nom="Ville", slug="ville", code="99001")
    eau = ThematiqueFabrique()
    projet.thematiques.add(eau)
    consultation(titre="Celle de la ville", territoire=ville)
    mois = f"{toutes['ouverte'].ouvre_le:%Y-%m}"
    calendrier = reverse("idees:calendrier")
    tout = lire(client, calendrier, mois=mois)
    assert "Consultation ouverte" in tout and "Celle de la ville" in tout and "Consultation brouillon" not in tout
    du_theme = lire(client, calendrier, mois=mois, theme=eau.slug)
    assert "Consultation ouverte" in du_theme and "Celle de la ville" not in du_theme
    du_lieu = lire(client, calendrier, mois=mois, lieu="ville")
    assert "Consultation ouverte" not in du_lieu and "Celle de la ville" in du_lieu


def test_la_chronologie_se_filtre(client, toutes):
    page = lire(client, reverse("timeline:chronologie"), genre="consultations")
    assert "Consultation ouverte" in page and "Consultation brouillon" not in page


def test_le_plan_du_site_les_tient(client, toutes):
    plan = lire(client, reverse("portail:plan_pages"))
    assert f"{toutes['ouverte'].get_absolute_url()}<" in plan and f"{reverse('consultations:liste')}<" in plan
    assert toutes["brouillon"].get_absolute_url() not in plan
    assert reverse("consultations:retrouver") in lire(client, reverse("portail:plan_du_site"))
