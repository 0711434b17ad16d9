"""What PostgreSQL repeats: chosen by what each test says to the database, and checked here."""

import random
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from outils.choix import FOIS, Ecoute, choisir, lire
from tests.fabriques import ThematiqueFabrique
from tests.releve import Releve, a_sa_base, connait_sa_base, formes, nature, natures_montrees


def ecoute(test, dites="", *, nombre=1, toujours=False):
    return Ecoute(test, nombre, frozenset(dites.split()), toujours)


@pytest.mark.sans_base
def test_tout_ce_qui_est_dit_l_est_encore_et_autant_de_fois():
    hasard = random.Random(8)
    toutes = [
        ecoute(f"t{n}", " ".join(f"f{hasard.randint(0, 300)}" for _ in range(12)), nombre=n % 40) for n in range(400)
    ]
    choisis = choisir(toutes)
    avant = Counter(forme for une in toutes for forme in une.formes)
    apres = Counter(forme for une in toutes if une.test in choisis for forme in une.formes)
    assert all(apres[forme] >= min(combien, FOIS) for forme, combien in avant.items())
    assert len(choisis) < 200
    hasard.shuffle(toutes)
    assert choisir(toutes) == choisis, "the order of the tests changes nothing"


@pytest.mark.sans_base
def test_ce_qui_depend_de_la_base_et_ce_qu_on_n_entend_pas_se_refont_toujours():
    assert choisir([ecoute("large", "a b"), ecoute("compte", "a", toujours=True), ecoute("muet"), ecoute("redit", "a")], 1) == {
        "large", "compte", "muet",
    }  # fmt: skip


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("valeur", "attendue"),
    [
        (None, "None"), ("", "''"), (True, "bool"), (1.5, "float"), (7, "int0"), (2**31, "int1"), (2**63, "int2"),
        ("un mot", "str5"), ("été", "str5é"), ("a\0b", "str5nul"), ("x" * 40, "str6"), ("x" * 300, "str9"),
    ],
)  # fmt: skip
def test_la_nature_d_une_valeur_dit_ce_qui_peut_compter_pour_une_base(valeur, attendue):
    assert nature(valeur) == attendue


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("une", "ecrite", "comparee"),
    [
        ("int1", "int1 int0", "int1 int0"),
        ("int2", "int2", "int2"),
        ("str7", "str7 str6 str5", "str5"),
        ("str6é", "str6é str6 str5é str5", "str5é str5"),
        ("str5nul", "str5nul", "str5nul"),
        ("''", "''", "''"),
        ("datetime", "datetime", "datetime"),
    ],
)
def test_qui_prend_plus_prend_moins(une, ecrite, comparee):
    assert natures_montrees(une, True) == set(ecrite.split())
    assert natures_montrees(une, False) == set(comparee.split())


@pytest.mark.sans_base
def test_le_nombre_de_lignes_et_de_valeurs_ne_fait_pas_un_autre_ordre():
    def dites(ordre, *valeurs):
        return set(formes(ordre, tuple(map(nature, valeurs))))

    assert dites("SELECT 1 FROM t WHERE a IN (%s, %s) LIMIT 21", 1, 2) == dites(
        "SELECT 1 FROM t WHERE a IN (%s) LIMIT 5", 3
    )
    assert dites("INSERT INTO t VALUES (%s, %s), (%s, %s)", 1, 2, 3, 4) == {
        "INSERT INTO t VALUES … ",
        "INSERT INTO t VALUES …  int0",
    }
    assert dites("SELECT 1 FROM t WHERE a = %s", 1) != dites("SELECT 1 FROM t WHERE a = %s", "é")
    assert dites("SELECT 1 FROM t WHERE a = %s AND b = %s", 1, "") != dites(
        "SELECT 1 FROM t WHERE a = %s AND b = %s", "", 1
    )


