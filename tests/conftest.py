"""What concerns every test: where it runs, and that it leaves nothing to the next one."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from _pytest import runner
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as reglages_du_hasard

from socle.pile import au_large
from tests.releve import a_sa_base, ouvre_de_vraies_transactions

# A busy machine draws slowly: that says nothing of what is tried.
reglages_du_hasard.register_profile("maison", deadline=None, suppress_health_check=[HealthCheck.too_slow])
reglages_du_hasard.load_profile("maison")

PARCOURS = Path(__file__).parent / "parcours"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser stories are known by their folder; tests of one profile are skipped, and say so, on the other."""
    for item in items:
        _une_fois_a_bon_droit(item)
        if PARCOURS in item.path.parents:
            item.add_marker(pytest.mark.parcours)
        for base in ("postgresql", "sqlite"):
            if item.get_closest_marker(base) and connection.vendor != base:
                item.add_marker(pytest.mark.skip(reason=f"n'a de sens que sur {base}"))
        if item.get_closest_marker("redis") and not _sur_redis():
            item.add_marker(pytest.mark.skip(reason="n'a de sens qu'avec Redis"))


def _une_fois_a_bon_droit(item: pytest.Item) -> None:
    """What counts queries, runs several threads or knows one database is never left out of the other."""
    marque = item.get_closest_marker("une_fois")
    if not marque:
        return
    if not (marque.args and isinstance(marque.args[0], str)):
        raise pytest.UsageError(f"{item.nodeid} : une_fois dit pourquoi, en une phrase.")
    if a_sa_base(item):
        raise pytest.UsageError(f"{item.nodeid} dépend de la base : il se lance sur les deux, sans une_fois.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """As pytest does, in a frame that leaves room for the deep calls of a test."""
    return au_large(runner.pytest_runtest_protocol, item, nextitem)


def pytest_collection_finish() -> None:
    """The house and its tests stay loaded to the end: the garbage collector need not walk through them again and again.

    What a request leaves is small and soon looked at; what a test leaves, some thousand requests later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)


def _sur_redis() -> bool:
    return bool(settings.REDIS_URL)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The settings of the tests make a data folder for each run; workers share the one of their parent."""
    if not hasattr(config, "workerinput") and settings.DONNEES.name.startswith("estuaire-tests-"):
        shutil.rmtree(settings.DONNEES, ignore_errors=True)


@pytest.fixture(autouse=True)
def _cache_vide(request: pytest.FixtureRequest):
    """Rate limits and counters of one test are not those of the next."""
    yield
    if not request.node.get_closest_marker("sans_base"):
        cache.clear()


@pytest.fixture(autouse=True)
def _langue_de_la_maison():
    """A page that was asked for in English leaves its language to whatever follows it in the thread."""
    yield
    translation.deactivate()


@pytest.fixture
def refus_en_bref(monkeypatch: pytest.MonkeyPatch):
    """A refusal is its sentence, without the page around it: for the tables of who may open what, where most cells are refused.

    Such a page costs more to write than to decide. Whatever is open is written whole.
    """
    from django.template.backends.django import Template

    ecrire = Template.render

    def ecrire_ou_dire(gabarit, context=None, request=None) -> str:
        if gabarit.template.name not in {"403.html", "404.html", "409.html"}:
            return ecrire(gabarit, context, request)
        return "\n".join(dit for dit in (context or {}).values() if isinstance(dit, str))

    monkeypatch.setattr(Template, "render", ecrire_ou_dire)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None):
    """On SQLite each worker starts from a copy of the file that `make test` has migrated."""
    modele = os.environ.get("ESTUAIRE_TEST_MODELE")
    if not modele or connection.vendor != "sqlite":
        yield request.config.getvalue("reuse_db")
        return
    shutil.copy(modele, connection.settings_dict["TEST"]["NAME"])
    yield True
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _statiques_lus_une_fois():
    """Each test client builds the site's middleware anew; a site in service reads its static files once, so do we.

    Settings that say which files, or how they are served, make another reading.
    """
    from whitenoise.middleware import WhiteNoiseMiddleware

    lire, lus = WhiteNoiseMiddleware.add_files_from_finders, {}

    def relire(service):
        cle = repr([(nom, getattr(settings, nom)) for nom in noms])
        if cle not in lus:
            lire(service)
            lus[cle] = dict(service.files)
        service.files.update(lus[cle])

    noms = sorted(nom for nom in dir(settings) if nom.startswith(("STATIC", "WHITENOISE", "DEBUG")))
    WhiteNoiseMiddleware.add_files_from_finders = relire
    yield
    WhiteNoiseMiddleware.add_files_from_finders = lire


@pytest.fixture(scope="session", autouse=True)
def _contexte_de_la_page_seule(django_test_environment):
    """Django's client keeps a copy of the context of each of the twenty templates that a page includes: its own is enough."""
    from django.template import Template
    from django.test.signals import template_rendered

    noter_tout = Template._render

    def noter_la_page(gabarit, contexte):
        if contexte.template is gabarit:
            template_rendered.send(sender=gabarit, template=gabarit, context=contexte)
        return gabarit.nodelist.render(contexte)

    Template._render = noter_la_page
    yield
    Template._render = noter_tout


