from django.urls import path

from commentaires import views

app_name = "commentaires"
urlpatterns = [
    path("commentaires/<int:pk>/", views.voir, name="voir"),
    path("commentaires/<int:pk>/accord/", views.accord, name="accord"),
    path("commentaires/<int:pk>/reponses/", views.reponses, name="reponses"),
    path("commentaires/<str:modele>/<int:pk>/", views.fil, name="fil"),
]
