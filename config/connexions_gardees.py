"""The embedded base, kept open from one request to the next.

Under ASGI each request has a thread of its own, therefore a connection of its own; SQLite reads its whole schema for
each: six milliseconds, as much as the rest of a short request. PostgreSQL has its pool; this is the one of SQLite.
In the web process only: a command, a shell and a test close their connection for good, and leave one file behind them.
"""

import atexit
import contextlib
import os
import sqlite3
from collections import deque

from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseWrapper


class Reserve:
    """Connections that nobody uses, each with the file that it has open."""

    def __init__(self, combien: int):
        self._libres: deque[tuple[tuple[int, int], sqlite3.Connection]] = deque()
        self._combien = combien

    def prendre(self, chemin: str) -> sqlite3.Connection | None:
        """One that has this very file open: another may have been put in its place, by a restored copy."""
        with contextlib.suppress(IndexError):
            while True:
                fichier, connexion = self._libres.pop()
                if fichier == _fichier(chemin):
                    return connexion
                connexion.close()
        return None

    def rendre(self, chemin: str, connexion: sqlite3.Connection) -> None:
        fichier = _fichier(chemin)
        if fichier and len(self._libres) < self._combien and _est_neuve(connexion):
            self._libres.append((fichier, connexion))
        else:
            connexion.close()

    def vider(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._libres.pop()[1].close()


def _fichier(chemin: str) -> tuple[int, int] | None:
    """Device and number of the file; None when there is none."""
    try:
        lu = os.stat(chemin)
    except OSError:
        return None
    return lu.st_dev, lu.st_ino


def _est_neuve(connexion: sqlite3.Connection) -> bool:
    """Is nothing left open in it? A query not read to its end would show the next person the base as it was."""
    try:
        connexion.rollback()
        # SQLite lets no function be defined again while a statement runs: the only way to ask it.
        for _defini_puis_redefini in range(2):
            connexion.create_function("estuaire_rien_en_cours", 0, int)
    except sqlite3.Error:
        return False
    return True


def brancher() -> None:
    """From now on this process keeps `CONNEXIONS_GARDEES` connections; more people at once open more, closed behind them."""
    if not settings.CONNEXIONS_GARDEES:
        return
    ouvrir, reserve = DatabaseWrapper.get_new_connection, Reserve(settings.CONNEXIONS_GARDEES)

    def get_new_connection(self, conn_params):
        connexion = reserve.prendre(str(self.settings_dict["NAME"]))
        return connexion if connexion is not None else ouvrir(self, conn_params)

    def _close(self):
        if self.connection is not None:
            with self.wrap_database_errors:
                reserve.rendre(str(self.settings_dict["NAME"]), self.connection)

    DatabaseWrapper.get_new_connection = get_new_connection  # type: ignore[method-assign]
    DatabaseWrapper._close = _close  # type: ignore[attr-defined] # Django's own, that the stubs leave out
    atexit.register(reserve.vider)
