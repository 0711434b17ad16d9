from django.urls import path

from projets import conduite, views, views_integrer, views_recit
from projets.flux_atom import FluxProjet

app_name = "projets"
urlpatterns = [
    # What everybody reads.
    path("projets/", views.liste, name="liste"),
    path("calendrier.ics", views.calendrier_general, name="calendrier_general"),
    path("projets/documents/<int:pk>/", views.document, name="document"),
    path("projets/<slug:slug>/", views.detail, name="detail"),
    path("projets/<slug:slug>/atom.xml", FluxProjet(), name="atom"),
    path("projets/<slug:slug>/calendrier.ics", views.calendrier, name="calendrier"),
    path("projets/<slug:slug>/cadre/", views.cadre, name="cadre"),
    path("projets/<slug:slug>/actualites/", views.actualites, name="actualites"),
    path("projets/<slug:slug>/actualites/<int:pk>/", views.actualite, name="actualite"),
    path("projets/<slug:slug>/recit/", views_recit.recit, name="recit"),
    path("projets/<slug:slug>/recit/composer/", views_recit.composer, name="composer_recit"),
    path("projets/<slug:slug>/recit/composer/<int:pk>/", views_recit.modifier, name="modifier_passage"),
    path("projets/<slug:slug>/recit/<int:numero>/", views_recit.recit, name="edition_recit"),
    path("projets/<slug:slug>/recit/<int:numero>/imprimer/", views_recit.imprimer, name="imprimer_recit"),
    path("projets/<slug:slug>/recit/<int:numero>/lettre.<str:format>", views_recit.lettre, name="lettre_recit"),
    path("projets/recits/photos/<int:pk>/<str:taille>/", views_recit.photo, name="photo_recit"),
    # Shown on other sites; the frame stands under socle.cadres.RACINE.
    path("integrer/concertations/", views_integrer.cadre, name="cadre_integre"),
    path("bureau/integrer/", views_integrer.composer, name="composer_cadre"),
    # What those who conduct it do. The first address is outside projets/, where it would be that of a projet.
    path("nouveau-projet/", conduite.creer, name="creer"),
    path("projets/<slug:slug>/conduire/", conduite.conduire, name="conduire"),
    path("projets/<slug:slug>/modifier/", conduite.modifier, name="modifier"),
    path("projets/<slug:slug>/etapes/nouvelle/", conduite.ajouter_etape, name="ajouter_etape"),
    path("projets/<slug:slug>/etapes/<int:pk>/", conduite.modifier_etape, name="modifier_etape"),
    path("projets/<slug:slug>/etapes/<int:pk>/retirer/", conduite.retirer_etape, name="retirer_etape"),
    path("projets/<slug:slug>/documents/nouveau/", conduite.ajouter_document, name="ajouter_document"),
    path("projets/<slug:slug>/documents/<int:pk>/", conduite.ajouter_version, name="ajouter_version"),
    path("projets/<slug:slug>/actualites/nouvelle/", conduite.ajouter_actualite, name="ajouter_actualite"),
    path("projets/<slug:slug>/equipe/", conduite.equipe, name="equipe"),
    path("projets/<slug:slug>/equipe/<int:pk>/retirer/", conduite.retirer_role, name="retirer_role"),
]
