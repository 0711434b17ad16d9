"""What no tool of `make check` reads: pages of documentation, templates, styles."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.sans_base

MARQUE = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


def textes():
    yield from settings.RACINE.glob("*.md")
    for dossier in ("docs", "templates", "static/css", "static/js", "locale"):
        yield from (
            p
            for p in (settings.RACINE / dossier).rglob("*")
            if p.suffix in {".md", ".html", ".txt", ".css", ".js", ".po"}
        )


def test_aucune_fusion_n_est_restee_a_moitie_faite():
    lus = list(textes())
    assert len(lus) > 300
    assert [p.name for p in lus if MARQUE.search(p.read_text())] == []
