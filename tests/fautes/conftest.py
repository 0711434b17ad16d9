import os
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.site_reel import SiteReel


@pytest.fixture
def base():
    """ "" for SQLite, or a PostgreSQL database made for this test beside the suite's own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    nom = f"estuaire_fautes_{os.getpid()}"
    # A database is copied while nobody is in it: we stay in the one that every server has.
    administration = urlsplit(url)._replace(path="/postgres").geturl()
    modele = os.environ.get("ESTUAIRE_TEST_MODELE_PG", "template1")
    with psycopg.connect(administration, autocommit=True) as connexion:
        connexion.execute(f"DROP DATABASE IF EXISTS {nom}")
        connexion.execute(f"CREATE DATABASE {nom} TEMPLATE {modele}")
    yield urlsplit(url)._replace(path=f"/{nom}").geturl()
    with psycopg.connect(administration, autocommit=True) as connexion:
        connexion.execute(f"DROP DATABASE {nom} WITH (FORCE)")


@pytest.fixture
def site(tmp_path, base):
    """A site with an empty database, not started yet."""
    site = SiteReel(tmp_path, base=base)
    site.migrer()
    yield site
    site.arreter()
