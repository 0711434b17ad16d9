import os
from urllib.parse import urlsplit

import psycopg
import pytest


@pytest.fixture
def base():
    """ "" for SQLite, or a PostgreSQL database made for this test beside the suite's own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    nom = f"estuaire_fautes_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connexion:
        connexion.execute(f"DROP DATABASE IF EXISTS {nom}")
        connexion.execute(f"CREATE DATABASE {nom}")
    yield urlsplit(url)._replace(path=f"/{nom}").geturl()
    with psycopg.connect(url, autocommit=True) as connexion:
        connexion.execute(f"DROP DATABASE {nom} WITH (FORCE)")
