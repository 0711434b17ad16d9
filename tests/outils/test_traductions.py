import gettext
import re

import pytest
from django.utils.translation import ngettext, override

from outils import traductions
from outils.preparer import RACINE

pytestmark = pytest.mark.sans_base

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Idée"
msgstr "Idea"

msgctxt "verbe"
msgid "Suivre"
msgstr "Follow"

msgid "%(n)s idée"
msgid_plural "%(n)s idées"
msgstr[0] "%(n)s idea"
msgstr[1] "%(n)s ideas"

msgid "Une idée proche"
msgid_plural "%(n)s idées proches"
msgstr[0] "A similar idea"
msgstr[1] "%(n)s similar ideas"

#, fuzzy
msgid "Incertain"
msgstr "Doubtful"
"""


@pytest.fixture
def projet(tmp_path):
    dossier = tmp_path / "locale" / "en" / "LC_MESSAGES"
    dossier.mkdir(parents=True)
    (dossier / "django.po").write_text(CATALOGUE)
    return tmp_path


def test_un_catalogue_compile_se_lit_par_gettext(projet):
    traductions.compiler(projet)

    lu = gettext.translation("django", projet / "locale", ["en"])
    assert lu.gettext("Idée") == "Idea"
    assert lu.pgettext("verbe", "Suivre") == "Follow"
    assert lu.ngettext("%(n)s idée", "%(n)s idées", 3) == "%(n)s ideas"
    assert lu.gettext("Incertain") == "Incertain"
    assert not list(projet.rglob("*.tmp"))


@pytest.mark.parametrize(("nombre", "dit"), [(0, "%(n)s idée"), (1, "%(n)s idée"), (2, "%(n)s idées")])
def test_zero_est_au_singulier_en_francais(projet, nombre, dit):
    traductions.compiler(projet)

    lu = gettext.translation("django", projet / "locale", ["fr"])
    assert lu.ngettext("%(n)s idée", "%(n)s idées", nombre) == dit
    assert lu.gettext("Idée") == "Idée"
    une = lu.ngettext("Une idée proche", "%(n)s idées proches", nombre)
    assert une == ("Une idée proche" if nombre == 1 else "%(n)s idées proches"), "0 is not one"


TEXTE = ("Et %(n)s autre défaut.", "Et %(n)s autres défauts.")


def test_le_site_dit_zero_au_singulier():
    with override("fr"):
        assert ngettext(*TEXTE, 0) == TEXTE[0]
    with override("en"):
        assert ngettext(*TEXTE, 0) != ngettext(*TEXTE, 1)


def test_chaque_faute_a_sa_phrase(projet, tmp_path):
    tenu = projet / "locale" / "en" / "LC_MESSAGES" / "django.po"
    releve = tmp_path / "releve.po"
    releve.write_text(CATALOGUE.replace("Idée", "Projet"))

    assert traductions._fautes("en", tenu, releve) == [
        "en : texte absent de locale/ : 'Projet'",
        "en : texte qui ne sert plus : 'Idée'",
        "en : texte sans traduction : 'Incertain'",
    ]


def test_aucun_texte_ne_porte_un_nom_que_le_releve_ne_connait_pas():
    """Under a name that xgettext does not know, it is never gathered: it stays in French for everybody."""
    alias = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)")
    fichiers = [f for f in RACINE.glob("*/**/*.py") if not {".venv", "node_modules"} & set(f.parts)]
    assert len(fichiers) > 300
    inconnus = {
        (nom, str(fichier))
        for fichier in fichiers
        for nom in alias.findall(fichier.read_text())
        if nom not in {"_", "gettext_lazy"}
    }
    assert not inconnus
