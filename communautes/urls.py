from django.urls import path

from communautes.urls_panels import urlpatterns as des_panels
from communautes.views import accueil

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/appels/<int:pk>/", accueil.appel, name="appel"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    *des_panels,
]
