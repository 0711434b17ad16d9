"""Documents made for the tests, real enough for the checks that read them."""

import io
import struct
import zipfile
import zlib

from socle.fichiers import ODF, OOXML, DocumentLu, lire_document


class Recu(io.BytesIO):
    """An uploaded file: bytes, a name, a size."""

    def __init__(self, contenu: bytes, nom: str, taille: int | None = None):
        super().__init__(contenu)
        self.name, self.size = nom, len(contenu) if taille is None else taille


def octets_pdf(texte="bonjour") -> bytes:
    return f"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% {texte}\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n".encode()


def pdf(texte="bonjour", nom="plan.pdf") -> DocumentLu:
    return lire_document(Recu(octets_pdf(texte), nom), 10_000_000)


def octets_odf(genre="text", autres=(), mimetype=None) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype or f"{ODF}{genre}", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<office:document-content/>")
        for nom, contenu in autres:
            archive.writestr(nom, contenu)
    return sortie.getvalue()


OOXML_TYPES = {
    "docx": ("word/document.xml", f"{OOXML}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OOXML}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OOXML}presentationml.presentation.main+xml"),
}


def octets_ooxml(genre="docx", autres=(), type_mime=None) -> bytes:
    partie, declare = OOXML_TYPES[genre]
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{type_mime or declare}"/></Types>')
        archive.writestr(partie, "<document/>")
        for nom, contenu in autres:
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def morceau_png(nom: bytes, contenu: bytes) -> bytes:
    return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))


def octets_png(largeur=2, hauteur=2, autres=(), apres=b"") -> bytes:
    lignes = b"".join(b"\0" + b"\xff\0\0" * min(largeur, 4) for _ in range(min(hauteur, 4)))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            morceau_png(b"IHDR", struct.pack(">IIBBBBB", largeur, hauteur, 8, 2, 0, 0, 0)),
            *(morceau_png(nom, contenu) for nom, contenu in autres),
            morceau_png(b"IDAT", zlib.compress(lignes)),
            morceau_png(b"IEND", b""),
            apres,
        ]
    )


def octets_jpeg(exif=None, commentaire=b"", progressive=False) -> bytes:
    """A small JPEG by Pillow; `exif` is a `PIL.Image.Exif`."""
    from PIL import Image

    sortie = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new("RGB", (40, 20), "teal").save(sortie, "JPEG", progressive=progressive, comment=commentaire, **options)
    return sortie.getvalue()
