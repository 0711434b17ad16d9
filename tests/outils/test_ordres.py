"""A statement is taken apart where databases put parts together alike, and nowhere else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count
from django.db.models.sql.compiler import SQLCompiler

from comptes.models import Utilisateur
from idees.models import Idee
from projets.models import Projet
from tests.ordres import entier, parts
from tests.releve import Releve

pytestmark = pytest.mark.sans_base


def dits(ordre: str) -> list[str]:
    return [part.forme for part in parts(ordre, ordre.count("%s"))]


@pytest.mark.parametrize(
    ("ordre", "attendus"),
    [
        ('SELECT "t"."a", "t"."b" FROM "t"', ['FROM "t"']),
        (
            'SELECT "t"."a" AS "pk", COUNT(*) AS "n" FROM "t" LIMIT 21',
            ['SELECT COUNT(*) AS "n"', 'FROM "t"', "LIMIT …"],
        ),
        (
            'SELECT "t"."a" FROM "t" WHERE ("t"."a" = %s AND NOT ("t"."b" IS NULL OR "t"."c" IN (%s, %s)))',
            ['FROM "t"', 'WHERE "t"."a" = %s', 'WHERE "t"."b" IS NULL', 'WHERE "t"."c" IN …'],
        ),
        (
            'SELECT "t"."a" FROM "t" WHERE ("t"."a" BETWEEN %s AND %s AND "t"."b" = %s)',
            ['FROM "t"', 'WHERE "t"."a" BETWEEN %s AND %s', 'WHERE "t"."b" = %s'],
        ),
        (
            'SELECT "t"."a" FROM "t" INNER JOIN "t" T2 ON ("t"."a" = T2."b") ORDER BY T2."a" ASC, 1 DESC',
            ['FROM "t"', 'INNER JOIN "t" ON ("t"."a" = "t"."b")', 'ORDER BY "t"."a" ASC', "ORDER BY 1 DESC"],
        ),
        (
            'UPDATE "t" SET "a" = %s, "b" = NULL WHERE "t"."id" = %s',
            ['UPDATE "t"', 'UPDATE "t" SET "a" = %s', 'UPDATE "t" SET "b" = NULL', 'WHERE "t"."id" = %s'],
        ),
        ('DELETE FROM "t" WHERE "t"."id" IN (%s)', ["DELETE", 'FROM "t"', 'WHERE "t"."id" IN …']),
    ],
)
def test_chaque_condition_chaque_ordre_chaque_colonne_ecrite(ordre, attendus):
    assert dits(ordre) == attendus


def test_un_ordre_dans_un_autre_dit_ses_parts_et_de_quel_genre_il_est():
    """Two sisters may give one name to two tables."""
    assert dits(
        'SELECT "t"."a" FROM "t" WHERE ("t"."a" IN (SELECT U0."t_id" FROM "u" U0 WHERE U0."x" = %s)'
        ' OR EXISTS(SELECT %s AS "a" FROM "v" U0 WHERE U0."y" = ("t"."a") LIMIT 1))'
    ) == [
        'FROM "t"',
        'FROM "u"', 'WHERE "u"."x" = %s', 'WHERE "t"."a" IN (SELECT "u"."t_id"…)',
        'SELECT %s AS "a"', 'FROM "v"', 'WHERE "v"."y" = ("t"."a")', "LIMIT …", 'WHERE EXISTS(SELECT %s AS "a"…)',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "ordre",
    [
        'SELECT DISTINCT "t"."a" FROM "t" WHERE ("t"."a" = %s AND "t"."b" = %s)',
        'SELECT "t"."a", COUNT(*) FROM "t" WHERE ("t"."a" = %s AND "t"."b" = %s) GROUP BY 1',
        'SELECT "t"."a" FROM "t" WHERE "t"."a" = %s UNION SELECT "u"."a" FROM "u" WHERE "u"."a" = %s',
        'INSERT INTO "t" ("a") SELECT "u"."a" FROM "u" WHERE "u"."a" = %s',
        "EXPLAIN SELECT 1 FROM t WHERE a = %s AND b = %s",
        'SELECT "t"."a" FROM "t" WHERE ("t"."a" = %s',
    ],
)
def test_ce_qui_groupe_reunit_ou_se_lit_mal_reste_entier(ordre):
    assert parts(ordre, ordre.count("%s")) == entier(ordre, ordre.count("%s"))


def test_ce_qui_est_entier_dedans_le_reste():
    trie = 'SELECT DISTINCT U0."a" FROM "u" U0 WHERE (U0."x" = %s AND U0."y" = %s)'
    assert dits(f'SELECT COUNT(*) FROM ({trie}) subquery WHERE "b" = %s') == [
        "SELECT COUNT(*)", f"FROM ({trie}) subquery", 'WHERE "b" = %s',
    ]  # fmt: skip


def test_autant_de_branches_et_de_recherches_que_l_on_veut_en_sont_une():
    def cas(fois):
        return f'UPDATE "t" SET "n" = CASE {"WHEN (%s = 1) THEN %s " * fois}ELSE NULL END WHERE "t"."id" IN (%s)'

    def recherche(fois):
        return " UNION ALL ".join(["SELECT %s, count(*) FROM f WHERE f MATCH %s"] * fois)

    assert dits(cas(2)) == dits(cas(5))
    assert dits(recherche(2)) == dits(recherche(5)) != dits(recherche(1))
    assert all(part.plusieurs for part in parts(recherche(3), 6))


@pytest.mark.parametrize("personne", [AnonymousUser(), Utilisateur(pk=3)], ids=["dehors", "dedans"])
def test_aucune_valeur_n_est_perdue_ni_dite_deux_fois(personne, monkeypatch):
    monkeypatch.setattr(Utilisateur, "roles", frozenset())
    for objets in (Idee, Projet):
        for lus in (
            objets.objects.visibles_par(personne),
            objets.objects.visibles_par(personne).filter(pk__in=[1, 2]).order_by("-pk")[:3],
            objets.objects.visibles_par(personne).values("etat").annotate(n=Count("pk")),
        ):
            ordre, valeurs = lus.query.sql_with_params()
            dites = [place for part in parts(ordre, len(valeurs)) for place in part.places]
            assert sorted(dites) == list(range(len(valeurs))), ordre


def test_un_verrou_dit_les_tables_qu_il_ferme(tmp_path, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("ailleurs le verrou est dans l'ordre")
    monkeypatch.setattr(SQLCompiler, "as_sql", SQLCompiler.as_sql)
    releve = Releve(tmp_path)
    releve.fichier.close()
    for _deux_fois in range(2):
        releve.entendre_les_verrous()
    lus = Projet.objects.select_related("territoire").filter(pk=1)
    nu, verrou = (dits(str(une.query.sql_with_params()[0])) for une in (lus, lus.select_for_update(of=("self",))))
    assert verrou[:-1] == nu
    assert verrou[-1].startswith('FROM "projets_projet" LEFT OUTER JOIN') and verrou[-1].endswith(
        "/* FOR UPDATE self */"
    )
