"""Fixtures of communities."""

import pytest

from communautes.panels import calcul
from tests.communautes.fabriques_panels import preparer_une_fois


@pytest.fixture
def memes_lots(monkeypatch):
    """Lots that were made once are given again."""
    monkeypatch.setattr(calcul, "preparer", preparer_une_fois)
