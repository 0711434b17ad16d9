from django.urls import path

from communautes.flux_atom import FluxCommunaute
from communautes.views import accueil, appels, fonder, journal, membres

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/proposer/", fonder.proposer, name="proposer"),
    path("communautes/appels/<int:pk>/", appels.appel, name="appel"),
    path("bureau/appels/", appels.appels, name="appels"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    path("communautes/<slug:slug>/image/", accueil.image, name="image"),
    path("communautes/<slug:slug>/modifier/", fonder.modifier, name="modifier"),
    path("communautes/<slug:slug>/referente/", fonder.nommer, name="nommer"),
    path("communautes/<slug:slug>/rejoindre/", membres.rejoindre, name="rejoindre"),
    path("communautes/<slug:slug>/appel/", appels.faire_appel, name="faire_appel"),
    path("communautes/<slug:slug>/membres/", membres.membres, name="membres"),
    path("communautes/<slug:slug>/membres/inviter/", membres.inviter, name="inviter"),
    path("communautes/<slug:slug>/membres/<int:pk>/role/", membres.role, name="role"),
    path("communautes/<slug:slug>/journal/", journal.journal, name="journal"),
    path("communautes/<slug:slug>/journal/atom.xml", FluxCommunaute(), name="atom"),
]
