from django.urls import path

from consultations.views import apercu, composer, composer_parties, guichet, integrer, page, repondre, resultats, suivi

app_name = "consultations"
urlpatterns = [
    # What everybody reads, and answering.
    path("consultations/", page.liste, name="liste"),
    path("consultations/<slug:slug>/", page.detail, name="detail"),
    path("consultations/<slug:slug>/repondre/", repondre.repondre, name="repondre"),
    path("consultations/<slug:slug>/relire/", repondre.relire_et_envoyer, name="relire"),
    # Results.
    path("consultations/<slug:slug>/resultats/", resultats.resultats, name="resultats"),
    path("consultations/<slug:slug>/resultats/croiser/", resultats.croiser, name="croiser"),
    path("consultations/<slug:slug>/resultats/textes/<slug:cle>/", resultats.textes, name="textes"),
    path(
        "consultations/<slug:slug>/resultats/textes/<slug:cle>/porter/",
        resultats.porter_a_la_moderation,
        name="porter_a_la_moderation",
    ),
    path("consultations/<slug:slug>/resultats/fichiers/<slug:cle>/", resultats.fichiers, name="fichiers"),
    path("consultations/<slug:slug>/donnees/<str:nom>", resultats.fichier, name="donnees"),
    # One's own answer. Outside consultations/, where it would be the address of one.
    path("participations/", suivi.retrouver, name="retrouver"),
    path("participations/<int:numero>/", suivi.participation, name="participation"),
    path("participations/<int:numero>/corriger/", suivi.corriger, name="corriger"),
    path("participations/<int:numero>/garder/", suivi.laisser_la_correction, name="laisser_la_correction"),
    path("participations/<int:numero>/retirer/", suivi.retirer, name="retirer"),
    path("participations/<int:numero>/laisser/", suivi.laisser, name="laisser"),
    path("participations/<int:numero>/rattacher/", suivi.rattacher, name="rattacher"),
    path("participations/<int:numero>/taire/", suivi.taire, name="taire"),
    path("participations/<int:numero>/jeter/", suivi.jeter, name="jeter"),
    path("participations/pieces/<int:pk>/", suivi.piece, name="piece"),
    path("bureau/consultations/<slug:slug>/saisir/", guichet.saisir, name="saisir"),
    # What agents prepare.
    path("bureau/consultations/", composer.bureau, name="bureau"),
    path("bureau/consultations/nouvelle/", composer.creer, name="creer"),
    path("bureau/consultations/<slug:slug>/regles/", composer.regles, name="regles"),
    path("bureau/consultations/<slug:slug>/dupliquer/", composer.dupliquer, name="dupliquer"),
    path("bureau/consultations/<slug:slug>/apercu/", apercu.apercu, name="apercu"),
    path("bureau/consultations/<slug:slug>/version/preparer/", composer.preparer, name="preparer_version"),
    path("bureau/consultations/<slug:slug>/version/abandonner/", composer.abandonner, name="abandonner_version"),
    path("bureau/consultations/<slug:slug>/version/publier/", composer.publier, name="publier_version"),
    path("bureau/consultations/<slug:slug>/composer/", composer.composer, name="composer"),
    path("bureau/consultations/<slug:slug>/composer/ajouter/", composer_parties.nouvel_element, name="nouvel_element"),
    path("bureau/consultations/<slug:slug>/composer/elements/<slug:cle>/", composer_parties.element, name="element"),
    path(
        "bureau/consultations/<slug:slug>/composer/elements/<slug:cle>/retirer/",
        composer_parties.retirer_element,
        name="retirer_element",
    ),
    path("bureau/consultations/<slug:slug>/composer/pages/<slug:cle>/", composer_parties.page, name="page"),
    path(
        "bureau/consultations/<slug:slug>/composer/pages/<slug:cle>/retirer/",
        composer_parties.retirer_page,
        name="retirer_page",
    ),
    path(
        "bureau/consultations/<slug:slug>/composer/pages/<slug:cle>/sauts/ajouter/",
        composer_parties.saut,
        name="nouveau_saut",
    ),
    path(
        "bureau/consultations/<slug:slug>/composer/pages/<slug:cle>/sauts/<int:rang>/",
        composer_parties.saut,
        name="saut",
    ),
    # Shown on other sites: the frame (under socle.cadres.RACINE), its code, and oEmbed.
    path("integrer/sondages/<slug:slug>/", integrer.sondage, name="integrer"),
    path("consultations/<slug:slug>/code/", integrer.code, name="code"),
    path("oembed", integrer.oembed, name="oembed"),
]
