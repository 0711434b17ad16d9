"""The colours: readable in both themes (WCAG AA), written in one file only."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.sans_base
CSS = Path(settings.RACINE) / "static" / "css"
JETONS = (CSS / "jetons.css").read_text()
TEXTE = 4.5  # WCAG 1.4.3
CONTOUR = 3.0  # WCAG 1.4.11
FAMILLES = ("neutre", "eau", "ambre", "vert", "brique", "ardoise")
FONDS = ("fond", "surface", "surface-sable", "surface-eau")


def couleurs(debut: str) -> dict[str, str]:
    """Tokens of the block that starts with this text."""
    bloc = JETONS[JETONS.index(debut) :]
    return dict(re.findall(r"--es-([\w-]+): ([^;]+);", bloc[: bloc.index("}")]))


CLAIR = couleurs(":root {\n  color-scheme: light")
SOMBRE = couleurs('[data-bs-theme="dark"] {\n    color-scheme: dark')


def luminance(hexa: str) -> float:
    canaux = [int(hexa[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: str, autre: str) -> float:
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


PAIRES_DE_TEXTE = [
    *((encre, fond) for encre in ("encre", "encre-douce", "loire", "loire-fonce") for fond in FONDS),
    *((famille, f"{famille}-fond") for famille in FAMILLES),
    *((encre, f"{famille}-fond") for encre in ("encre", "loire") for famille in FAMILLES),
    *((famille, "surface") for famille in FAMILLES),
    ("brique", "fond"), ("vert", "fond"), ("ambre", "fond"),
    ("sur-loire", "loire"), ("sur-loire", "loire-fonce"), ("sur-action", "action"), ("sur-action", "action-vive"),
    ("vert-fond", "vert"),
    ("pied-encre", "pied-fond"), ("pied-lien", "pied-fond"),
    # The drawing of the home page runs behind its words.
    ("encre", "dessin-large"), ("encre", "dessin-milieu"), ("encre", "dessin-chenal"), ("loire", "dessin-large"),
]  # fmt: skip
PAIRES_DE_CONTOUR = [
    *(("trait-fort", fond) for fond in FONDS),
    *(("focus", fond) for fond in FONDS),
    ("loire", "eau-fond"), ("action", "eau-fond"), ("action", "fond"),
]  # fmt: skip


@pytest.mark.parametrize(("theme", "jeu"), [("clair", CLAIR), ("sombre", SOMBRE)])
@pytest.mark.parametrize(
    ("encre", "fond", "seuil"), [(*p, TEXTE) for p in PAIRES_DE_TEXTE] + [(*p, CONTOUR) for p in PAIRES_DE_CONTOUR]
)
def test_le_contraste_suffit(theme, jeu, encre, fond, seuil):
    assert contraste(jeu[encre], jeu[fond]) >= seuil


def test_les_deux_jeux_sombres_sont_les_memes():
    demande_par_l_appareil = couleurs(':root:not([data-bs-theme="light"]) {')
    assert demande_par_l_appareil == SOMBRE


def test_le_jeu_sombre_redit_toutes_les_couleurs():
    assert set(SOMBRE) == set(CLAIR)


@pytest.mark.parametrize("feuille", ["base.css", "composants.css"])
def test_les_couleurs_ne_sont_ecrites_qu_une_fois(feuille):
    sans_commentaires = re.sub(r"/\*.*?\*/", "", (CSS / feuille).read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\((?!var)", sans_commentaires) == []


def test_chaque_jeton_cite_existe():
    connus = set(re.findall(r"--es-[\w-]+(?=:)", JETONS))
    for feuille in CSS.glob("*.css"):
        assert set(re.findall(r"var\((--es-[\w-]+)", feuille.read_text())) <= connus, feuille.name
