from django.urls import path

from communautes.views import accueil, ecrire, ecrits

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/appels/<int:pk>/", accueil.appel, name="appel"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    # Drafts written together
    path("communautes/<slug:slug>/ecrits/", ecrits.ecrits, name="ecrits"),
    path("communautes/<slug:slug>/ecrits/commencer/", ecrire.commencer, name="commencer_une_ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/", ecrits.ebauche, name="ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/ecrire/", ecrire.ecrire, name="ecrire_l_ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/signer/", ecrire.signer, name="signer_l_ebauche"),
    path(
        "communautes/<slug:slug>/ecrits/<int:pk>/ne-plus-signer/",
        ecrire.ne_plus_signer,
        name="ne_plus_signer_l_ebauche",
    ),
    path("communautes/<slug:slug>/ecrits/<int:pk>/versions/", ecrits.versions, name="ebauche_versions"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/versions/<int:numero>/", ecrits.version, name="ebauche_version"),
    path(
        "communautes/<slug:slug>/ecrits/<int:pk>/versions/<int:numero>/reprendre/",
        ecrire.reprendre,
        name="reprendre_l_ebauche",
    ),
]
