from django.urls import path

from idees import views

app_name = "idees"
urlpatterns = [
    path("idees/", views.liste, name="liste"),
    path("idees/points.json", views.points, name="points"),
    path("idees/proposer/", views.choisir_boite, name="proposer"),
    path("idees/boites/creer/", views.regler_boite, name="creer_boite"),
    path("idees/boites/<slug:slug>/", views.boite, name="boite"),
    path("idees/boites/<slug:slug>/proposer/", views.proposer, name="proposer_dans"),
    path("idees/boites/<slug:slug>/regler/", views.regler_boite, name="regler_boite"),
    path("idees/<int:pk>/", views.detail, name="detail"),
    path("idees/<int:pk>/modifier/", views.modifier, name="modifier"),
    path("idees/<int:pk>/soutien/", views.soutien, name="soutien"),
    path("idees/<int:pk>/projet/", views.ouvrir_projet, name="ouvrir_projet"),
    path("idees/<int:pk>/photos/<int:photo_pk>/<str:taille>/", views.photo, name="photo"),
]
