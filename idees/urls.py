from django.urls import path

from idees.views import conduire, ecrire, equipe, fusion, liste, page, versions

app_name = "idees"
urlpatterns = [
    path("idees/", liste.liste, name="liste"),
    path("idees/points.json", liste.points, name="points"),
    path("idees/proposer/", liste.choisir_boite, name="proposer"),
    path("idees/boites/creer/", conduire.regler_boite, name="creer_boite"),
    path("idees/boites/<slug:slug>/", liste.boite, name="boite"),
    path("idees/boites/<slug:slug>/proposer/", ecrire.proposer, name="proposer_dans"),
    path("idees/boites/<slug:slug>/regler/", conduire.regler_boite, name="regler_boite"),
    path("idees/<int:pk>/", page.detail, name="detail"),
    path("idees/<int:pk>/modifier/", ecrire.modifier, name="modifier"),
    path("idees/<int:pk>/corriger/", versions.corriger, name="corriger"),
    path("idees/<int:pk>/versions/", versions.versions, name="versions"),
    path("idees/<int:pk>/versions/<int:numero>/", versions.version, name="version"),
    path("idees/<int:pk>/equipe/", equipe.equipe, name="equipe"),
    path("idees/invitations/<int:pk>/", equipe.mon_invitation, name="mon_invitation"),
    path("idees/invitations/<str:jeton>/", equipe.invitation, name="invitation"),
    path("idees/<int:pk>/soutien/", page.soutien, name="soutien"),
    path("idees/<int:pk>/reunir/", fusion.reunir, name="reunir"),
    path("idees/fusions/<int:pk>/", fusion.detail, name="fusion"),
    path("idees/fusions/<int:pk>/mon-soutien/", fusion.garder_mon_soutien, name="garder_mon_soutien"),
    path("idees/fusions/<int:pk>/<slug:nom>/", fusion.decider, name="decider_fusion"),
    path("idees/<int:pk>/projet/", conduire.ouvrir_projet, name="ouvrir_projet"),
    path("idees/<int:pk>/photos/<int:photo_pk>/<str:taille>/", page.photo, name="photo"),
]
