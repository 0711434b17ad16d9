"""Pictures from people: refused before they are decoded when they lie or weigh too much, then encoded again by us."""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
COTE_MAX = 1600  # pixels, of the stored picture
COTE_VIGNETTE = 640  # pixels, of the one shown in lists
QUALITE = 82


class ImageRefusee(ValueError):
    """`str()` is a sentence for the person."""


@dataclass(frozen=True)
class Encodage:
    """A picture in WebP, without any metadata. Sizes in pixels."""

    contenu: bytes
    largeur: int
    hauteur: int


def reencoder(fichier, *, cotes=(COTE_MAX, COTE_VIGNETTE)) -> list[Encodage]:
    """The picture of an uploaded file, one encoding per longest side of `cotes`. Raises ImageRefusee."""
    if fichier.size > settings.PHOTO_MAX:
        limite = settings.PHOTO_MAX // 1_000_000
        raise ImageRefusee(_("Cette photo est trop lourde : %(limite)s Mo au plus.") % {"limite": limite})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(fichier, formats=FORMATS) as image:
                largeur, hauteur = image.size
                if largeur * hauteur > settings.PHOTO_PIXELS_MAX:
                    raise ImageRefusee(_("Cette photo est trop grande. Réduisez-la, puis renvoyez-la."))
                image.draft("RGB", (COTE_MAX * 2, COTE_MAX * 2))  # a JPEG is decoded small, not shrunk afterwards
                droite = _aplatir(ImageOps.exif_transpose(image))
    except ImageRefusee:
        raise
    except Exception as erreur:  # a decoder fed with anything may raise anything: for the person it is one fault
        raise ImageRefusee(
            _("Ce fichier n’est pas une photo lisible. Envoyez une image JPEG, PNG ou WebP.")
        ) from erreur
    return [_encoder(droite, cote) for cote in cotes]


def _aplatir(image):
    """RGB on white: neither transparency nor palette, and nothing of the original file but its pixels."""
    if image.mode in {"RGBA", "LA", "PA", "P"}:
        calque = image.convert("RGBA")
        fond = Image.new("RGB", calque.size, "white")
        fond.paste(calque, mask=calque.getchannel("A"))
        return fond
    return image.convert("RGB")


def _encoder(image, cote) -> Encodage:
    reduite = image.copy()
    reduite.thumbnail((cote, cote), Image.Resampling.LANCZOS)
    reduite.info.clear()
    sortie = io.BytesIO()
    reduite.save(sortie, "WEBP", quality=QUALITE, exif=b"", icc_profile=None)
    return Encodage(sortie.getvalue(), *reduite.size)
