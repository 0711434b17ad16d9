"""Speak to a PostgreSQL server before Django does. Runs inside .venv (needs psycopg).

`python -m outils.bases_de_test sonder|creer|effacer URL` : exit code 1 and one line when the server is of no use.
"""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def sonder(url: str) -> None:
    """Raises ValueError when tests cannot create their database there."""
    with _connexion(url) as connexion:
        ligne = connexion.execute(
            "SELECT rolcreatedb OR rolsuper, current_setting('server_encoding') FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
    if not ligne or not ligne[0]:
        raise ValueError("ce compte n'a pas le droit de créer une base")
    if ligne[1] != "UTF8":
        raise ValueError(f"le serveur range ses textes en {ligne[1]}, pas en UTF8")


def creer(url: str) -> None:
    with _connexion(url) as connexion:
        connexion.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_nom(url))))


def effacer(url: str) -> None:
    """Drop the database of this name and the test databases made from it, which an interrupted run leaves."""
    base = _nom(url)
    with _connexion(url) as connexion:
        for (nom,) in connexion.execute("SELECT datname FROM pg_database").fetchall():
            if nom in {base, f"test_{base}"} or nom.startswith(f"test_{base}_"):
                connexion.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(nom)))


def _nom(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _connexion(url: str) -> psycopg.Connection:
    # The database named by the URL may not exist yet; « postgres » always does.
    administration = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    return psycopg.connect(administration, autocommit=True, connect_timeout=3)


if __name__ == "__main__":
    try:
        {"sonder": sonder, "creer": creer, "effacer": effacer}[sys.argv[1]](sys.argv[2])
    except (psycopg.Error, ValueError) as erreur:
        sys.exit(str(erreur).strip().splitlines()[-1])
