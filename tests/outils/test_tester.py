import subprocess
import sys
from contextlib import ExitStack, nullcontext

import pytest

from outils import tester
from outils.dire import Arret

pytestmark = pytest.mark.sans_base


def partie(selection="sans_base", services=tester._aucun):
    return tester.Partie("essai", "Essai", selection, services)


def test_les_reglages_du_site_ne_changent_pas_les_tests(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://vraie/base")
    monkeypatch.setenv("ESTUAIRE_PROFIL", "production")
    monkeypatch.setenv("OIDC_ADRESSE", "https://compte.exemple")
    monkeypatch.setenv("PGUSER", "agathe")
    monkeypatch.setenv("DONNEES_REELLES", "/ailleurs")

    env = tester.environnement_de_test("/essai", {"REDIS_URL": "redis://127.0.0.1:1/1"})

    assert "DATABASE_URL" not in env
    assert "ESTUAIRE_PROFIL" not in env
    assert "OIDC_ADRESSE" not in env
    assert env["PGUSER"] == "agathe"
    assert env["DONNEES_REELLES"] == "/ailleurs"
    assert env["ESTUAIRE_DONNEES"] == "/essai"
    assert env["REDIS_URL"] == "redis://127.0.0.1:1/1"


@pytest.mark.parametrize(
    ("code", "options", "reussi", "detail"),
    [
        (0, [], True, "0,"),
        (1, [], False, "code 1"),
        (5, [], False, "aucun test trouvé"),
        (5, ["-k", "idees"], True, "aucun test choisi"),
    ],
)
def test_une_partie_sans_test_est_un_echec_sauf_si_on_a_choisi(monkeypatch, code, options, reussi, detail):
    monkeypatch.setattr(tester, "_pytest", lambda arguments, env: code)

    resultat = tester.executer(partie(), tester.Choix(options))

    assert resultat.reussi is reussi
    assert resultat.detail.startswith(detail)


def test_un_service_absent_n_arrete_pas_les_autres_parties(monkeypatch, capsys):
    def absent(pile, choix):
        raise Arret("Les tests demandent PostgreSQL.")

    monkeypatch.setattr(tester, "_pytest", lambda arguments, env: pytest.fail("sans service, pas de test"))

    resultat = tester.executer(partie(services=absent), tester.Choix())

    assert not resultat.reussi
    assert "Les tests demandent PostgreSQL." in capsys.readouterr().out


def test_le_bilan_echoue_des_qu_une_partie_echoue(capsys):
    resultats = [tester.Resultat("Une", True, "1 s"), tester.Resultat("Deux", False, "code 1")]

    assert not tester.bilan(resultats)
    assert tester.bilan(resultats[:1])
    assert "Deux                             ÉCHEC (code 1)" in capsys.readouterr().out


def test_les_parties_se_choisissent_par_leur_nom():
    assert [p.nom for p in tester.lire_parties("parcours, sqlite")] == ["parcours", "sqlite"]
    assert [p.nom for p in tester.lire_parties("")] == ["sqlite", "postgresql", "parcours"]
    with pytest.raises(Arret, match="Partie inconnue : oracle"):
        tester.lire_parties("oracle")


@pytest.mark.parametrize(
    ("ouvriers", "possibles", "attendus"), [(1, 1, []), (2, 2, ["-n", "2", "--dist", "worksteal"]), (2, 1, [])]
)
def test_les_ouvriers_sont_ceux_que_les_services_portent(monkeypatch, ouvriers, possibles, attendus):
    vus = []
    monkeypatch.setattr(tester, "_pytest", lambda arguments, env: vus.extend(arguments) or 0)

    tester.executer(partie(services=lambda pile, choix: ({}, possibles)), tester.Choix(ouvriers=ouvriers))

    assert vus == ["-m", "sans_base", *attendus]


def test_les_chapitres_d_une_histoire_restent_ensemble():
    assert [p.partage for p in tester.lire_parties("")] == ["worksteal", "worksteal", "loadgroup"]


def test_un_choix_de_tests_se_lance_d_un_seul_tenant():
    assert tester.ouvriers_par_defaut(["-k", "idees"]) == 1
    assert 1 <= tester.ouvriers_par_defaut([]) <= 4


def test_ce_que_les_enfants_ont_travaille_est_compte():
    avant = tester.temps_processeur()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert tester.temps_processeur() > avant


def test_le_fichier_migre_est_donne_a_chaque_partie(monkeypatch):
    vus = []
    monkeypatch.setattr(tester, "_pytest", lambda arguments, env: vus.append(env.get("ESTUAIRE_TEST_MODELE")) or 0)

    tester.executer(partie(), tester.Choix(modele="/essai/estuaire.sqlite3"))
    tester.executer(partie(), tester.Choix())

    assert vus == ["/essai/estuaire.sqlite3", None]


def _modeles(monkeypatch, tmp_path, ouvriers=2, parties=""):
    """What is migrated, and what the parts are told of it, on a machine that has a PostgreSQL."""
    migrees = []
    monkeypatch.setattr(tester, "postgresql", lambda jetable: nullcontext("postgresql://moi@serveur/neuve"))
    monkeypatch.setattr(tester, "redis", lambda jetable, bases: nullcontext(["redis://serveur/1"]))
    monkeypatch.setattr(tester, "migrer", lambda dossier, base: migrees.append(base) or (True, bool(base)))
    choisies = tester.lire_parties(parties)
    with ExitStack() as pile:
        choix = tester.preparer_les_modeles(pile, tester.Choix(ouvriers=ouvriers), tmp_path, choisies)
        variables, _ouvriers = tester._bases(pile, choix)
    return migrees, choix.modele, variables


def test_les_bases_neuves_sont_migrees_et_servent_de_modele(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    migrees, modele, variables = _modeles(monkeypatch, tmp_path)
    assert migrees == ["postgresql://moi@serveur/neuve"]
    assert modele == str(tmp_path / "estuaire.sqlite3")
    assert variables["DATABASE_URL"] == "postgresql://moi@serveur/neuve"
    assert variables["ESTUAIRE_TEST_MODELE_PG"] == "neuve"


def test_une_seule_partie_n_ouvre_que_ce_qu_il_lui_faut(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert _modeles(monkeypatch, tmp_path, parties="sqlite")[0] == [""]


def test_un_ouvrier_seul_fait_sa_base_lui_meme(monkeypatch, tmp_path):
    migrees, modele, variables = _modeles(monkeypatch, tmp_path, ouvriers=1)
    assert (migrees, modele) == ([], "")
    assert "ESTUAIRE_TEST_MODELE_PG" not in variables


def test_une_base_pretee_reste_comme_elle_est(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://moi@serveur/pretee")
    migrees, _modele, variables = _modeles(monkeypatch, tmp_path)
    assert migrees == [""]
    assert "ESTUAIRE_TEST_MODELE_PG" not in variables


def test_sans_postgresql_la_suite_sur_sqlite_a_son_modele(monkeypatch, tmp_path):
    def absent(jetable):
        raise Arret("Les tests demandent PostgreSQL.")

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(tester, "postgresql", absent)
    monkeypatch.setattr(tester, "migrer", lambda dossier, base: (True, bool(base)))
    with ExitStack() as pile:
        choix = tester.preparer_les_modeles(pile, tester.Choix(ouvriers=2), tmp_path, tester.PARTIES)
    assert (choix.modele, choix.base, choix.modele_pg) == (str(tmp_path / "estuaire.sqlite3"), "", "")


def test_une_migration_qui_echoue_se_dit_et_n_arrete_rien(monkeypatch, capsys, tmp_path):
    def echouer(commande, *, quoi, env):
        if "DATABASE_URL" not in env:
            raise Arret("Migrations : la commande a échoué.")

    monkeypatch.setattr(tester, "lancer", echouer)
    assert tester.migrer(tmp_path, "postgresql://moi@serveur/neuve") == (False, True)
    assert "Migrations : la commande a échoué." in capsys.readouterr().out


def test_les_parcours_sont_dans_leur_dossier(monkeypatch):
    """The other parts do not read them, and theirs reads nothing else."""
    vus = []
    monkeypatch.setattr(tester, "_pytest", lambda arguments, env: vus.append(arguments[2:]) or 0)
    monkeypatch.setattr(tester, "navigateurs", dict)
    sqlite, _postgresql, parcours = tester.PARTIES
    for partie_de, options in [(sqlite, []), (parcours, []), (parcours, ["-k", "idees"])]:
        tester.executer(partie_de, tester.Choix(options))
    assert vus == [["tests", "--ignore=tests/parcours"], ["tests/parcours"], ["-k", "idees"]]
