"""The answer clock: public from the first day, late to the day, and not to be moved."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from reponses.models import Echeance
from tests.fabriques import IdeeFabrique, ServiceFabrique, publier_reponse
from tests.reponses.conftest import dans

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def horloge(echeance, **autres):
    return render_to_string(
        "composants/_horloge_reponse.html", {"echeance": echeance.due_le, "service": echeance.service.nom, **autres}
    )


def test_elle_part_avec_l_etude_et_nomme_le_service(idee, echeance, client):
    assert (echeance.due_le, echeance.service, echeance.tenue_le) == (dans(60), idee.boite.service, None)
    page = client.get(idee.get_absolute_url()).content.decode()
    assert idee.boite.service.nom in page
    assert echeance.due_le.isoformat() in page


@pytest.mark.parametrize(
    ("jours", "en_retard", "retard", "restants", "mots"),
    [
        (60, False, 0, 60, "Réponse dans 60 jours"),
        (1, False, 0, 1, "Réponse dans un jour"),
        (0, False, 0, 0, "attendue aujourd"),
        (-1, True, 1, -1, "En retard d"),
        (-12, True, 12, -12, "En retard de 12 jours"),
    ],
)
def test_en_retard_se_calcule(idee, jours, en_retard, retard, restants, mots):
    echeance = Echeance(cible=idee, service=idee.boite.service, due_le=dans(jours))
    assert (echeance.est_en_retard, echeance.jours_de_retard, echeance.jours_restants) == (en_retard, retard, restants)
    assert mots in horloge(echeance)
    autre = Echeance.lancer(IdeeFabrique(), service=idee.boite.service, jours=jours)
    assert Echeance.objects.en_retard().filter(pk=autre.pk).exists() is en_retard


@pytest.mark.parametrize(("jour", "mois"), [(28, 3), (24, 10)])
def test_la_nuit_du_changement_d_heure(jour, mois):
    """Due on the 28th: on time until the last second of that day here, late one second after, both nights of the year."""
    service = ServiceFabrique()
    with time_machine.travel(datetime(2027, mois, jour, 12, tzinfo=PARIS), tick=False):
        echeance = Echeance.lancer(IdeeFabrique(), service=service, jours=1)
    fin = datetime(2027, mois, jour + 1, 23, 59, 59, tzinfo=PARIS)
    for instant, tard in ((fin, False), (fin.astimezone(ZoneInfo("UTC")) + timedelta(seconds=1), True)):
        with time_machine.travel(instant, tick=False):
            assert echeance.est_en_retard is tard
            assert Echeance.objects.en_retard().exists() is tard


@pytest.mark.parametrize("champ", ["due_le", "depuis_le", "cible_id"])
def test_elle_ne_se_deplace_pas(echeance, champ):
    valeur = {"due_le": dans(900), "depuis_le": timezone.now(), "cible_id": 999}[champ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Echeance.objects.filter(pk=echeance.pk).update(**{champ: valeur})
    setattr(echeance, champ, valeur)
    with pytest.raises(IntegrityError), transaction.atomic():
        echeance.save()
    for effacer in (echeance.delete, Echeance.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            effacer()


def test_le_service_change_tant_qu_on_attend_puis_plus(idee, echeance):
    echeance.service = ServiceFabrique()
    echeance.save(update_fields=["service"])
    publier_reponse(idee)
    for champs in (
        {"service": ServiceFabrique()},
        {"tenue_le": None},
        {"tenue_le": timezone.now() - timedelta(days=90)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Echeance.objects.filter(pk=echeance.pk).update(**champs)


def test_une_seule_horloge_par_chose(idee, echeance):
    with pytest.raises(IntegrityError), transaction.atomic():
        Echeance.lancer(idee, service=idee.boite.service, jours=900)


def test_un_retard_reste_ecrit_apres_la_reponse(client, idee):
    """Answered late: the page and the list say by how many days, for ever."""
    tardive = IdeeFabrique(etat="publiee")
    service = ServiceFabrique()
    Echeance.lancer(tardive, service=service, jours=-9)
    with transaction.atomic():
        type(tardive)._base_manager.filter(pk=tardive.pk).update(etat="en_etude")
    tardive.refresh_from_db()
    reponse = publier_reponse(tardive)
    publier_reponse(idee)
    page = client.get(reponse.get_absolute_url()).content.decode()
    assert "Donnée avec 9 jours de retard" in page
    tard, a_temps = (
        client.get(reverse("reponses:liste"), {"delai": delai}).content.decode() for delai in ("en_retard", "a_temps")
    )
    assert "9 jours de retard" in tard
    assert (tardive.titre in tard, idee.titre in tard) == (True, False)
    assert (tardive.titre in a_temps, idee.titre in a_temps) == (False, True)


def test_l_admin_regarde_sans_toucher(client, administratrice, echeance):
    client.force_login(administratrice)
    fiche = reverse("admin:reponses_echeance_change", args=[echeance.pk])
    assert client.get(fiche).status_code == 200
    assert client.post(fiche, {"due_le": str(dans(900))}).status_code == 403
    assert (
        client.post(reverse("admin:reponses_echeance_delete", args=[echeance.pk]), {"post": "yes"}).status_code == 403
    )
