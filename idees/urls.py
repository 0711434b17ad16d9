from django.urls import path

from idees.views import conduire, ecrire, importations, liste, page

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
    path("idees/<int:pk>/soutien/", page.soutien, name="soutien"),
    path("idees/<int:pk>/projet/", conduire.ouvrir_projet, name="ouvrir_projet"),
    path("idees/<int:pk>/photos/<int:photo_pk>/<str:taille>/", page.photo, name="photo"),
    path("bureau/importations/", importations.liste, name="importations"),
    path("bureau/importations/nouvelle/", importations.nouvelle, name="nouvelle_importation"),
    path("bureau/importations/<int:pk>/", importations.detail, name="importation"),
    path(
        "bureau/importations/<int:pk>/correspondance/", importations.correspondance, name="importation_correspondance"
    ),
    path("bureau/importations/<int:pk>/essai/", importations.essai, name="importation_essai"),
    path("bureau/importations/<int:pk>/lancer/", importations.lancer, name="importation_lancer"),
    path("bureau/importations/<int:pk>/supprimer/", importations.supprimer, name="importation_supprimer"),
    path("bureau/importations/<int:pk>/annuler/", importations.annuler, name="importation_annuler"),
    path("bureau/importations/<int:pk>/refus.csv", importations.rapport, name="importation_rapport"),
]
