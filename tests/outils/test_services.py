import os
import signal
import socket
import subprocess
import sys

import pytest

from outils import services
from outils.dire import Arret

pytestmark = pytest.mark.sans_base

postgresql_installe = pytest.mark.skipif(
    services._binaire_de_postgresql("initdb") is None, reason="PostgreSQL n'est pas installé ici"
)
redis_installe = pytest.mark.skipif(services._binaire_de_redis() is None, reason="Redis n'est pas installé ici")


@pytest.fixture(autouse=True)
def _sans_reglage(monkeypatch, tmp_path):
    for nom in ("DATABASE_URL", "REDIS_URL", "CHROMIUM"):
        monkeypatch.delenv(nom, raising=False)
    monkeypatch.setattr(services, "JOURNAL", services.RACINE / ".outils" / "preparation.log")
    services.JOURNAL.parent.mkdir(exist_ok=True)


@postgresql_installe
def test_postgresql_jetable_sert_puis_disparait():
    with services.postgresql(jetable=True) as url:
        assert services.sonder_postgresql(url) == ""
        with services.base_neuve(url) as base:
            assert base.rsplit("/", 1)[0] == url.rsplit("/", 1)[0]
            assert base != url

    assert services.sonder_postgresql(url) != ""


@postgresql_installe
def test_postgresql_jetable_s_arrete_quand_les_tests_echouent():
    adresses = []

    def echouer():
        with services.postgresql(jetable=True) as url:
            adresses.append(url)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        echouer()

    assert services.sonder_postgresql(adresses[0]) != ""


@redis_installe
def test_redis_jetable_sert_puis_disparait():
    with services.redis(jetable=True, bases=2) as urls:
        hote, port = services._hote_et_port(urls[0])
        assert services._ecoute(hote, port)
        assert urls == [f"redis://127.0.0.1:{port}/1", f"redis://127.0.0.1:{port}/2"]

    assert not services._ecoute(hote, port)


@redis_installe
def test_une_base_redis_qui_contient_quelque_chose_n_est_jamais_choisie():
    with services.redis(jetable=True) as [url]:
        _, port = services._hote_et_port(url)
        with socket.create_connection(("127.0.0.1", port)) as prise, prise.makefile("rwb") as fil:
            for numero in range(1, 16):
                if numero != 7:
                    services._demander(fil, f"SELECT {numero}")
                    assert services._demander(fil, "SET cle valeur") == "+OK"

        assert services.bases_vides_de_redis(port, 2) == [7]


def test_sans_redis_aucune_base():
    assert services.bases_vides_de_redis(services.port_libre(), 1) == []


def test_une_adresse_donnee_qui_ne_repond_pas_est_dite(monkeypatch):
    port = services.port_libre()
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")
    with pytest.raises(Arret, match="REDIS_URL"), services.redis():
        pytest.fail("aucun serveur ne répond")

    monkeypatch.setenv("DATABASE_URL", f"postgres://nemo@127.0.0.1:{port}/base")
    with pytest.raises(Arret, match="DATABASE_URL"), services.postgresql():
        pytest.fail("aucun serveur ne répond")

    monkeypatch.setenv("CHROMIUM", "/nulle/part")
    with pytest.raises(Arret, match="CHROMIUM"):
        services.chromium()


def test_sans_binaire_ni_droit_la_phrase_dit_quoi_installer(monkeypatch):
    monkeypatch.setattr(services, "_binaire_de_redis", lambda: None)
    monkeypatch.setattr(services, "installer_par_apt", lambda *paquets: False)
    with pytest.raises(Arret, match="apt-get install redis-server"), services.redis(jetable=True):
        pytest.fail("rien n'est installé")

    monkeypatch.setattr(services, "_binaire_de_postgresql", lambda nom: None)
    with pytest.raises(Arret, match="apt-get install postgresql"), services.postgresql(jetable=True):
        pytest.fail("rien n'est installé")

    monkeypatch.setattr(services, "_chromium_installe", lambda: None)
    with pytest.raises(Arret, match="apt-get install chromium"):
        services.chromium()


@pytest.mark.parametrize(
    ("demarrent", "donne", "attendus"),
    [
        ({"chromium", "chromium-headless-shell"}, "", ("/b/chromium-headless-shell", "/b/chromium")),
        ({"chromium"}, "", ("/b/chromium", "/b/chromium")),
        ({"google-chrome", "chromium-headless-shell"}, "", ("/b/chromium-headless-shell", "/b/google-chrome")),
        ({"chromium", "chromium-headless-shell", "a_moi"}, "/b/a_moi", ("/b/a_moi", "/b/a_moi")),
    ],
)
def test_le_navigateur_leger_quand_il_est_la_celui_qu_on_donne_sinon(monkeypatch, demarrent, donne, attendus):
    monkeypatch.setattr(services.shutil, "which", lambda nom: f"/b/{nom}")
    monkeypatch.setattr(services, "_demarre_bien", lambda chemin: chemin.removeprefix("/b/") in demarrent)
    monkeypatch.setenv("CHROMIUM", donne)
    assert tuple(services.navigateurs().values()) == attendus


@pytest.mark.parametrize(
    ("url", "montre"),
    [
        ("postgresql://a:secret@h:5432/b", "postgresql://a:…@h:5432/b"),
        ("postgresql://a@h/b", "postgresql://a@h/b"),
    ],
)
def test_un_mot_de_passe_ne_se_montre_pas(url, montre):
    assert services.sans_mot_de_passe(url) == montre


def test_un_serveur_sourd_finit_par_s_arreter():
    sourd = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);print('prêt', flush=True); time.sleep(60)"
    )
    processus = subprocess.Popen([sys.executable, "-c", sourd], stdout=subprocess.PIPE)
    processus.stdout.readline()

    services.arreter(processus, signal.SIGTERM, patience=0.2)
    processus.stdout.close()

    assert processus.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="prctl est de Linux")
def test_un_enfant_finit_avec_son_parent_tue():
    parent = (
        "import subprocess, sys, time; from outils.services import lier_au_parent;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(60)'],"
        " stdout=subprocess.PIPE, preexec_fn=lier_au_parent, start_new_session=True);"
        "p.stdout.readline(); print(p.pid, flush=True); time.sleep(60)"
    )
    processus = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=services.RACINE, text=True)
    enfant = int(processus.stdout.readline())
    processus.kill()
    processus.wait()
    processus.stdout.close()

    for _ in range(100):
        if _est_fini(enfant):
            return
        signal.sigtimedwait([], 0.05)
    os.kill(enfant, signal.SIGKILL)
    pytest.fail("l'enfant tourne encore")


def _est_fini(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as etat:
            return etat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True
