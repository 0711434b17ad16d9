"""Websockets of the real server: addresses that do not exist, strangers, giants and chatterboxes."""

import json
import re
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.site_reel import SiteReel

pytestmark = pytest.mark.sans_base
AILLEURS = ["https://ailleurs.example", "null", None]
GEANT = "x" * 2 * 1024 * 1024  # characters: twice what the server takes in one message
GONFLEMENT_MAX = 12 * 1024  # kB that ten such messages may leave in the server's memory
BAVARDAGE = 1000  # messages, as fast as they go
ATTENTE_MAX = 2  # seconds that a page may take meanwhile, on a loaded machine


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    serveur = SiteReel(tmp_path_factory.mktemp("prises"))
    serveur.migrer()
    serveur.demarrer()
    yield serveur
    serveur.tuer()


def ouvrir(site, chemin="/ws/flux/", **options):
    options.setdefault("origin", site.adresse)
    return connect(site.adresse.replace("http", "ws", 1) + chemin, open_timeout=20, proxy=None, **options)


def refus(site, chemin="/ws/flux/", **options) -> int:
    """The HTTP status that refuses this handshake."""
    with pytest.raises(InvalidStatus) as leve, ouvrir(site, chemin, **options):
        pass
    return leve.value.response.status_code


def fermeture(site, messages) -> int | None:
    """The code that closes a socket which sends all this; None when the server hung up without a word."""
    with ouvrir(site) as prise:
        try:
            for message in messages:
                prise.send(message)
            recu = prise.recv(timeout=20)
        except ConnectionClosed as fin:
            return fin.rcvd and fin.rcvd.code
    raise AssertionError(f"la prise reste ouverte, et répond {recu!r}")


def memoire(site) -> int:
    """Resident memory of the server, in kB."""
    etat = Path(f"/proc/{site.processus.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", etat)[1])


@pytest.mark.parametrize(
    "chemin", ["/", "/ws/", "/ws/flux", "/ws/flux/idees.idee/", "/ws/flux/idees.idee/" + "9" * 30 + "/", "/%00%ff"]
)
def test_une_adresse_inconnue_est_refusee_sans_panne(site, chemin):
    assert refus(site, chemin) == 403
    assert "Traceback" not in site.journal.read_text()


@pytest.mark.parametrize("origine", AILLEURS)
def test_une_page_d_ailleurs_est_refusee(site, origine):
    assert refus(site, origin=origine) == 403


def test_un_message_geant_ferme_la_prise_et_la_memoire_ne_monte_pas(site):
    _envoyer_un_geant(site)  # the first one pays for what the process keeps for itself
    avant = memoire(site)
    for _ in range(10):
        _envoyer_un_geant(site)
    assert memoire(site) - avant < GONFLEMENT_MAX


def _envoyer_un_geant(site):
    assert fermeture(site, [GEANT]) in {1009, None}


def test_une_prise_bavarde_ne_gene_qu_elle(site):
    with ouvrir(site) as calme:
        assert fermeture(site, ["bonjour"] * BAVARDAGE) == 4008
        debut = time.monotonic()
        with urllib.request.urlopen(f"{site.adresse}/sante", timeout=20) as reponse:
            assert reponse.status == 200 and json.loads(reponse.read())
        assert time.monotonic() - debut < ATTENTE_MAX
        assert calme.ping().wait(20)
    assert "Traceback" not in site.journal.read_text()
