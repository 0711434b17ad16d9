from django.urls import path

from timeline import views
from timeline.flux_atom import FluxChronologie

app_name = "timeline"
urlpatterns = [
    path("chronologie/", views.chronologie, name="chronologie"),
    path("chronologie/atom.xml", FluxChronologie(), name="atom"),
    path("chronologie/registre/", views.registres, name="registres"),
    path("chronologie/registre/<slug:cle>.jsonl", views.registre, name="registre"),
    path("chronologie/<slug:empreinte>/", views.entree, name="entree"),
    path("etapes/<str:modele>/<int:pk>/<slug:nom>/", views.etape, name="etape"),
]
