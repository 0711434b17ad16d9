"""What each test says to the database and to the cache, noted on SQLite; `outils.choix` then tells which ones PostgreSQL repeats.

A pytest plugin of `make test` (`-p tests.releve`), because which statements a test sends is known only when it has run.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path

import pytest

from tests.ordres import entier, parts

#: Folder where each worker writes what it has noted: one line of JSON per test.
DOSSIER = "ESTUAIRE_TEST_RELEVE"
#: File of the tests that need not be repeated, one per line; without it all of them are.
LAISSES = "ESTUAIRE_TEST_LAISSES"

_NOMBRES = re.compile(r"[0-9a-f-]{8,}|\d+")
_NATURE = re.compile(r"(int|str)(\d+)(é?)")
_SANS_PAROLE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


def nature(valeur: object) -> str:
    """What may count for a database in a value: its type, nothing, too big, too long, letters that are not ASCII."""
    if valeur is None or valeur == "":
        return repr(valeur)
    if isinstance(valeur, bool) or not isinstance(valeur, int | str):
        return type(valeur).__name__
    if isinstance(valeur, int):
        return f"int{(abs(valeur) >= 2**31) + (abs(valeur) >= 2**63)}"
    lettres = "" if valeur.isascii() else "é"
    return f"str{max(len(valeur).bit_length(), 5)}{lettres}{'nul' if chr(0) in valeur else ''}"


@cache
def natures_montrees(nature: str, ecrit: bool) -> frozenset[str]:
    """What a database has shown that takes a value of this nature: where it took more, it takes less.

    « é » shows « e », a long text shows a short one, where something is written; to compare, a length is nothing.
    """
    lue = _NATURE.fullmatch(nature)
    if not lue:
        return frozenset({nature})
    genre, grandeur, lettres = lue[1], int(lue[2]), lue[3]
    if genre == "int":  # beyond 64 bits nothing is taken: that shows no smaller number
        return frozenset({nature, "int0"} if grandeur < 2 else {nature})
    grandeurs = range(5, grandeur + 1) if ecrit else (5,)
    return frozenset(f"str{une}{e}" for une in grandeurs for e in {"", lettres})


def formes(ordre: str, natures: tuple[str, ...], faute: str = "") -> Iterator[str]:
    """The parts of the statement, with each nature of value that they had in each place; whole, how it failed."""
    for part in entier(ordre, len(natures)) if faute else parts(ordre, len(natures)):
        forme, plusieurs = part.forme, part.plusieurs
        yield f"{forme} {faute}"
        for rang, place in enumerate(part.places):
            for montree in natures_montrees(natures[place], part.ecrit):
                yield f"{forme} {'' if plusieurs else rang} {montree}"


class Releve:
    """Notes what one worker's tests say. Twice the same is noted once: most statements come back thousands of times."""

    def __init__(self, dossier: Path):
        ouvrier = os.environ.get("PYTEST_XDIST_WORKER", "seul")
        self.fichier = (dossier / f"{ouvrier}.jsonl").open("a", encoding="utf-8")
        self.dits: set[tuple] = set()
        self.nombre = 0
        self.connus: dict[tuple, list[str]] = {}
        self.caches: set[type] = set()

    def ecouter(self, executer, ordre, valeurs, plusieurs, contexte):
        """An execute wrapper of Django."""
        try:
            resultat = executer(ordre, valeurs, plusieurs, contexte)
        except Exception as faute:
            self.noter(ordre, valeurs, plusieurs, contexte, re.sub(r"\d+", "", f"{type(faute).__name__} {faute}"))
            raise
        self.noter(ordre, valeurs, plusieurs, contexte)
        return resultat

    def noter(self, ordre, valeurs, plusieurs, contexte=None, faute=""):
        if isinstance(ordre, str) and not ordre.startswith(_SANS_PAROLE):
            self.nombre += 1
            if " MATCH " in ordre:
                # Each database finds words in its own way: which ones is part of what is said.
                mots = [
                    valeur
                    for valeur, avant in zip(valeurs, ordre.split("%s"), strict=False)
                    if avant.endswith(" MATCH ")
                ]
                self.dits.add((f"mots cherchés : {_NOMBRES.sub('#', str(mots))}", (), ""))
            rangs: Iterable = valeurs if plusieurs else [valeurs]
            for rang in rangs:
                suite = rang.values() if isinstance(rang, dict) else rang or ()
                self.dits.add((ordre, tuple(map(nature, suite)), faute))

    def entendre_les_verrous(self) -> None:
        """Django asks no lock of SQLite, which has none: a remark in the statement says where another database gets one."""
        from django.db.models.sql.compiler import SQLCompiler

        ecrire = SQLCompiler.as_sql
        if hasattr(ecrire, "__wrapped__"):
            return

        @wraps(ecrire)
        def ecrire_aussi_le_verrou(compilateur, *places, **options):
            ordre, valeurs = ecrire(compilateur, *places, **options)
            requete = compilateur.query
            if requete.select_for_update and not compilateur.connection.features.has_select_for_update:
                ordre += f" /* FOR UPDATE {', '.join(requete.select_for_update_of)} */"
            return ordre, valeurs

        SQLCompiler.as_sql = ecrire_aussi_le_verrou

    def ecouter_le_cache(self) -> None:
        """The cache is a database too: what is done with which kind of key, and of value."""
        from django.core.cache import caches

        classe = type(caches["default"])
        if classe in self.caches:
            return
        self.caches.add(classe)
        for geste in ("get", "set", "add", "incr", "touch", "delete"):
            setattr(classe, geste, self._note(geste, getattr(classe, geste)))

    def _note(self, geste, faire):
        @wraps(faire)
        def fait(cache, cle, *valeurs, **options):
            self.dits.add((f"cache {geste} {_NOMBRES.sub('#', str(cle))}", tuple(map(nature, valeurs)), ""))
            return faire(cache, cle, *valeurs, **options)

        return fait

    @contextmanager
    def test(self, item: pytest.Item):
        from django.db import connection

        self.dits, self.nombre = set(), 0
        if self.ecouter not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.ecouter)
        try:
            yield
        finally:
            ligne = {
                "test": item.nodeid,
                "nombre": self.nombre,
                "formes": sorted({chiffre for dit in self.dits for chiffre in self.chiffres(dit)}),
                "toujours": connait_sa_base(item),
            }
            self.fichier.write(json.dumps(ligne) + "\n")
            self.fichier.flush()

    def chiffres(self, dit: tuple) -> list[str]:
        if dit not in self.connus:
            self.connus[dit] = [blake2b(f.encode("utf-8", "replace"), digest_size=6).hexdigest() for f in formes(*dit)]
        return self.connus[dit]


