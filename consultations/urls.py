from django.urls import path

from consultations.views import guichet, integrer, page, repondre, suivi

app_name = "consultations"
urlpatterns = [
    # What everybody reads, and answering.
    path("consultations/", page.liste, name="liste"),
    path("consultations/<slug:slug>/", page.detail, name="detail"),
    path("consultations/<slug:slug>/repondre/", repondre.repondre, name="repondre"),
    path("consultations/<slug:slug>/relire/", repondre.relire_et_envoyer, name="relire"),
    # One's own answer. Outside consultations/, where it would be the address of one.
    path("participations/", suivi.retrouver, name="retrouver"),
    path("participations/<int:numero>/", suivi.participation, name="participation"),
    path("participations/<int:numero>/corriger/", suivi.corriger, name="corriger"),
    path("participations/<int:numero>/garder/", suivi.laisser_la_correction, name="laisser_la_correction"),
    path("participations/<int:numero>/retirer/", suivi.retirer, name="retirer"),
    path("participations/<int:numero>/laisser/", suivi.laisser, name="laisser"),
    path("participations/<int:numero>/jeter/", suivi.jeter, name="jeter"),
    path("participations/pieces/<int:pk>/", suivi.piece, name="piece"),
    path("bureau/consultations/<slug:slug>/saisir/", guichet.saisir, name="saisir"),
    # Shown on other sites: the frame (under socle.cadres.RACINE), its code, and oEmbed.
    path("integrer/sondages/<slug:slug>/", integrer.sondage, name="integrer"),
    path("consultations/<slug:slug>/code/", integrer.code, name="code"),
    path("oembed", integrer.oembed, name="oembed"),
]
