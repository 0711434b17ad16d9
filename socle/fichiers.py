"""Documents received from people: what they really are, and under which name they may be kept.

Neither the name nor the declared type is believed: the content decides, and must agree with the extension. Nothing is
unpacked or decoded here. No antivirus is called: a city that has one puts it before the site.
"""

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socle.images_sobres import ImageIllisible, jpeg_sobre, png_sobre

NOM_MAX = 120  # characters
ENTREES_MAX = 5_000  # files inside an office document
REPERTOIRE_MAX = 1_000_000  # bytes of its table of contents
DEPLIE_MAX = 300_000_000  # bytes once unpacked, as it announces them
TAUX_MAX = 200  # an office document is text and pictures: a bomb swells a thousandfold


@dataclass(frozen=True)
class Format:
    extension: str
    libelle: str
    type_mime: str
    #: Returns the bytes to keep. Raises ValidationError, or ImageIllisible.
    verifier: Callable[["Format", bytes], bytes]


@dataclass(frozen=True)
class DocumentLu:
    """A checked document, ready to be kept."""

    nom: str
    format: Format
    contenu: bytes

    @property
    def taille(self) -> int:
        return len(self.contenu)

    @property
    def empreinte(self) -> str:
        return hashlib.sha256(self.contenu).hexdigest()


def lire_document(fichier, taille_max: int) -> DocumentLu:
    """Read and check an uploaded file. Raises ValidationError with one sentence.

    Its code is `extension`, `taille`, `vide`, `contenu`, `macros` or `demesure`.
    """
    nom = nom_propre(fichier.name)
    format = FORMATS.get(_extension(nom))
    if format is None:
        raise ValidationError(
            _("Ce type de fichier n’est pas accepté. Vous pouvez envoyer : %(formats)s."),
            code="extension",
            params={"formats": get_text_list(sorted({f.libelle for f in FORMATS.values()}), _("ou"))},
        )
    if fichier.size > taille_max:
        raise ValidationError(
            _("Ce fichier pèse %(taille)s : %(maximum)s au plus."),
            code="taille",
            params={"taille": filesizeformat(fichier.size), "maximum": filesizeformat(taille_max)},
        )
    fichier.seek(0)
    contenu = fichier.read(taille_max + 1)
    if not contenu:
        raise ValidationError(_("Ce fichier est vide."), code="vide")
    try:
        return DocumentLu(nom, format, format.verifier(format, contenu))
    except ImageIllisible:
        raise _autre_contenu(format) from None


def nom_propre(nom: str) -> str:
    """A name that is safe to show, to store and to offer for download: no path, no control or direction mark."""
    nom = unicodedata.normalize("NFC", nom).replace("\\", "/").rpartition("/")[2]
    nom = "".join(c for c in nom if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in {"Zl", "Zp"})
    nom = re.sub(r"\s+", " ", nom).strip().rstrip(" .")
    racine, point, extension = nom.rpartition(".")
    if not point:
        return nom[:NOM_MAX]
    extension = extension.strip().lower()[:10]
    return f"{racine.strip(' .')[: NOM_MAX - len(extension) - 1] or 'document'}.{extension}"


def _extension(nom: str) -> str:
    return nom.rpartition(".")[2].lower() if "." in nom else ""


def _autre_contenu(format: Format) -> ValidationError:
    return ValidationError(
        _("Ce fichier n’est pas un %(format)s lisible : son contenu ne correspond pas à son nom."),
        code="contenu",
        params={"format": format.libelle},
    )


def _verifier_pdf(format: Format, contenu: bytes) -> bytes:
    if not re.match(rb"%PDF-[12]\.\d", contenu) or b"%%EOF" not in contenu[-2048:]:
        raise _autre_contenu(format)
    return contenu


def _verifier_png(format: Format, contenu: bytes) -> bytes:
    return png_sobre(contenu)


def _verifier_jpeg(format: Format, contenu: bytes) -> bytes:
    return jpeg_sobre(contenu)


def _verifier_odf(format: Format, contenu: bytes) -> bytes:
    archive = _ouvrir_archive(format, contenu)
    premiere = archive.infolist()[0]
    attendu = format.type_mime.encode()
    if (
        premiere.filename != "mimetype"
        or premiere.compress_type != zipfile.ZIP_STORED
        or premiere.file_size != len(attendu)
    ):
        raise _autre_contenu(format)
    noms = archive.namelist()
    if _lire(format, archive, "mimetype") != attendu or "content.xml" not in noms:
        raise _autre_contenu(format)
    _refuser_macros(any(nom.startswith(("Basic/", "Scripts/")) for nom in noms))
    return contenu


