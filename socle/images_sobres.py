"""Pictures without what the camera added: place, device, date, thumbnail, hidden text, whatever follows the end.

The file is cut along its own segments and never decoded, so that no bomb can go off here and no pixel is lost. Sources:
PNG (ISO/IEC 15948), JPEG (ITU-T T.81), Exif 2.3.
"""

import struct
import zlib

PIXELS_MAX = 100_000_000
SIGNATURE_PNG = b"\x89PNG\r\n\x1a\n"
#: What draws the picture; everything else tells about it, or hides in it.
MORCEAUX_PNG = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"bKGD",
    b"pHYS",
}
DEBUTS_DE_TRAME_JPEG = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ORIENTATION = 0x0112


class ImageIllisible(ValueError):
    """Not a picture of this format, or one too large to be shown."""


def png_sobre(octets: bytes) -> bytes:
    """The same PNG with its drawing chunks only. Raises ImageIllisible."""
    if not octets.startswith(SIGNATURE_PNG):
        raise ImageIllisible
    sortie, position, premier = [SIGNATURE_PNG], len(SIGNATURE_PNG), True
    while True:
        entete = octets[position : position + 8]
        if len(entete) < 8:
            raise ImageIllisible
        taille, nom = struct.unpack(">I4s", entete)
        morceau = octets[position : position + 12 + taille]
        if len(morceau) < 12 + taille or zlib.crc32(morceau[4:-4]) != int.from_bytes(morceau[-4:]):
            raise ImageIllisible
        if premier:
            if nom != b"IHDR" or taille != 13:
                raise ImageIllisible
            _borner(*struct.unpack(">II", morceau[8:16]))
            premier = False
        if nom in MORCEAUX_PNG:
            sortie.append(morceau)
        if nom == b"IEND":
            return b"".join(sortie)
        position += 12 + taille


def jpeg_sobre(octets: bytes) -> bytes:
    """The same JPEG without its metadata; which way is up is kept. Raises ImageIllisible."""
    if not octets.startswith(b"\xff\xd8\xff"):
        raise ImageIllisible
    sortie, position, dessinee = [b"\xff\xd8"], 2, False
    while True:
        marque, position = _marque_suivante(octets, position)
        if marque == 0xD9:
            if not dessinee:
                raise ImageIllisible
            return b"".join([*sortie, b"\xff\xd9"])
        taille = int.from_bytes(octets[position : position + 2])
        contenu = octets[position + 2 : position + taille]
        if taille < 2 or len(contenu) != taille - 2:
            raise ImageIllisible
        position += taille
        if marque in DEBUTS_DE_TRAME_JPEG:
            if len(contenu) < 6:
                raise ImageIllisible
            hauteur, largeur = struct.unpack(">HH", contenu[1:5])
            _borner(largeur, hauteur)
            dessinee = True
        if (garde := _segment_garde(marque, contenu)) is not None:
            sortie.append(b"\xff" + bytes([marque]) + struct.pack(">H", len(garde) + 2) + garde)
        if marque == 0xDA:
            fin = _fin_des_donnees(octets, position)
            sortie.append(octets[position:fin])
            position = fin


def _borner(largeur: int, hauteur: int) -> None:
    if not 0 < largeur * hauteur <= PIXELS_MAX:
        raise ImageIllisible


def _marque_suivante(octets: bytes, position: int) -> tuple[int, int]:
    """(marker, position after it); a marker may be preceded by any number of 0xFF."""
    if octets[position : position + 1] != b"\xff":
        raise ImageIllisible
    while octets[position : position + 1] == b"\xff":
        position += 1
    marque = octets[position] if position < len(octets) else 0
    if not 0xC0 <= marque <= 0xFE or 0xD0 <= marque <= 0xD8:
        raise ImageIllisible
    return marque, position + 1


def _segment_garde(marque: int, contenu: bytes) -> bytes | None:
    """The segment as it goes on, or None: application data and comments stay behind."""
    if marque == 0xE1 and contenu.startswith(b"Exif\0\0"):
        sens = _orientation(contenu[6:])
        return _exif_minimal(sens) if sens else None
    utile = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    if 0xE0 <= marque <= 0xEF or marque == 0xFE:
        return contenu if marque in utile and contenu.startswith(utile[marque]) else None
    return contenu


def _fin_des_donnees(octets: bytes, position: int) -> int:
    """Position of the marker that ends a scan: stuffed zeros and restart markers belong to it."""
    while True:
        position = octets.find(b"\xff", position)
        if position < 0 or position + 1 >= len(octets):
            raise ImageIllisible
        suivant = octets[position + 1]
        if suivant not in {0x00, 0xFF} and not 0xD0 <= suivant <= 0xD7:
            return position
        position += 1 if suivant == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    """1 to 8 as Exif writes it, 0 when it says nothing."""
    ordre = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if ordre is None or len(tiff) < 10:
        return 0
    (debut,) = struct.unpack(f"{ordre}I", tiff[4:8])
    if debut + 2 > len(tiff):
        return 0
    (nombre,) = struct.unpack(f"{ordre}H", tiff[debut : debut + 2])
    for rang in range(min(nombre, 200)):
        entree = tiff[debut + 2 + 12 * rang : debut + 14 + 12 * rang]
        if len(entree) < 12:
            return 0
        etiquette, genre, _nombre, valeur = struct.unpack(f"{ordre}HHIH", entree[:10])
        if etiquette == ORIENTATION and genre == 3 and 1 <= valeur <= 8:
            return valeur
    return 0


def _exif_minimal(sens: int) -> bytes:
    """An Exif segment that holds one tag: which way is up."""
    repertoire = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, sens, 0, 0)
    return b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + repertoire
