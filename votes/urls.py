from django.urls import path

from votes.views import comptage, resultats, suites

app_name = "votes"
urlpatterns = [
    # The result, for everybody at the same time.
    path("votes/<slug:slug>/resultats/", resultats.resultats, name="resultats"),
    path("votes/<slug:slug>/resultats/<str:nom>", resultats.fichier, name="donnees_resultats"),
    path("votes/<slug:slug>/resultats/<slug:cle>/", resultats.pourquoi, name="pourquoi"),
    path("votes/<slug:slug>/resultats/<slug:cle>/projet/", suites.ouvrir_un_projet, name="ouvrir_un_projet"),
    # Counting.
    path("bureau/votes/<slug:slug>/comptage/", comptage.depouiller, name="depouiller"),
    path("bureau/votes/<slug:slug>/comptage/<int:pk>/", comptage.comptage, name="comptage"),
    path("bureau/votes/<slug:slug>/comptage/<int:pk>/arreter/", comptage.abandonner, name="abandonner"),
    path("bureau/votes/<slug:slug>/simuler/", comptage.simuler, name="simuler"),
]
