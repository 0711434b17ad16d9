from django.urls import path

from commentaires import views

app_name = "commentaires"
urlpatterns = [
    path("commentaires/<int:pk>/", views.voir, name="voir"),
    path("commentaires/<int:pk>/accord/", views.accord, name="accord"),
    path("commentaires/<int:pk>/corriger/", views.corriger, name="corriger"),
    path("commentaires/<int:pk>/distinguer/", views.distinguer, name="distinguer"),
    path("commentaires/<int:pk>/versions/", views.versions, name="versions"),
    path("commentaires/<int:pk>/reponses/", views.reponses, name="reponses"),
    path("commentaires/<str:modele>/<int:pk>/", views.fil, name="fil"),
    path("commentaires/<str:modele>/<int:pk>/participants.json", views.participants, name="participants"),
]
