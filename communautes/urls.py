from django.urls import path

from communautes import questions_atom
from communautes.views import accueil, questions

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/appels/<int:pk>/", accueil.appel, name="appel"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    # Questions to an élue
    path("communautes/<slug:slug>/questions/", questions.liste, name="questions"),
    path("communautes/<slug:slug>/questions/atom/", questions_atom.flux, name="questions_atom"),
    path("communautes/<slug:slug>/questions/poser/", questions.ecrire, name="poser_une_question"),
    path("questions/<int:pk>/", questions.detail, name="question"),
    path("questions/<int:pk>/soutien/", questions.soutien, name="soutien_d_une_question"),
]
