"""The calendar of decisions: what it tells, to whom, and to which diary."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from idees.calendrier import Mois, evenements
from moderation.actions import masquer
from projets.models import Projet
from territoires.models import Territoire
from tests.fabriques import (
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ThematiqueFabrique,
    publier_reponse,
)

pytestmark = pytest.mark.django_db
PAGE = "/idees/calendrier/"
ICAL = "/idees/calendrier.ics"
NOVEMBRE = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def lieu():
    return Territoire.objects.create(genre="commune", nom="Confluence", slug="confluence", code="1")


def dates(client, **parametres) -> list[tuple]:
    """(day, kind, title) of what the page shows."""
    jours = client.get(PAGE, parametres).context["jours"]
    return [(str(jour["jour"]), e.genre, e.titre) for jour in jours for e in jour["evenements"]]


# --- What it tells -------------------------------------------------------------------------------------------------


def test_une_reponse_attendue_puis_en_retard_puis_donnee(client):
    with time_machine.travel(NOVEMBRE, tick=False) as horloge:
        idee = IdeeFabrique(etat="en_etude", titre="Un feu plus long")  # due after 60 days
        assert dates(client, mois="2027-01") == [("2027-01-09", "attendue", "Un feu plus long")]
        assert dates(client) == [] and "Rien ce mois-ci" in client.get(PAGE).content.decode()
        horloge.move_to(datetime(2027, 1, 20, 9, tzinfo=UTC))
        assert dates(client) == [("2027-01-09", "retard", "Un feu plus long")]
        # 23 h 30 UTC is the day after, here.
        horloge.move_to(datetime(2027, 1, 31, 23, 30, tzinfo=UTC))
        publier_reponse(idee)
        assert dates(client, mois="2027-01") == []
        assert dates(client, mois="2027-02") == [("2027-02-01", "donnee", "Un feu plus long")]
        page = client.get(PAGE).content.decode()
        assert "1 date ce mois-ci" in page and "lundi 1er février 2027" in page and idee.get_absolute_url() in page


def test_les_etapes_commencent_et_se_terminent(client):
    ouvre, ferme = datetime(2026, 11, 12, 8, tzinfo=UTC), datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    etape = EtapeFabrique(titre="Ateliers", ouvre_le=ouvre, ferme_le=ferme)
    assert dates(client, mois="2026-11") == [("2026-11-12", "debut", "Ateliers")]
    assert dates(client, mois="2026-12") == [("2026-12-01", "fin", "Ateliers")]
    assert etape.projet.titre in client.get(PAGE, {"mois": "2026-12"}).content.decode()


def test_les_filtres_valent_pour_les_idees_et_les_projets(client, lieu):
    theme = ThematiqueFabrique(nom="Nature", slug="nature")
    with time_machine.travel(NOVEMBRE, tick=False):
        IdeeFabrique(etat="en_etude", titre="Juste ici", thematique=theme, territoire=lieu)
        IdeeFabrique(etat="en_etude", titre="Plus loin")
        projet = ProjetFabrique(territoire=lieu)
        projet.thematiques.add(theme)
        quand = {"ouvre_le": datetime(2027, 1, 5, tzinfo=UTC), "ferme_le": datetime(2027, 3, 1, tzinfo=UTC)}
        EtapeFabrique(projet=projet, titre="Étape d’ici", **quand)
        EtapeFabrique(titre="Étape de là", **quand)
        tous = {"Juste ici", "Plus loin", "Étape d’ici", "Étape de là"}
        assert {titre for *_reste, titre in dates(client, mois="2027-01")} == tous
        for filtre in ({"theme": "nature"}, {"lieu": "confluence"}, {"theme": "nature", "lieu": "confluence"}):
            reponse = client.get(PAGE, {"mois": "2027-01", **filtre})
            assert [titre for *_reste, titre in dates(client, mois="2027-01", **filtre)] == ["Étape d’ici", "Juste ici"]
            assert len(reponse.context["actifs"]) == len(filtre)
            voisins = [lien["url"] for lien in reponse.context["mois_voisins"]]
            assert all("nature" in url or "confluence" in url for url in voisins)


MOIS = {
    "2027-03": "2027-03", "2000-01": "2000-01", "2099-12": "2099-12", "２０２７-03": "2027-03",
    **dict.fromkeys(["", "2027-13", "2027-00", "1999-12", "9999-12", "2027-3", "-027-03", "0" * 5000, "<script>"], "2026-11"),
}  # fmt: skip


@pytest.mark.parametrize(("texte", "attendu"), MOIS.items())
def test_un_mois_illisible_est_celui_d_aujourd_hui(client, texte, attendu):
    with time_machine.travel(NOVEMBRE, tick=False):
        assert str(Mois.lire(texte)) == attendu
        assert client.get(PAGE, {"mois": texte}).status_code == 200


def test_les_mois_se_suivent_et_s_arretent():
    assert [str(m) for m in (Mois(2026, 12).suivant, Mois(2027, 1).precedent, Mois(2027, 6).suivant)] == [
        "2027-01",
        "2026-12",
        "2027-07",
    ]
    assert (Mois(2028, 2).fin, Mois(2026, 12).fin) == (date(2028, 2, 29), date(2026, 12, 31))


def test_htmx_ne_redemande_que_le_calendrier(client):
    morceau = client.get(PAGE, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in morceau and 'id="calendrier"' in morceau
    page = client.get(PAGE, {"mois": "2099-12"})
    assert [lien["rel"] for lien in page.context["mois_voisins"]] == ["prev"]


# --- To whom -------------------------------------------------------------------------------------------------------


def test_ce_qui_est_cache_n_est_dans_aucun_calendrier(client, agent):
    with time_machine.travel(NOVEMBRE, tick=False):
        masquee = IdeeFabrique(etat="en_etude", titre="Idée masquée")
        masquer(masquee, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
        brouillon = ProjetFabrique(annonce=False)
        EtapeFabrique(projet=brouillon, titre="Étape secrète", ferme_le=datetime(2027, 1, 8, tzinfo=UTC))
        IdeeFabrique(etat="en_etude", titre="Idée publique")
        assert [t for *_r, t in dates(client, mois="2027-01")] == ["Idée publique"]
        client.force_login(agent)  # a diary has no account, whoever asks from this browser
        contenu = client.get(ICAL).content.decode()
        assert "Idée publique" in contenu and "Idée masquée" not in contenu and "Étape secrète" not in contenu


# --- For diaries ---------------------------------------------------------------------------------------------------


def agenda(client, **parametres):
    reponse = client.get(ICAL, parametres)
    assert reponse.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(ligne) <= 75 for ligne in reponse.content.split(b"\r\n"))
    lu = Calendar.from_ical(reponse.content)
    return lu, lu.walk("VEVENT")


def test_l_agenda_garde_le_nom_de_ce_qui_etait_attendu(client):
    with time_machine.travel(NOVEMBRE, tick=False) as horloge:
        idee = IdeeFabrique(etat="en_etude", titre="Un feu ; plus long,\r\nX-PIEGE:1 \x0b")
        _agenda, (avant,) = agenda(client)
        assert (avant.decoded("DTSTART"), avant.decoded("DTEND")) == (date(2027, 1, 9), date(2027, 1, 10))
        assert str(avant["SUMMARY"]).startswith("Réponse attendue : Un feu ; plus long,") and "X-PIEGE" not in avant
        horloge.shift(timedelta(days=10))
        publier_reponse(idee)
        _agenda, (apres,) = agenda(client)
        assert (avant["UID"], avant["SEQUENCE"], apres["SEQUENCE"]) == (apres["UID"], 0, 1)
        assert apres.decoded("DTSTART") == date(2026, 11, 20) and str(apres["SUMMARY"]).startswith("Réponse donnée")


def test_l_agenda_d_un_lieu_et_d_un_theme(client, lieu):
    theme = ThematiqueFabrique(nom="Nature", slug="nature")
    IdeeFabrique(etat="en_etude", titre="Juste ici", thematique=theme, territoire=lieu)
    IdeeFabrique(etat="en_etude", titre="Plus loin")
    for filtre in ({"theme": "nature"}, {"lieu": "confluence"}):
        lu, (seul,) = agenda(client, **filtre)
        assert str(seul["SUMMARY"]).endswith("Juste ici")
    assert lu.calendar_name == "Les décisions : Confluence"
    page = client.get(PAGE, {"theme": "nature"})
    assert page.context["url_ical"] == f"{ICAL}?theme=nature"
    assert client.get(ICAL, {"theme": "inconnu"}).status_code == 404


def test_l_agenda_est_borne_dans_le_temps():
    """A year ahead, three months back: what diaries receive does not grow for ever."""
    aujourdhui = timezone.localdate()
    assert evenements(AnonymousUser(), aujourdhui, aujourdhui) == []
    assert Projet.objects.count() == 0
    assert reverse("idees:calendrier_ics") == ICAL
