"""Cards of the list are drawn once for everybody: never with yesterday's words, nor in somebody else's language."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from idees.templatetags.cartes import _dessiner
from projets.models import Thematique
from socle.templatetags.composants import jour
from tests.fabriques import IdeeFabrique, SoutienFabrique, ThematiqueFabrique

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rien_de_garde():
    _dessiner.cache_clear()


def test_une_carte_inchangee_n_est_pas_redessinee(client):
    IdeeFabrique(etat="publiee")
    client.get("/idees/")
    client.get("/idees/")
    assert (_dessiner.cache_info().hits, _dessiner.cache_info().misses) == (1, 1)


def test_ce_qui_change_se_lit_aussitot(client):
    theme = ThematiqueFabrique(nom="Nature")
    idee = IdeeFabrique(etat="publiee", thematique=theme, boite__seuil_soutiens=40)
    assert "Nature" in client.get("/idees/").content.decode()
    Thematique.objects.filter(pk=theme.pk).update(nom="Jardins")
    SoutienFabrique(idee=idee)
    corps = client.get("/idees/").content.decode()
    assert 'carte__theme">Jardins' in corps and 'carte__theme">Nature' not in corps
    assert ">1 / 40</progress>" in corps


def test_chaque_langue_a_la_sienne(client):
    idee = IdeeFabrique(etat="publiee")
    for langue in ("fr", "en"):
        corps = client.get("/idees/", headers={"accept-language": langue}).content.decode()
        with translation.override(langue):
            assert f">{jour(idee.publiee_le)}</time>" in corps


def test_un_jour_de_plus_se_voit_sur_la_carte(client):
    IdeeFabrique(etat="publiee")
    client.get("/idees/")
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        client.get("/idees/")
    assert _dessiner.cache_info().misses == 2