def ouvre_de_vraies_transactions(item: pytest.Item) -> bool:
    """Threads and processes, or what happens after a commit."""
    bases = item.get_closest_marker("django_db")
    return bool(bases and bases.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def connait_sa_base(item: pytest.Item) -> bool:
    """Does this test open real transactions, know one database, or look at what each does in its own way?"""
    bases = ("postgresql", "sqlite", "redis", "deux_bases")
    return ouvre_de_vraies_transactions(item) or any(item.get_closest_marker(nom) for nom in bases)


def a_sa_base(item: pytest.Item) -> bool:
    """The same, or counts its statements: nobody may say beforehand that it need not be repeated."""
    return connait_sa_base(item) or any(
        nom.startswith(("django_assert_num_queries", "django_assert_max")) for nom in item.fixturenames
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RELEVE] = releve = Releve(Path(os.environ[DOSSIER])) if DOSSIER in os.environ else None
    if releve:
        releve.entendre_les_verrous()


def pytest_unconfigure(config: pytest.Config) -> None:
    if releve := config.stash.get(RELEVE, None):
        releve.fichier.close()


RELEVE: pytest.StashKey[Releve | None] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    releve = item.config.stash[RELEVE]
    if releve is None or item.get_closest_marker("sans_base") or item.get_closest_marker("une_fois"):
        return (yield)
    releve.ecouter_le_cache()
    with releve.test(item):
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if LAISSES not in os.environ:
        return
    noms = set(Path(os.environ[LAISSES]).read_text(encoding="utf-8").splitlines())
    laisses = [item for item in items if item.nodeid in noms]
    items[:] = [item for item in items if item.nodeid not in noms]
    config.hook.pytest_deselected(items=laisses)
