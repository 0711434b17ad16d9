from django.urls import path

from reponses import views, views_lots, views_mediation, views_modeles, views_realisation

app_name = "reponses"
urlpatterns = [
    path("reponses/", views.liste, name="liste"),
    path("reponses/attendues/", views.attendues, name="attendues"),
    path("reponses/chiffres/", views.les_chiffres, name="chiffres"),
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
    path("reponses/<int:pk>/utile/", views_mediation.apprecier, name="apprecier"),
    path("reponses/<int:pk>/seconde-lecture/", views_mediation.demander, name="demander_lecture"),
    path("bureau/mediation/", views_mediation.bureau, name="mediation"),
    path("bureau/lots/", views_lots.liste, name="lots"),
    path("bureau/lots/nouveau/", views_lots.ouvrir, name="ouvrir_lot"),
    path("bureau/lots/<int:pk>/", views_lots.detail, name="lot"),
    path("bureau/lots/<int:pk>/ajouter/", views_lots.ajouter, name="ajouter_au_lot"),
    path("bureau/lots/<int:pk>/retirer/<int:place_pk>/", views_lots.retirer, name="retirer_du_lot"),
    path("bureau/lots/<int:pk>/brouillons/", views_lots.brouillons, name="brouillons_du_lot"),
    path("bureau/lots/<int:pk>/avis/", views_lots.consulter, name="consulter_lot"),
    path("bureau/lots/<int:pk>/signataire/", views_lots.presenter, name="presenter_lot"),
    path("bureau/lots/<int:pk>/signer/", views_lots.signer, name="signer_lot"),
    path("bureau/modeles-de-reponse/", views_modeles.liste, name="modeles"),
    path("bureau/modeles-de-reponse/nouveau/", views_modeles.ecrire, name="nouveau_modele"),
    path("bureau/modeles-de-reponse/<int:pk>/", views_modeles.ecrire, name="modele"),
    path("bureau/modeles-de-reponse/<int:pk>/archiver/", views_modeles.archiver, name="archiver_modele"),
]
