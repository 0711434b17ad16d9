"""Translations: compile them without gettext, and tell what is missing. Runs inside .venv (needs polib).

`python -m outils.traductions compiler | actualiser | verifier`
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from outils.dire import Arret, conclure, dire
from outils.preparer import PYTHON, RACINE, environnement
from outils.services import installer_par_apt

LANGUES = ("en",)
#: Rule of French for numbers: 0 is singular. Texts are written in French, so without it gettext would say « 0 idées ».
PLURIEL_FRANCAIS = "nplurals=2; plural=(n > 1);"
# Texts are drawn from what people read; the rest of the tree holds none.
SANS_TEXTES = ("tests", "outils", "docs", "deploy", "node_modules", "staticfiles", "rapports", "donnees")

Cle = tuple[str, str, str]


def compiler(racine: Path = RACINE) -> None:
    """Write the .mo beside each .po, and that of French."""
    catalogues = {langue: polib.pofile(str(_catalogue(racine, langue))) for langue in LANGUES}
    for langue, catalogue in (*catalogues.items(), ("fr", _francais(catalogues[LANGUES[0]]))):
        _ecrire(catalogue, racine, langue)


def _francais(catalogue: polib.POFile) -> polib.POFile:
    """The texts that count something, as they are written, with the rule that chooses between them.

    Not those whose singular says « une idée » without a figure: they keep their plural for 0. Where the figure stands
    beside the text, the template asks for the singular itself (filter `accord`).
    """
    francais = polib.POFile()
    francais.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": PLURIEL_FRANCAIS}
    francais.extend(
        polib.POEntry(
            msgctxt=e.msgctxt,
            msgid=e.msgid,
            msgid_plural=e.msgid_plural,
            msgstr_plural={0: e.msgid, 1: e.msgid_plural},
        )
        for e in catalogue
        if e.msgid_plural and not e.obsolete and _chiffres(e.msgid) == _chiffres(e.msgid_plural) != set()
    )
    return francais


def _chiffres(texte: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", texte))


def _ecrire(catalogue: polib.POFile, racine: Path, langue: str) -> None:
    """In one move: a server may be reading it."""
    compile_ = _catalogue(racine, langue).with_suffix(".mo")
    compile_.parent.mkdir(parents=True, exist_ok=True)
    provisoire = compile_.with_suffix(".mo.tmp")
    catalogue.save_as_mofile(str(provisoire))
    provisoire.replace(compile_)


def actualiser(racine: Path = RACINE) -> None:
    """Draw the texts of the code and templates into locale/."""
    if not shutil.which("xgettext") and not installer_par_apt("gettext"):
        raise Arret("Il manque xgettext. Sur Debian ou Ubuntu : apt-get install gettext")
    options = ["--no-obsolete", "--no-wrap", "--add-location=file", *(f"--ignore={nom}/*" for nom in SANS_TEXTES)]
    langues = [f"--locale={langue}" for langue in LANGUES]
    fini = subprocess.run(
        [PYTHON, "manage.py", "makemessages", *langues, *options],
        cwd=racine,
        env=environnement(),
        capture_output=True,
        text=True,
    )
    if fini.returncode:
        raise Arret(f"Les textes n'ont pas pu être relevés.\n{fini.stdout}{fini.stderr}")


def verifier() -> list[str]:
    """One sentence per fault: a text that nobody translated, one that is no longer used, a broken placeholder."""
    with tempfile.TemporaryDirectory(prefix="estuaire-traductions-") as dossier:
        copie = Path(dossier) / "projet"
        ignores = shutil.ignore_patterns(".*", "__pycache__", "*.mo", *SANS_TEXTES)
        shutil.copytree(RACINE, copie, ignore=ignores)
        actualiser(copie)
        return [
            faute
            for langue in LANGUES
            for faute in _fautes(langue, _catalogue(RACINE, langue), _catalogue(copie, langue))
        ]


def _catalogue(racine: Path, langue: str) -> Path:
    return racine / "locale" / langue / "LC_MESSAGES" / "django.po"


def _fautes(langue: str, tenu: Path, releve: Path) -> list[str]:
    if not tenu.exists():
        return [f"{langue} : aucune traduction ({tenu.relative_to(RACINE)} manque)"]
    attendus = _cles(polib.pofile(str(releve)))
    presents = _cles(polib.pofile(str(tenu)))
    fautes = [f"{langue} : texte absent de locale/ : {cle[1]!r}" for cle in sorted(attendus.keys() - presents.keys())]
    fautes += [f"{langue} : texte qui ne sert plus : {cle[1]!r}" for cle in sorted(presents.keys() - attendus.keys())]
    fautes += [
        f"{langue} : texte sans traduction : {cle[1]!r}"
        for cle in sorted(attendus.keys() & presents.keys())
        if not presents[cle].translated()
    ]
    return fautes + _emplacements_faux(langue, tenu)


def _cles(catalogue: polib.POFile) -> dict[Cle, polib.POEntry]:
    return {(e.msgctxt or "", e.msgid, e.msgid_plural or ""): e for e in catalogue if not e.obsolete}


def _emplacements_faux(langue: str, tenu: Path) -> list[str]:
    """What msgfmt says of %(name)s placeholders that differ between a text and its translation."""
    fini = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", str(tenu)], capture_output=True, text=True
    )
    return [f"{langue} : {ligne}" for ligne in fini.stderr.splitlines()] if fini.returncode else []


def principal() -> int:
    lecteur = argparse.ArgumentParser(prog="python -m outils.traductions")
    lecteur.add_argument("action", choices=["compiler", "actualiser", "verifier"])
    action = lecteur.parse_args().action
    if action == "compiler":
        compiler()
    elif action == "actualiser":
        actualiser()
        dire("locale/ est à jour : il reste à traduire les textes nouveaux (make check dit lesquels).")
    else:
        fautes = verifier()
        for faute in fautes:
            print(faute, file=sys.stderr)
        if fautes:
            dire(f"Fautes de traduction : {len(fautes)}. Relever les textes : make messages ; puis traduire.")
        return 1 if fautes else 0
    return 0


if __name__ == "__main__":
    conclure(principal)
