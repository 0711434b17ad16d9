from django.urls import path

from reponses import views, views_realisation

app_name = "reponses"
urlpatterns = [
    path("reponses/", views.liste, name="liste"),
    path("reponses/<int:pk>/", views.detail, name="detail"),
    path("reponses/<int:pk>/sceau.json", views.sceau, name="sceau"),
    path("reponses/<int:pk>/modifier/", views.modifier, name="modifier"),
    path("reponses/<int:pk>/corriger/", views.corriger, name="corriger"),
    path("reponses/<int:pk>/jalons/", views.jalons, name="jalons"),
    path("reponses/<int:pk>/nouvelle/", views_realisation.nouvelle, name="nouvelle"),
    path("reponses/jalons/<int:pk>/fait/", views_realisation.jalon_fait, name="jalon_fait"),
    path("reponses/jalons/<int:pk>/raconter/", views_realisation.raconter, name="raconter_jalon"),
    path("reponses/jalons/<int:pk>/retard/", views_realisation.retard, name="retarder_jalon"),
    path("reponses/photos/<int:pk>/<str:taille>/", views_realisation.photo, name="photo"),
    path("reponses/jalons/<int:pk>/annuler/", views.annuler_jalon, name="annuler_jalon"),
    path("reponses/avis/<int:pk>/", views.avis, name="avis"),
    path("reponses/rediger/<str:modele>/<int:cible_pk>/", views.rediger, name="rediger"),
]
