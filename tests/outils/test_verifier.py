import sys

import pytest

from outils import html_valide, verifier
from outils.dire import Arret

pytestmark = pytest.mark.sans_base


def verification(*codes: int) -> verifier.Verification:
    commandes = tuple([sys.executable, "-c", f"print('sortie {code}'); raise SystemExit({code})"] for code in codes)
    return verifier.Verification("essai", commandes)


def test_ce_qui_passe_tient_en_une_ligne(capsys):
    assert verifier.executer(verification(0, 0), {})

    sortie = capsys.readouterr().out
    assert sortie.startswith("✓ essai")
    assert "sortie" not in sortie


def test_ce_qui_echoue_montre_sa_sortie_et_s_arrete_la(capsys):
    assert not verifier.executer(verification(3, 4), {})

    sortie = capsys.readouterr().out
    assert "sortie 3" in sortie
    assert "sortie 4" not in sortie


def test_les_verifications_se_choisissent_par_leur_nom():
    assert [v.nom for v in verifier.choisir("mypy,ruff")] == ["mypy", "ruff"]
    with pytest.raises(Arret, match="Vérification inconnue : pylint"):
        verifier.choisir("pylint")


def test_une_faute_de_gabarit_est_dite_une_fois(tmp_path):
    lignes = [
        f"{tmp_path}/visiteur/a.html:3:1: error [h1] Deux h1",
        f"{tmp_path}/visiteur/b.html:9:1: error [alt] Sans texte",
        f"{tmp_path}/agent/a.html:4:1: error [h1] Deux h1",
    ]

    assert html_valide.resumer(lignes, tmp_path) == [
        "h1 : Deux h1\n    2 fois, par exemple visiteur/a.html:3, agent/a.html:4",
        "alt : Sans texte\n    1 fois, par exemple visiteur/b.html:9",
    ]