@pytest.fixture(scope="session", autouse=True)
def _une_session_par_connexion():
    """Django's client writes an empty session, then leaves it for another, when somebody signs in: a new browser has none."""
    from importlib import import_module

    from django.contrib.auth import login
    from django.http import HttpRequest
    from django.test.client import ClientMixin

    entrer_avec_sa_session = ClientMixin._login

    def entrer(client, personne, backend=None):
        if settings.SESSION_COOKIE_NAME in client.cookies:
            entrer_avec_sa_session(client, personne, backend)
            return
        demande = HttpRequest()
        demande.session = import_module(settings.SESSION_ENGINE).SessionStore()
        login(demande, personne, backend)
        demande.session.save()
        client._set_login_cookies(demande)

    ClientMixin._login = entrer
    yield
    ClientMixin._login = entrer_avec_sa_session


@pytest.fixture(scope="module")
def pour_le_module(request, django_db_setup, django_db_blocker):
    """`pour_le_module(ecrire)`: what `ecrire()` writes is there for all the tests of the module, and gone after them.

    Each test runs inside that transaction, in its own, and leaves things as it found them: it takes its own copy of the objects.
    Not for a module that opens real transactions.
    """
    for item in request.session.items:
        if item.path == request.path and ouvre_de_vraies_transactions(item):
            raise pytest.UsageError(f"{item.nodeid} viderait ce que son module a écrit pour tous ses tests.")
    garde = transaction.atomic()

    def faire(ecrire):
        with django_db_blocker.unblock():
            return ecrire()

    faire(garde.__enter__)
    yield faire
    faire(lambda: transaction.set_rollback(True))
    faire(lambda: garde.__exit__(None, None, None))


@pytest.fixture
def citoyenne(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Camille Exemple")


@pytest.fixture
def voisin(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Sacha Voisin")


@pytest.fixture
def agent(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Alix Agent", roles=["agent"])


@pytest.fixture
def moderatrice(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Nadia Fictive", roles=["moderatrice"])


@pytest.fixture
def elue(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Élue Fictive", roles=["elue"])


@pytest.fixture
def administratrice(db):
    from tests.fabriques import PersonneFabrique

    return PersonneFabrique(pseudonyme="Ada Admin", roles=["administratrice"], is_staff=True, is_superuser=True)


#: What every migration ends by writing again: emptying it between two tests only makes it be rewritten.
RECREEES = {"django_content_type", "auth_permission"}
SONDES_PAR_ORDRE = 100  # SQLite joins no more than five hundred results


@pytest.fixture(scope="session", autouse=True)
def _vidage_malgre_les_verrous():
    """Between transactional tests every table is emptied, by DELETE, which our locks refuse: lifted meanwhile.

    A test has written in twenty of a hundred tables: those are emptied, and their locks lifted. Django would empty all of
    them; on PostgreSQL it truncates, with new files for each table and all its indexes, three seconds.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations as Postgresql
    from django.db.backends.sqlite3.base import DatabaseOperations as Sqlite

    ordres_sqlite, ordres_postgresql = Sqlite.sql_flush, Postgresql.sql_flush

    def celles_qui_ont_servi(base, tables):
        noms = {table: base.quote_name(table) for table in tables if table not in RECREEES}
        sondes = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {nom})" for table, nom in noms.items()]
        pleines = set()
        with base.connection.cursor() as curseur:
            for debut in range(0, len(sondes), SONDES_PAR_ORDRE):
                curseur.execute(" UNION ALL ".join(sondes[debut : debut + SONDES_PAR_ORDRE]))
                pleines |= {table for (table,) in curseur.fetchall()}
        return {table: nom for table, nom in noms.items() if table in pleines}

    def vider_sqlite(self, style, tables, **options):
        pleines = celles_qui_ont_servi(self, tables)
        with self.connection.cursor() as curseur:
            curseur.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' "
                "AND (name LIKE 'verrou_%_fin' OR name LIKE 'garde_%_fin')"
            )
            verrous = {nom: sql for nom, table, sql in curseur.fetchall() if table in pleines}
        return [
            *(f"DROP TRIGGER {nom}" for nom in verrous),
            *(f"DELETE FROM {nom}" for nom in pleines.values()),
            *verrous.values(),
        ]

    def vider_postgresql(self, style, tables, **options):
        pleines = celles_qui_ont_servi(self, tables).values()
        return [
            *(f"ALTER TABLE {nom} DISABLE TRIGGER USER;" for nom in pleines),
            *(f"DELETE FROM {nom};" for nom in pleines),
            "SET CONSTRAINTS ALL IMMEDIATE;",  # a table whose checks are still due cannot be altered
            *(f"ALTER TABLE {nom} ENABLE TRIGGER USER;" for nom in pleines),
        ]

    Sqlite.sql_flush, Postgresql.sql_flush = vider_sqlite, vider_postgresql
    yield
    Sqlite.sql_flush, Postgresql.sql_flush = ordres_sqlite, ordres_postgresql
