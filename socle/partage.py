"""What other sites show of a page when its address is shared there."""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.text import Truncator

from socle.adresses import absolue

DESCRIPTION = 160  # characters
IMAGE_DU_SITE = "images/icone-512.png"


def apercu(titre, description, chemin, *, image="", genre="website") -> dict[str, str]:
    """Context of `_apercu_partage.html`. `image`: path on this site; the site's own picture without it."""
    return {
        "titre": str(titre),
        "description": Truncator(" ".join(str(description).split())).chars(DESCRIPTION),
        "url": absolue(chemin),
        "image": absolue(image or staticfiles_storage.url(IMAGE_DU_SITE)),
        "genre": genre,
        "nom_du_site": settings.ESTUAIRE["nom_plateforme"],
    }
