from django.urls import path

from communautes.views import accueil, documents, forum, sondages

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/appels/<int:pk>/", accueil.appel, name="appel"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    path("communautes/<slug:slug>/forum/", forum.liste, name="forum"),
    path("communautes/<slug:slug>/forum/nouveau/", forum.ouvrir, name="ouvrir_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/", forum.sujet, name="sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/corriger/", forum.corriger, name="corriger_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/versions/", forum.versions, name="versions_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/epingler/", forum.epingler, name="epingler_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/photo/<str:taille>/", forum.photo, name="photo_sujet"),
    path("communautes/<slug:slug>/sondages/", sondages.liste, name="sondages"),
    path("communautes/<slug:slug>/sondages/nouveau/", sondages.demander, name="demander_sondage"),
    path("communautes/<slug:slug>/sondages/<int:pk>/", sondages.sondage, name="sondage"),
    path("communautes/<slug:slug>/sondages/<int:pk>/voter/", sondages.voter, name="voter_sondage"),
    path("communautes/<slug:slug>/documents/", documents.liste, name="documents"),
    path("communautes/<slug:slug>/documents/nouveau/<str:genre>/", documents.partager, name="partager_document"),
    path("communautes/<slug:slug>/documents/<int:pk>/", documents.document, name="document_partage"),
    path("communautes/<slug:slug>/documents/<int:pk>/modifier/", documents.verser, name="verser_version"),
    path(
        "communautes/<slug:slug>/documents/<int:pk>/versions/<int:numero>/", documents.version, name="version_partagee"
    ),
    path(
        "communautes/<slug:slug>/documents/<int:pk>/versions/<int:numero>/fichier/",
        documents.fichier,
        name="fichier_partage",
    ),
]
