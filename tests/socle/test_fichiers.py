"""What a document really is: every format of the closed list, every way of lying about it."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from socle.fichiers import DEPLIE_MAX, FORMATS, NOM_MAX, lire_document, nom_propre
from socle.images_sobres import ImageIllisible, jpeg_sobre, png_sobre
from tests.projets.fichiers import (
    Recu,
    morceau_png,
    octets_jpeg,
    octets_odf,
    octets_ooxml,
    octets_pdf,
    octets_png,
)

pytestmark = pytest.mark.sans_base
MAX = 10_000_000

BONS = {
    "a.pdf": octets_pdf(),
    "a.odt": octets_odf("text"),
    "a.ods": octets_odf("spreadsheet"),
    "a.odp": octets_odf("presentation"),
    "a.docx": octets_ooxml("docx"),
    "a.xlsx": octets_ooxml("xlsx"),
    "a.pptx": octets_ooxml("pptx"),
    "a.png": octets_png(),
    "a.jpg": octets_jpeg(),
    "a.JPEG": octets_jpeg(progressive=True),
}


def code(contenu, nom, taille=None) -> str:
    try:
        lire_document(Recu(contenu, nom, taille), MAX)
    except ValidationError as refus:
        erreur = refus
    else:
        return "lu"
    (phrase,) = erreur.messages
    assert phrase[0].isupper()
    assert phrase.endswith(".")
    return str(erreur.code)


@pytest.mark.parametrize("nom", sorted(BONS))
def test_chaque_format_de_la_liste(nom):
    lu = lire_document(Recu(BONS[nom], nom), MAX)
    assert lu.format is FORMATS[nom.rpartition(".")[2].lower()]
    assert (lu.nom, lu.taille, len(lu.empreinte)) == (nom.lower(), len(lu.contenu), 64)


def test_chaque_contenu_sous_chaque_autre_nom():
    """The whole square: a content is accepted under its own extensions and under no other."""
    for nom, contenu in BONS.items():
        sien = FORMATS[nom.rpartition(".")[2].lower()]
        for extension, format in FORMATS.items():
            attendu = "lu" if format is sien else "contenu"
            assert (nom, extension, code(contenu, f"x.{extension}")) == (nom, extension, attendu)


@pytest.mark.parametrize(
    "nom", ["", ".", "pdf", "x.svg", "x.html", "x.exe", "x.docm", "x.pdf ", "x.pdf.", "x.php.", "x.zip"]
)
def test_les_noms_hors_de_la_liste(nom):
    attendu = "lu" if nom.strip(" .").endswith(".pdf") else "extension"
    assert code(octets_pdf(), nom) == attendu


def test_les_tailles():
    assert code(octets_pdf(), "x.pdf", taille=MAX + 1) == "taille"
    assert code(b"", "x.pdf") == "vide"
    # A size that lies does not make us read more than the limit.
    lourd = Recu(octets_pdf("x" * (MAX + 10)), "x.pdf", taille=10)
    assert code(lourd.getvalue(), "x.pdf", taille=10) == "contenu"


def archive(entrees, **options) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as z:
        for nom, contenu in entrees:
            z.writestr(nom, contenu)
    return sortie.getvalue()


def lien_symbolique() -> bytes:
    info = zipfile.ZipInfo("lien")
    info.external_attr = 0o120777 << 16
    return octets_odf(autres=[(info, "/etc/passwd")])


MAUVAISES_ARCHIVES = {
    "pas une archive": (b"PK\x03\x04" + b"x" * 100, "contenu"),
    "commentaire derriere": (octets_odf() + b"<script>", "contenu"),
    "autre fichier devant": (b"<html>" + octets_odf(), "contenu"),
    "chemin qui remonte": (octets_odf(autres=[("../../x", b"x")]), "contenu"),
    "chemin absolu": (octets_odf(autres=[("/etc/x", b"x")]), "contenu"),
    "chemin de lecteur": (octets_odf(autres=[("C:\\x", b"x")]), "contenu"),
    "lien symbolique": (lien_symbolique(), "contenu"),
    "autre type annonce": (octets_odf(mimetype="application/zip"), "contenu"),
    "type approchant": (octets_odf("text-master"), "contenu"),
    "mimetype absent": (archive([("content.xml", "x")]), "contenu"),
    "macro": (octets_odf(autres=[("Basic/Standard/Module1.xml", "x")]), "macros"),
    "macro en python": (octets_odf(autres=[("Scripts/python/x.py", "x")]), "macros"),
    "bombe": (octets_odf(autres=[("b", b"\0" * 30_000_000)]), "demesure"),
    "trop d'entrees": (octets_odf(autres=[(f"{i}", b"") for i in range(5001)]), "demesure"),
}


@pytest.mark.parametrize("cas", sorted(MAUVAISES_ARCHIVES))
def test_les_archives_qui_mentent(cas):
    contenu, attendu = MAUVAISES_ARCHIVES[cas]
    assert code(contenu, "x.odt") == attendu


@pytest.mark.parametrize("autres", [[("word/vbaProject.bin", b"x")], [("xl/VBAPROJECT.BIN", b"x")]])
def test_les_macros_de_bureau(autres):
    assert code(octets_ooxml(autres=autres), "x.docx") == "macros"
    mime = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert code(octets_ooxml(type_mime=mime), "x.docx") == "macros"


def test_une_archive_a_la_taille_annoncee_fausse():
    """Sizes in the table of contents are what the sender wrote: reading stops at a megabyte whatever they say."""
    contenu = bytearray(octets_ooxml(autres=[("b", b"\0" * 5_000_000)]))
    rang = contenu.rfind(b"PK\x01\x02")
    contenu[rang + 24 : rang + 28] = struct.pack("<I", 10)
    assert code(bytes(contenu), "x.docx") in {"lu", "contenu", "demesure"}
    assert DEPLIE_MAX >= 100_000_000


def test_cent_mille_entrees_se_refusent_vite_et_sans_memoire():
    contenu = octets_odf(autres=[(f"{i:05}", b"") for i in range(60_000)])
    tracemalloc.start()
    debut = time.perf_counter()
    assert code(contenu, "x.odt") == "demesure"
    assert time.perf_counter() - debut < 2
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


# --- Pictures -----------------------------------------------------------------------------------------------------


def test_un_jpeg_perd_sa_position_et_garde_son_sens():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010F] = "Appareil Fictif"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (47.0, 13.0, 6.0)
    recu = octets_jpeg(exif, commentaire=b"chez moi")
    assert b"Appareil Fictif" in recu
    sobre = jpeg_sobre(recu + b"<script>alert(1)</script>")
    for mot in (b"Appareil", b"chez moi", b"script"):
        assert mot not in sobre
    with Image.open(io.BytesIO(sobre)) as image:
        lu = image.getexif()
        assert dict(lu) == {0x0112: 6}
        assert not lu.get_ifd(0x8825)
        with Image.open(io.BytesIO(recu)) as origine:
            assert image.tobytes() == origine.tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_un_jpeg_ordinaire_se_lit_toujours(progressive):
    sobre = jpeg_sobre(octets_jpeg(progressive=progressive))
    with Image.open(io.BytesIO(sobre)) as image:
        image.load()
        assert (image.size, dict(image.getexif())) == ((40, 20), {})


def test_un_png_perd_ce_qui_ne_se_voit_pas():
    cache = [(b"tEXt", b"Comment\0chez moi"), (b"eXIf", b"MM\0*GPS"), (b"iTXt", b"XML:com.adobe.xmp\0<x/>")]
    sobre = png_sobre(octets_png(autres=cache, apres=b"PK\x03\x04<script>"))
    for mot in (b"chez moi", b"GPS", b"adobe", b"script"):
        assert mot not in sobre
    with Image.open(io.BytesIO(sobre)) as image:
        image.load()
        assert image.size == (2, 2)


ABIMES = {
    "png coupe": (png_sobre, octets_png()[:-5]),
    "png sans debut": (png_sobre, b"\x89PNG\r\n\x1a\n" + morceau_png(b"IDAT", b"x")),
    "png somme fausse": (png_sobre, octets_png().replace(b"IDAT", b"IDAX")),
    "png geant": (png_sobre, octets_png(30_000, 30_000)),
    "png sans surface": (png_sobre, octets_png(0, 5)),
    "png vide": (png_sobre, b""),
    "jpeg coupe": (jpeg_sobre, octets_jpeg()[:-20]),
    "jpeg sans image": (jpeg_sobre, b"\xff\xd8\xff\xd9"),
    "jpeg segment faux": (jpeg_sobre, b"\xff\xd8\xff\xe0\xff\xff" + b"x" * 10),
    "jpeg segment nul": (jpeg_sobre, b"\xff\xd8\xff\xe0\x00\x00" + b"x" * 10),
    "jpeg sans fin": (jpeg_sobre, b"\xff\xd8" + b"\xff" * 50),
    "jpeg geant": (jpeg_sobre, b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9"),
    "gif": (jpeg_sobre, b"GIF89a" + b"x" * 50),
}


@pytest.mark.parametrize("cas", sorted(ABIMES))
def test_une_image_abimee_se_refuse(cas):
    nettoyer, octets = ABIMES[cas]
    with pytest.raises(ImageIllisible):
        nettoyer(octets)


def test_un_jpeg_coupe_n_importe_ou_ne_fait_jamais_autre_chose():
    recu = octets_jpeg(progressive=True)
    for fin in range(len(recu)):
        with pytest.raises(ImageIllisible):
            jpeg_sobre(recu[:fin])


def test_les_noms_restent_courts_et_lisibles():
    assert len(nom_propre("é" * 500 + ".pdf")) == NOM_MAX
    assert nom_propre("\u200b.pdf") == "document.pdf"
    assert nom_propre("a/b\\c.PDF") == "c.pdf"
    assert nom_propre("x.\u202epdf") == "x.pdf"
