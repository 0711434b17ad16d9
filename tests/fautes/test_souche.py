"""A process that forks from a loaded site is like one that starts from nothing."""

import json
import subprocess

import pytest

from tests import site_reel
from tests.site_reel import SiteReel
from tests.souche import POSSIBLE

pytestmark = pytest.mark.skipif(
    not POSSIBLE, reason="cette machine ne sait pas suivre un processus qui n'est pas le sien"
)

REGLAGES = """
import json, random
from django.conf import settings
from django.db import connection
lus = {nom: repr(getattr(settings, nom)) for nom in dir(settings) if nom.isupper()}
print(json.dumps({**lus, "base": str(connection.settings_dict["NAME"])}))
"""


@pytest.fixture
def site_vide(tmp_path):
    """Nobody looks into its database."""
    site = SiteReel(tmp_path)
    yield site
    site.arreter()


def test_il_a_les_memes_reglages(tmp_path, base, monkeypatch):
    site = SiteReel(tmp_path, base=base)
    fourche = json.loads(site.executer(REGLAGES))
    assert not isinstance(site.coquille, subprocess.Popen)
    site.arreter()
    monkeypatch.setattr(site_reel, "souche_de", lambda *_site: None)
    parti_de_rien = json.loads(site.executer(REGLAGES))
    site.arreter()
    assert {nom: (fourche[nom], parti_de_rien[nom]) for nom in fourche if fourche[nom] != parti_de_rien.get(nom)} == {}
    assert fourche.keys() == parti_de_rien.keys()


@pytest.mark.sans_base
def test_deux_sites_ne_partagent_ni_base_ni_hasard(site_vide, tmp_path):
    site = site_vide
    site.migrer()
    autre = SiteReel(tmp_path / "autre")
    autre.migrer()
    ecrire = "from projets.models import Thematique\nThematique.objects.create(nom='Ici', slug='ici')"
    compter = "import random\nfrom projets.models import Thematique\nprint(Thematique.objects.count(), random.random())"
    site.executer(ecrire)
    (ici, un), (la, deux) = site.executer(compter).split(), autre.executer(compter).split()
    assert (ici, la) == ("1", "0") and un != deux
    autre.arreter()


@pytest.mark.sans_base
def test_on_voit_quand_il_finit(site_vide):
    site = site_vide
    site.executer("print('là')")
    coquille = site.coquille
    with pytest.raises(subprocess.TimeoutExpired):
        coquille.wait(0)
    assert coquille.poll() is None
    site.arreter()
    assert coquille.poll() == 0


@pytest.mark.sans_base
def test_une_coquille_qui_se_ferme_dit_pourquoi(site_vide):
    site = site_vide
    with pytest.raises(AssertionError, match="plus rien ne va"):
        site.executer("import os, sys\nos.write(2, 'plus rien ne va'.encode())\nos._exit(3)")


@pytest.mark.sans_base
def test_un_site_qui_a_ses_reglages_part_de_rien(tmp_path):
    site = SiteReel(tmp_path, ESTUAIRE_NOM="Ailleurs")
    assert (
        site.executer("from django.conf import settings\nprint(settings.ESTUAIRE['nom_plateforme'])").strip()
        == "Ailleurs"
    )
    assert isinstance(site.coquille, subprocess.Popen)
    site.arreter()
