"""Texts that the extraction of translations would miss."""

import ast

import pytest
from django.conf import settings

pytestmark = pytest.mark.sans_base

MARQUES = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
SANS_TEXTES = {".venv", "node_modules", "tests", "outils", "migrations"}


def dans_une_chaine_composee(source: str) -> list[int]:
    """Lines of what is marked for translation inside an f-string: xgettext reads an f-string as a text and nothing in it."""
    return sorted(
        appel.lineno
        for chaine in ast.walk(ast.parse(source))
        if isinstance(chaine, ast.JoinedStr)
        for appel in ast.walk(chaine)
        if isinstance(appel, ast.Call) and isinstance(appel.func, ast.Name) and appel.func.id in MARQUES
    )


@pytest.mark.parametrize(
    ("source", "lignes"),
    [
        ("f\"{_('Une')}\"", [1]),
        ("x = 1\nf\"{x} {gettext('Une')!r}\"", [2]),
        ('une = _("Une")\nf"{une}"', []),
        ('{_("Une"): 1}', []),
    ],
)
def test_ce_qui_se_perdrait_se_voit(source, lignes):
    assert dans_une_chaine_composee(source) == lignes


def test_aucun_texte_ne_se_perd_dans_une_chaine_composee():
    fichiers = [
        chemin
        for chemin in settings.RACINE.rglob("*.py")
        if not SANS_TEXTES & set(chemin.relative_to(settings.RACINE).parts)
    ]
    assert len(fichiers) > 300
    trouves = {chemin.name: lignes for chemin in fichiers if (lignes := dans_une_chaine_composee(chemin.read_text()))}
    assert trouves == {}
