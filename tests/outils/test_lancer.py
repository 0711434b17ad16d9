import fcntl
import re
import socket

import pytest

from outils import lancer
from outils.dire import Arret

pytestmark = pytest.mark.sans_base


@pytest.mark.parametrize("texte", ["abc", "0", "65536", "-1", "80 80", "８０００x"])
def test_un_port_impossible_est_refuse(monkeypatch, texte):
    monkeypatch.setenv("PORT", texte)

    with pytest.raises(Arret, match="nombre entre 1 et 65535"):
        lancer.lire_port()


def test_sans_port_c_est_huit_mille(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)

    assert lancer.lire_port() == 8000


def test_un_port_pris_est_dit_avec_un_autre_choix():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]

        with pytest.raises(Arret, match=f"port {port} est déjà pris.*PORT="):
            lancer.exiger_port_libre(port)

    lancer.exiger_port_libre(port)


def test_la_production_n_a_pas_de_demonstration(monkeypatch):
    monkeypatch.setenv("ESTUAIRE_PROFIL", "production")

    with pytest.raises(Arret, match="mots de passe publics") as refus:
        lancer.refuser_production()

    (page,) = re.findall(r"voir (\S+?)\.?$", str(refus.value))
    assert (lancer.RACINE / page).is_file()  # where people are sent exists


def test_la_demonstration_ne_s_efface_pas_sous_un_site_qui_tourne(tmp_path, monkeypatch):
    monkeypatch.setenv("ESTUAIRE_DONNEES", str(tmp_path))

    with (
        lancer.donnees_en_service(fcntl.LOCK_SH, "site"),
        lancer.donnees_en_service(fcntl.LOCK_SH, "second site"),
        pytest.raises(Arret, match="arrêtez-le"),
        lancer.donnees_en_service(fcntl.LOCK_EX, "arrêtez-le"),
    ):
        pytest.fail("la base aurait été effacée sous le site")


def test_effacer_garde_la_cle_de_la_machine(tmp_path):
    (tmp_path / "medias").mkdir()
    (tmp_path / "medias" / "photo.jpg").touch()
    for nom in ("cle_secrete", "estuaire.sqlite3", "estuaire.sqlite3-wal", "estuaire.sqlite3-shm"):
        (tmp_path / nom).touch()

    lancer.effacer_base(tmp_path)

    assert [chemin.name for chemin in tmp_path.iterdir()] == ["cle_secrete"]


@pytest.mark.parametrize(
    ("erreurs", "attendu"),
    [
        ("Traceback\ndjango.core.exceptions.ImproperlyConfigured: La variable X manque.\n", "La variable X manque."),
        ("django.db.utils.OperationalError: disk full\n", "disk full"),
        ("", "raison inconnue"),
    ],
)
def test_raison_est_une_phrase(erreurs, attendu):
    assert lancer.raison(erreurs) == attendu
