"""Which tests PostgreSQL and Redis repeat: together they send every statement, with every nature of value, that SQLite was sent.

`tests/releve.py` notes what each test says; this chooses. Always repeated: a test that opens real transactions, starts
processes, or says nothing that we can hear. Of the others, a test whose statements are all sent by
tests that are repeated would show nothing more. The choice depends on what was noted, never on time: the same code
always gives the same tests.
"""

import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: Of the tests of SQLite that send the same form of statement, so many are repeated.
FOIS = 1


@dataclass(frozen=True)
class Ecoute:
    """What one test said."""

    test: str
    nombre: int  # of statements: what it costs, whatever the machine does besides
    formes: frozenset[str]
    toujours: bool = False


def lire(dossier: Path) -> list[Ecoute]:
    lignes = [
        json.loads(ligne)
        for fichier in sorted(dossier.glob("*.jsonl"))
        for ligne in fichier.read_text(encoding="utf-8").splitlines()
    ]
    return [Ecoute(un["test"], un["nombre"], frozenset(un["formes"]), un["toujours"]) for un in lignes]


def choisir(ecoutes: Iterable[Ecoute], fois: int = FOIS) -> set[str]:
    """Names of the tests to repeat. Greedy: first the test that says most that is still to be heard, for its cost."""
    ecoutes = sorted(ecoutes, key=lambda un: un.test)
    choisis = {un.test for un in ecoutes if un.toujours or not un.formes}
    manque: dict[str, int] = {}
    for un in ecoutes:
        for forme in un.formes:
            manque[forme] = min(manque.get(forme, 0) + 1, fois)
    for un in ecoutes:
        if un.test in choisis:
            _entendre(un, manque)
    a_voir = [(-_apport(un, manque), un.test, un) for un in ecoutes if un.test not in choisis]
    heapq.heapify(a_voir)
    while a_voir:
        avant, _test, un = heapq.heappop(a_voir)
        apport = _apport(un, manque)  # it only falls as others are chosen
        if not apport:
            continue
        if apport < -avant:
            heapq.heappush(a_voir, (-apport, un.test, un))
            continue
        choisis.add(un.test)
        _entendre(un, manque)
    return choisis


def _apport(un: Ecoute, manque: dict[str, int]) -> float:
    return sum(manque[forme] > 0 for forme in un.formes) / (un.nombre + 20)  # 20: a test costs something by itself


def _entendre(un: Ecoute, manque: dict[str, int]) -> None:
    for forme in un.formes:
        manque[forme] -= 1
