"""What the web process keeps open of the embedded base: nothing of the last person reaches the next one."""

import sqlite3

import pytest

from config.connexions_gardees import Reserve

pytestmark = pytest.mark.sans_base


@pytest.fixture
def chemin(tmp_path):
    chemin = tmp_path / "base.sqlite3"
    with sqlite3.connect(chemin) as connexion:
        connexion.executescript("CREATE TABLE idee (titre); INSERT INTO idee VALUES ('a'), ('b'), ('c')")
    connexion.close()
    return str(chemin)


def ouvrir(chemin):
    return sqlite3.connect(chemin, isolation_level=None)


def est_fermee(connexion) -> bool:
    try:
        connexion.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_ce_qui_est_rendu_se_reprend_une_fois(chemin):
    reserve, connexion = Reserve(2), ouvrir(chemin)
    assert reserve.prendre(chemin) is None
    reserve.rendre(chemin, connexion)
    assert reserve.prendre(chemin) is connexion and reserve.prendre(chemin) is None
    connexion.close()


def test_ce_qui_depasse_se_ferme(chemin):
    reserve, connexions = Reserve(2), [ouvrir(chemin) for _ in range(3)]
    for connexion in connexions:
        reserve.rendre(chemin, connexion)
    assert [est_fermee(connexion) for connexion in connexions] == [False, False, True]
    reserve.vider()
    assert all(est_fermee(connexion) for connexion in connexions)


@pytest.mark.parametrize("fois", [1, 2])
def test_une_lecture_inachevee_ne_se_passe_pas_a_la_suivante(chemin, fois):
    """It would show her the base as it was, and let her write nothing."""
    reserve, connexion = Reserve(2), ouvrir(chemin)
    for _ in range(fois - 1):
        reserve.rendre(chemin, connexion)
        assert reserve.prendre(chemin) is connexion
    lecture = connexion.execute("SELECT titre FROM idee")
    lecture.fetchone()
    reserve.rendre(chemin, connexion)
    assert reserve.prendre(chemin) is None and est_fermee(connexion)


def test_une_ecriture_inachevee_est_annulee(chemin):
    reserve, connexion = Reserve(2), ouvrir(chemin)
    connexion.execute("BEGIN IMMEDIATE")
    connexion.execute("DELETE FROM idee")
    reserve.rendre(chemin, connexion)
    reprise = reserve.prendre(chemin)
    assert not reprise.in_transaction
    assert reprise.execute("SELECT count(*) FROM idee").fetchone() == (3,)
    reprise.close()


def test_une_base_remise_a_sa_place_est_celle_qu_on_lit(chemin, tmp_path):
    reserve, connexion = Reserve(2), ouvrir(chemin)
    reserve.rendre(chemin, connexion)
    copie = tmp_path / "copie.sqlite3"
    copie.touch()
    copie.replace(chemin)
    assert reserve.prendre(chemin) is None and est_fermee(connexion)
