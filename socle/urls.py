from django.urls import path

from socle.apparence import choisir_theme
from socle.galerie import galerie

urlpatterns = [
    path("composants/", galerie, name="galerie"),
    path("apparence/", choisir_theme, name="apparence"),
]
