"""Bodies that nobody should send, to a real server: what it answers, and the memory that they cost."""

import contextlib
import http.client
import re
import socket
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.site_reel import SiteReel

pytestmark = pytest.mark.sans_base
GONFLEMENT_MAX = 100_000  # kB at the peak
MORCEAU = b"&=;--a\r\n" * 8192  # 64 KiB of what looks like the inside of a form
FORMULAIRE = b"multipart/form-data; boundary=a"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    serveur = SiteReel(tmp_path_factory.mktemp("envois"))
    serveur.migrer()
    serveur.demarrer()
    with prise(serveur) as premiere:  # what the process keeps for itself after its first page
        premiere.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        while premiere.recv(65536):
            pass
    yield serveur
    serveur.tuer()


@pytest.fixture
def gonflement(site):
    """A function: how far the memory of the server went above what it is now, in kB."""
    Path(f"/proc/{site.processus.pid}/clear_refs").write_text("5")  # the peak starts again from here
    avant = memoire(site, "VmRSS")
    return lambda: memoire(site, "VmHWM") - avant


def memoire(site, ligne) -> int:
    return int(re.search(rf"{ligne}:\s+(\d+)", Path(f"/proc/{site.processus.pid}/status").read_text())[1])


def prise(site):
    return socket.create_connection(("127.0.0.1", site.port), timeout=60)


def entete(site, type_, *lignes) -> bytes:
    hote = f"Host: 127.0.0.1:{site.port}".encode()
    return b"\r\n".join([b"POST /idees/ HTTP/1.1", hote, b"Content-Type: " + type_, *lignes, b"", b""])


def envoyer(connexion, morceaux) -> int:
    """Bytes sent before the server said something, or hung up."""
    envoyes = 0
    for morceau in morceaux:
        try:
            connexion.setblocking(False)
            if connexion.recv(1, socket.MSG_PEEK):
                break
        except BlockingIOError:
            pass
        finally:
            connexion.settimeout(60)
        connexion.sendall(morceau)
        envoyes += len(morceau)
    return envoyes


def reponse(connexion) -> tuple[int, str]:
    """Status and text of what is answered, once the server has hung up."""
    recu = b""
    while morceau := connexion.recv(65536):
        recu += morceau
    debut, _, corps = recu.partition(b"\r\n\r\n")
    return int(debut.split()[1]), corps.decode()


@pytest.mark.parametrize("type_", [FORMULAIRE, b"application/x-www-form-urlencoded"])
def test_quarante_mo_de_n_importe_quoi_ne_sont_pas_analyses_en_memoire(site, gonflement, type_):
    nombre = 40_000_000 // len(MORCEAU)
    with prise(site) as connexion:
        longueur = b"Content-Length: %d" % (nombre * len(MORCEAU))
        connexion.sendall(entete(site, type_, longueur, b"Connection: close"))
        envoyer(connexion, [MORCEAU] * nombre)
        assert 400 <= reponse(connexion)[0] < 500
    assert gonflement() < GONFLEMENT_MAX


def test_un_envoi_annonce_trop_lourd_est_refuse_sans_etre_lu(site, gonflement):
    with prise(site) as connexion:
        connexion.sendall(entete(site, FORMULAIRE, b"Content-Length: 500000000", b"Expect: 100-continue"))
        attendu = b"HTTP/1.1 413 "
        assert connexion.recv(len(attendu), socket.MSG_WAITALL) == attendu
        connexion.shutdown(socket.SHUT_WR)
        while connexion.recv(65536):
            pass
    assert gonflement() < GONFLEMENT_MAX


def test_un_envoi_sans_longueur_est_coupe_a_la_limite(site, gonflement):
    morceau = b"%x\r\n%s\r\n" % (len(MORCEAU), MORCEAU)
    with prise(site) as connexion:
        connexion.sendall(entete(site, FORMULAIRE, b"Transfer-Encoding: chunked"))
        envoyes = envoyer(connexion, [morceau] * (500_000_000 // len(MORCEAU)))
        assert envoyes < settings.TELEVERSEMENT_MAX + 20_000_000  # the rest is what the sockets hold
        connexion.sendall(b"0\r\n\r\n")
        statut, page = reponse(connexion)
    assert statut == 413 and "Votre envoi est trop lourd" in page
    assert gonflement() < GONFLEMENT_MAX


def test_qui_n_arrete_pas_d_envoyer_est_coupee(site, gonflement):
    morceau = b"%x\r\n%s\r\n" % (len(MORCEAU), MORCEAU)
    debut = time.monotonic()
    with prise(site) as connexion:
        connexion.sendall(entete(site, FORMULAIRE, b"Transfer-Encoding: chunked"))
        with contextlib.suppress(OSError):
            while time.monotonic() - debut < 120:
                connexion.sendall(morceau)
    assert time.monotonic() - debut < 60
    assert gonflement() < GONFLEMENT_MAX


def test_un_vrai_formulaire_trop_lourd_recoit_une_page_qui_le_dit(site, gonflement):
    """As a browser does: everything is sent, then the answer is read."""
    debut = b'--a\r\nContent-Disposition: form-data; name="photos"; filename="lavoir.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    corps = debut + b"\xff" * 43_000_000 + b"\r\n--a--\r\n"
    navigateur = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    navigateur.request("POST", "/idees/", corps, {"Content-Type": FORMULAIRE.decode()})
    recue = navigateur.getresponse()
    page = recue.read().decode()
    assert (recue.status, recue.getheader("Connection")) == (413, "close")
    assert "<h1>Votre envoi est trop lourd</h1>" in page and "42 Mo au plus" in page
    navigateur.close()
    assert gonflement() < GONFLEMENT_MAX


def test_la_demande_suivante_de_la_meme_connexion_passe(site):
    """A body within the limit leaves the connection open."""
    navigateur = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    for _ in range(2):
        navigateur.request("POST", "/idees/", b"x" * 200_000, {"Content-Type": "application/octet-stream"})
        recue = navigateur.getresponse()
        recue.read()
        assert recue.status in {403, 405}
    navigateur.close()
