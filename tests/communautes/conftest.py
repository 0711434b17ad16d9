"""Fixtures of communities."""

import pytest

from communautes.panels import calcul
from tests.communautes.fabriques_panels import preparer_une_fois
from tests.communautes.monde import construire


@pytest.fixture
def memes_lots(monkeypatch):
    """Lots that were made once are given again."""
    monkeypatch.setattr(calcul, "preparer", preparer_une_fois)


@pytest.fixture(scope="module")
def monde(pour_le_module):
    """The world of `tests.communautes.monde`, once for all the tests of a file, and taken back after the last one."""
    return pour_le_module(construire)
