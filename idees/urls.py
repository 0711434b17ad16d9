from django.urls import path

from idees.views import conduire, depots, ecrire, guichet, liste, page, suivi

app_name = "idees"
urlpatterns = [
    path("idees/", liste.liste, name="liste"),
    path("idees/points.json", liste.points, name="points"),
    path("idees/proposer/", liste.choisir_boite, name="proposer"),
    path("idees/boites/creer/", conduire.regler_boite, name="creer_boite"),
    path("idees/boites/<slug:slug>/", liste.boite, name="boite"),
    path("idees/boites/<slug:slug>/proposer/", ecrire.proposer, name="proposer_dans"),
    path("idees/boites/<slug:slug>/regler/", conduire.regler_boite, name="regler_boite"),
    path("idees/suivre/", suivi.suivre, name="suivre"),
    path("idees/suivre/lien/<str:jeton>/", suivi.suivre_par_lien, name="suivre_par_lien"),
    path("idees/suivre/arreter/<str:jeton>/", suivi.arreter_les_courriels, name="arreter_les_courriels"),
    path("idees/suivi/<int:pk>/", suivi.suivi, name="suivi"),
    path("idees/suivi/<int:pk>/coordonnees/", suivi.contact, name="contact"),
    path("idees/suivi/<int:pk>/laisser/", suivi.laisser, name="laisser"),
    path("idees/rattacher/", suivi.rattacher, name="rattacher"),
    path("bureau/deposer/", guichet.saisir, name="saisir"),
    path("bureau/depots/<int:pk>/", guichet.depot, name="depot"),
    path("bureau/depots/<int:pk>/secret/", guichet.refaire_le_secret, name="refaire_le_secret"),
    path("bureau/depots/<int:pk>/lettres/<str:genre>/", guichet.lettre, name="lettre"),
    path("bureau/depots/<int:pk>/lettres/<str:genre>/<int:reponse_pk>/", guichet.lettre, name="lettre"),
    path("bureau/lettres/", guichet.lettres_a_envoyer, name="lettres"),
    path("idees/<int:pk>/deposer/", depots.deposer, name="deposer"),
    path("idees/<int:pk>/", page.detail, name="detail"),
    path("idees/<int:pk>/modifier/", ecrire.modifier, name="modifier"),
    path("idees/<int:pk>/soutien/", page.soutien, name="soutien"),
    path("idees/<int:pk>/projet/", conduire.ouvrir_projet, name="ouvrir_projet"),
    path("idees/<int:pk>/photos/<int:photo_pk>/<str:taille>/", page.photo, name="photo"),
]
