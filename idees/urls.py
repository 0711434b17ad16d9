from django.urls import path

from idees.views import conduire, ecrire, liste, page, semblables

app_name = "idees"
urlpatterns = [
    path("idees/", liste.liste, name="liste"),
    path("idees/points.json", liste.points, name="points"),
    path("idees/semblables/", semblables.liste, name="semblables"),
    path("idees/<int:pk>/regarder/", semblables.regarder, name="regarder"),
    path("idees/<int:pk>/rejoindre/", semblables.rejoindre, name="rejoindre"),
    path("idees/<int:pk>/rejoindre/jeter/", semblables.jeter, name="jeter"),
    path("idees/<int:pk>/completer/", semblables.completer, name="completer"),
    path("idees/proposer/", liste.choisir_boite, name="proposer"),
    path("idees/boites/creer/", conduire.regler_boite, name="creer_boite"),
    path("idees/boites/<slug:slug>/", liste.boite, name="boite"),
    path("idees/boites/<slug:slug>/proposer/", ecrire.proposer, name="proposer_dans"),
    path("idees/boites/<slug:slug>/regler/", conduire.regler_boite, name="regler_boite"),
    path("idees/<int:pk>/", page.detail, name="detail"),
    path("idees/<int:pk>/modifier/", ecrire.modifier, name="modifier"),
    path("idees/<int:pk>/soutien/", page.soutien, name="soutien"),
    path("idees/<int:pk>/projet/", conduire.ouvrir_projet, name="ouvrir_projet"),
    path("idees/<int:pk>/photos/<int:photo_pk>/<str:taille>/", page.photo, name="photo"),
]
