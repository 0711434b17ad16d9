from datetime import UTC, datetime

import pytest
from django.utils import translation

from projets.templatetags.projets import moment, riche

pytestmark = pytest.mark.sans_base


@pytest.mark.parametrize(
    ("utc", "francais"),
    [
        (datetime(2024, 3, 31, 21, 59, tzinfo=UTC), "31 mars 2024 à 23 h 59"),
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), "31 octobre 2027 à 23 h 59"),
        (datetime(2024, 4, 1, 6, 0, tzinfo=UTC), "1er avril 2024 à 8 h"),
        (datetime(2024, 1, 1, 7, 5, tzinfo=UTC), "1er janvier 2024 à 8 h 05"),
    ],
)
def test_un_moment_se_dit_a_l_heure_de_paris(utc, francais):
    with translation.override("fr"):
        assert " ".join(moment(utc).split()) == francais
        assert "\N{NO-BREAK SPACE}h" in moment(utc)


def test_un_texte_riche_ne_saute_pas_de_titre():
    assert riche("## Un\n\n### Deux") == riche("# Un\n\n# Deux")
    assert "<h4>" in riche("# Un\n\n## Deux")
    assert "<h2>" in riche("# Un\n\n## Deux", 2)
    assert "<h4>" not in riche("# Un\n\n## Deux", 2)
    assert "<script" not in riche("<script>alert(1)</script> [x](javascript:alert(1))")
    assert "javascript:" not in riche("[x](javascript:alert(1))").partition("href")[2]