@pytest.mark.sans_base
def test_les_colonnes_lues_ne_font_pas_un_autre_ordre_et_chaque_colonne_ecrite_compte():
    def dites(ordre, *valeurs, faute=""):
        return set(formes(ordre, tuple(map(nature, valeurs)), faute))

    assert dites('SELECT "t"."a" FROM "t" WHERE "t"."a" = %s', 1) == dites(
        'SELECT "t"."a", "t"."b" FROM "t" WHERE "t"."a" = %s', 1
    )
    assert dites('SELECT DISTINCT "t"."a" FROM "t"') != dites('SELECT DISTINCT "t"."a", "t"."b" FROM "t"')
    assert dites('SELECT "t"."a" FROM "t" GROUP BY "t"."a"') != dites(
        'SELECT "t"."a", "t"."b" FROM "t" GROUP BY "t"."a"'
    )
    deux = dites('UPDATE "t" SET "a" = %s, "b" = %s WHERE "t"."id" = %s', "é", None, 3)
    assert deux == {
        'UPDATE "t" ', 'UPDATE "t" SET "a" = %s ', 'UPDATE "t" SET "a" = %s 0 str5é', 'UPDATE "t" SET "a" = %s 0 str5',
        'UPDATE "t" SET "b" = %s ', 'UPDATE "t" SET "b" = %s 0 None',
        'WHERE "t"."id" = %s ', 'WHERE "t"."id" = %s 0 int0',
    }  # fmt: skip
    assert dites('UPDATE "t" SET "a" = %s WHERE "t"."id" = %s', "é", 3) < deux
    refusee = dites('UPDATE "t" SET "a" = %s WHERE "t"."id" = %s', "é", 3, faute="IntegrityError")
    assert 'UPDATE "t" SET "a" = %s WHERE "t"."id" = %s IntegrityError' in refusee, "together they break a rule"


@pytest.mark.django_db
def test_un_refus_de_la_base_s_entend(tmp_path):
    releve = Releve(tmp_path)
    with connection.execute_wrapper(releve.ecouter):
        ThematiqueFabrique(slug="une")
        deja = set(releve.dits)
        with pytest.raises(IntegrityError), transaction.atomic():
            ThematiqueFabrique(slug="une")
    releve.fichier.close()
    refus = [faute for _ordre, _natures, faute in releve.dits - deja if faute]
    assert refus and all(faute.startswith("IntegrityError") for faute in refus)


@pytest.mark.django_db
def test_un_test_se_note_avec_ce_qu_il_a_dit(tmp_path, request):
    releve = Releve(tmp_path)
    with releve.test(request.node):
        ThematiqueFabrique._meta.model.objects.count()
    connection.execute_wrappers.remove(releve.ecouter)
    releve.fichier.close()
    (notee,) = lire(tmp_path)
    assert (notee.test, notee.nombre, notee.toujours) == (request.node.nodeid, 1, False)
    assert len(notee.formes) == 2, "what it counts, and in which table"


@pytest.mark.django_db(transaction=True)
def test_de_vraies_transactions_se_refont_toujours(request):
    assert connait_sa_base(request.node) and a_sa_base(request.node)


def test_compter_ses_requetes_n_est_pas_connaitre_sa_base(request, django_assert_num_queries):
    """Their number is decided before the database is asked; but nobody leaves such a test out by hand."""
    assert a_sa_base(request.node) and not connait_sa_base(request.node)


@pytest.mark.sans_base
def test_des_mots_cherches_sont_une_chose_dite(tmp_path):
    """Other words are something else; another number is not."""

    def dites(mot, ordre="SELECT rowid FROM t WHERE t MATCH %s"):
        releve.dits = set()
        releve.noter(ordre, [mot], False)
        return frozenset(chiffre for dit in releve.dits for chiffre in releve.chiffres(dit))

    releve = Releve(tmp_path)
    assert dites("vélo") != dites("écolé")
    assert dites("vélo 12") == dites("vélo 7")
    compare = "SELECT rowid FROM t WHERE a = %s"
    assert dites("vélo", compare) == dites("écolé", compare)
    releve.fichier.close()


@pytest.mark.sans_base
@pytest.mark.deux_bases("pour l'essai")
def test_ce_que_la_base_decide_se_refait_toujours(request):
    assert connait_sa_base(request.node)
