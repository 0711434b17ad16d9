"""Pictures and documents of the demonstration, drawn on the spot: nothing to ship, nothing to credit."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

CIELS = ((214, 231, 233), (247, 222, 190), (200, 220, 240), (232, 224, 240))
RIVES = ((86, 130, 96), (120, 140, 80), (60, 110, 110), (140, 120, 84))


def photo(rang: int) -> SimpleUploadedFile:
    """A river bank with trees, another one for each number."""
    image = Image.new("RGB", (1200, 800), CIELS[rang % len(CIELS)])
    trait = ImageDraw.Draw(image)
    trait.ellipse((820, 90, 960, 230), fill=(250, 240, 214))
    trait.polygon([(0, 470), (420, 400), (800, 450), (1200, 390), (1200, 800), (0, 800)], fill=RIVES[rang % len(RIVES)])
    trait.polygon([(0, 640), (400, 600), (1200, 660), (1200, 800), (0, 800)], fill=(43, 108, 122))
    for k in range(3 + rang % 4):
        x = 120 + k * 210 + (rang * 37) % 90
        trait.rectangle((x - 9, 360, x + 9, 520), fill=(96, 74, 56))
        trait.ellipse((x - 80, 220, x + 80, 400), fill=(64 + 12 * (k % 3), 122, 82))
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=85)
    return SimpleUploadedFile("dessin.jpg", sortie.getvalue(), content_type="image/jpeg")


def pdf(texte: str) -> bytes:
    """A one-page PDF that says what it is."""
    page = Image.new("RGB", (1240, 1754), "white")
    trait = ImageDraw.Draw(page)
    trait.rectangle((90, 120, 1150, 136), fill=(11, 85, 99))
    trait.text((90, 170), texte, fill=(20, 40, 48), font_size=34)
    sortie = io.BytesIO()
    page.save(sortie, "PDF", resolution=150)
    return sortie.getvalue()
