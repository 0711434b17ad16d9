from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("moderation/", views.file, name="file"),
    path("moderation/registre/", views.registre, name="registre"),
    path("moderation/decisions/<int:pk>/", views.decision, name="decision"),
    path("moderation/masquer/<str:modele>/<int:pk>/", views.masquer, name="masquer"),
    path("moderation/retablir/<str:modele>/<int:pk>/", views.retablir, name="retablir"),
    path("signaler/<str:modele>/<int:pk>/", views.signaler, name="signaler"),
]
