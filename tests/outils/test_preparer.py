import json
import subprocess
import sys

import pytest

from outils import preparer
from outils.dire import Arret

pytestmark = pytest.mark.sans_base


@pytest.fixture
def dossier_neuf(tmp_path, monkeypatch):
    """A project of one lock file, where nothing is installed yet."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("django==5.2.19\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(preparer, "RACINE", tmp_path)
    monkeypatch.setattr(preparer, "VENV", tmp_path / ".venv")
    return tmp_path


@pytest.fixture
def appels(monkeypatch):
    faits = []
    monkeypatch.setattr(preparer, "_installer_par_uv", lambda noms: faits.append(("uv", *noms)) or True)
    monkeypatch.setattr(preparer, "_installer_par_pip", lambda noms: faits.append(("pip", *noms)))
    return faits


def test_une_liste_deja_installee_n_est_pas_reprise(dossier_neuf, appels):
    preparer.installer_python(["runtime"])
    preparer.installer_python(["runtime"])

    assert appels == [("uv", "runtime")]


def test_une_liste_changee_est_reprise(dossier_neuf, appels):
    preparer.installer_python(["runtime"])
    (dossier_neuf / "requirements" / "runtime.txt").write_text("django==5.2.20\n")
    preparer.installer_python(["runtime"])

    assert appels == [("uv", "runtime"), ("uv", "runtime")]


def test_pip_prend_le_relais_quand_uv_echoue(dossier_neuf, appels, monkeypatch):
    monkeypatch.setattr(preparer, "_installer_par_uv", lambda noms: False)

    preparer.installer_python(["runtime"])

    assert appels == [("pip", "runtime")]


def test_une_liste_sans_dependances_s_installe_apres_les_autres_et_a_part(dossier_neuf, appels):
    (dossier_neuf / "requirements" / "oracles.txt").write_text("pabutools==1.2.3\n")
    preparer.installer_python(["oracles", "runtime"])

    assert appels == [("uv", "runtime"), ("uv", "oracles")]
    assert preparer._fichiers(["oracles"])[0] == "--no-deps"
    assert "--no-deps" not in preparer._fichiers(["runtime"])


def test_un_echec_ne_laisse_aucune_empreinte(dossier_neuf, monkeypatch):
    def echouer(noms):
        raise Arret("non")

    monkeypatch.setattr(preparer, "_installer_par_uv", lambda noms: False)
    monkeypatch.setattr(preparer, "_installer_par_pip", echouer)

    with pytest.raises(Arret):
        preparer.installer_python(["runtime"])

    assert preparer.lire_empreintes(dossier_neuf / ".venv") == {}


def test_des_empreintes_illisibles_valent_aucune(tmp_path):
    (tmp_path / ".estuaire.json").write_text("{coupé")

    assert preparer.lire_empreintes(tmp_path) == {}


def test_noter_garde_ce_qui_etait_su(tmp_path):
    preparer.noter_empreintes(tmp_path, a="1")
    preparer.noter_empreintes(tmp_path, b="2")

    assert json.loads((tmp_path / ".estuaire.json").read_text()) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("sortie", "phrase"),
    [
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "ne répond pas"),
        ("error: Request failed after 3 retries: dns error", "ne répond pas"),
        ("npm error code ENOTFOUND", "ne répond pas"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "n'a pas l'empreinte attendue"),
        ("npm error code EINTEGRITY", "n'a pas l'empreinte attendue"),
        ("gcc: fatal error", "la commande a échoué"),
    ],
)
def test_expliquer_dit_ce_qui_manque(sortie, phrase):
    assert phrase in preparer.expliquer(sortie, quoi="Paquets")


def test_un_environnement_deplace_est_refait(dossier_neuf, monkeypatch):
    venv = dossier_neuf / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    monkeypatch.setattr(preparer, "PYTHON", venv / "bin" / "python")
    (venv / "lib" / f"python3.{sys.version_info[1]}" / "site-packages" / "pip.py").touch()

    assert preparer._environnement_sain()

    preparer.noter_empreintes(venv, lieu="/ailleurs/.venv")

    assert not preparer._environnement_sain()


def test_un_environnement_d_une_autre_version_est_refait(dossier_neuf, monkeypatch):
    monkeypatch.setattr(preparer, "PYTHON", sys.executable)
    (dossier_neuf / ".venv" / "pyvenv.cfg").write_text("version = 3.9.2\n")

    assert not preparer._environnement_sain()


@pytest.mark.parametrize(
    ("reponse", "version"), [("v20.19.2", (20, 19)), ("v8.0.0", (8, 0)), ("pas de version", (0, 0))]
)
def test_version_de_node(tmp_path, reponse, version):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {reponse}\n")
    node.chmod(0o755)

    assert preparer.version_de_node(str(node)) == version


def test_un_node_absent_vaut_zero(tmp_path):
    assert preparer.version_de_node(None) == (0, 0)
    assert preparer.version_de_node(str(tmp_path / "node")) == (0, 0)


def test_les_paquets_des_tests_contiennent_ceux_du_site(tmp_path, monkeypatch):
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    faits = []
    monkeypatch.setattr(preparer, "RACINE", tmp_path)
    monkeypatch.setattr(preparer, "MODULES_NODE", tmp_path / "node_modules")
    monkeypatch.setattr(preparer, "trouver_npm", lambda minimum: (["npm"], {}))
    monkeypatch.setattr(preparer, "lancer", lambda commande, **options: faits.append("--omit=dev" in commande))

    preparer.installer_node(tests=False)
    preparer.installer_node(tests=True)
    preparer.installer_node(tests=False)

    assert faits == [True, False]


def test_le_bytecode_est_garde_meme_quand_les_sources_doivent_rester_propres(monkeypatch):
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = preparer.environnement()
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert env["PYTHONPYCACHEPREFIX"] == str(preparer.ETAT / "bytecode")

    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert "PYTHONPYCACHEPREFIX" not in preparer.environnement()