#: The main part of each Office Open XML format.
PARTIES_OOXML = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def _verifier_ooxml(format: Format, contenu: bytes) -> bytes:
    archive = _ouvrir_archive(format, contenu)
    noms = archive.namelist()
    if "[Content_Types].xml" not in noms or PARTIES_OOXML[format.extension] not in noms:
        raise _autre_contenu(format)
    types = _lire(format, archive, "[Content_Types].xml").lower()
    _refuser_macros(b"macroenabled" in types or any(nom.lower().endswith("vbaproject.bin") for nom in noms))
    if format.type_mime.encode() not in types:
        raise _autre_contenu(format)
    return contenu


def _ouvrir_archive(format: Format, contenu: bytes) -> zipfile.ZipFile:
    """The archive behind an office document, once its table of contents is known to be reasonable."""
    # The end record must be the last bytes: no comment, no other file glued behind. ZIP64 has no reason to be here.
    fin = contenu[-22:]
    if not contenu.startswith(b"PK\x03\x04") or fin[:4] != b"PK\x05\x06" or fin[20:] != b"\0\0":
        raise _autre_contenu(format)
    if int.from_bytes(fin[10:12], "little") > ENTREES_MAX or int.from_bytes(fin[12:16], "little") > REPERTOIRE_MAX:
        raise _demesure()
    try:
        archive = zipfile.ZipFile(BytesIO(contenu))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _autre_contenu(format) from None
    entrees = archive.infolist()
    if not entrees or len(entrees) > ENTREES_MAX or any(_est_suspecte(entree) for entree in entrees):
        raise _autre_contenu(format)
    if sum(entree.file_size for entree in entrees) > min(DEPLIE_MAX, TAUX_MAX * len(contenu)):
        raise _demesure()
    return archive


def _est_suspecte(entree: zipfile.ZipInfo) -> bool:
    """Encrypted, a symbolic link, or with a name that climbs out of its folder."""
    est_lien = (entree.external_attr >> 16) & 0o170000 == 0o120000
    parties = entree.filename.replace("\\", "/").split("/")
    return bool(entree.flag_bits & 0x1) or est_lien or ".." in parties or parties[0] == "" or ":" in parties[0]


def _lire(format: Format, archive: zipfile.ZipFile, nom: str) -> bytes:
    """The first megabyte of one entry."""
    try:
        with archive.open(nom) as entree:
            return entree.read(1_000_000)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise _autre_contenu(format) from None


def _refuser_macros(trouvees: bool) -> None:
    if trouvees:
        raise ValidationError(
            _("Ce document contient un programme (une macro). Enregistrez-le sans macro, ou en PDF."), code="macros"
        )


def _demesure() -> ValidationError:
    return ValidationError(_("Ce document est démesuré une fois ouvert. Enregistrez-le en PDF."), code="demesure")


ODF = "application/vnd.oasis.opendocument."
OOXML = "application/vnd.openxmlformats-officedocument."

#: The closed list, by extension of the stored name.
FORMATS: dict[str, Format] = {
    "pdf": Format("pdf", "PDF", "application/pdf", _verifier_pdf),
    "odt": Format("odt", "ODT", f"{ODF}text", _verifier_odf),
    "ods": Format("ods", "ODS", f"{ODF}spreadsheet", _verifier_odf),
    "odp": Format("odp", "ODP", f"{ODF}presentation", _verifier_odf),
    "docx": Format("docx", "DOCX", f"{OOXML}wordprocessingml.document", _verifier_ooxml),
    "xlsx": Format("xlsx", "XLSX", f"{OOXML}spreadsheetml.sheet", _verifier_ooxml),
    "pptx": Format("pptx", "PPTX", f"{OOXML}presentationml.presentation", _verifier_ooxml),
    "png": Format("png", "PNG", "image/png", _verifier_png),
    "jpg": Format("jpg", "JPEG", "image/jpeg", _verifier_jpeg),
}
FORMATS["jpeg"] = FORMATS["jpg"]


class DocumentField(forms.FileField):
    """A document of the closed list above; gives a DocumentLu."""

    default_error_messages = {
        "required": gettext_lazy("Choisissez un fichier."),
        "empty": gettext_lazy("Ce fichier est vide."),
        "missing": gettext_lazy("Choisissez un fichier."),
    }

    def __init__(self, **arguments):
        arguments.setdefault(
            "help_text",
            gettext_lazy("PDF, document de bureautique (ODT, ODS, ODP, DOCX, XLSX, PPTX) ou image (PNG, JPEG)."),
        )
        super().__init__(**arguments)
        self.widget.attrs["accept"] = ",".join(f".{extension}" for extension in FORMATS)

    def clean(self, data, initial=None):
        fichier = super().clean(data, initial)
        return lire_document(fichier, settings.DOCUMENT_MAX) if fichier else None
