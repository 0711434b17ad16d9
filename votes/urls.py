from django.urls import path

from votes.views import (
    composer,
    composer_etudes,
    composer_options,
    comptage,
    fichiers,
    jonctions,
    page,
    resultats,
    suites,
    voter,
)

app_name = "votes"
urlpatterns = [
    # What everybody reads, and voting.
    path("votes/", page.liste, name="liste"),
    path("votes/jonctions/<int:pk>/", jonctions.jonction, name="jonction"),
    path("votes/jonctions/<int:pk>/<slug:nom>/", jonctions.decider, name="decider_jonction"),
    path("votes/<slug:slug>/", page.detail, name="detail"),
    path("votes/<slug:slug>/reglement.json", page.reglement, name="reglement"),
    path("votes/<slug:slug>/verifier/", page.verifier, name="verifier"),
    path("votes/<slug:slug>/propositions/", page.options, name="options"),
    path("votes/<slug:slug>/propositions/<slug:cle>/", page.option, name="option"),
    path("votes/<slug:slug>/voter/", voter.commencer, name="voter"),
    path("votes/<slug:slug>/voter/<int:enveloppe>/", voter.bulletin, name="bulletin"),
    path("votes/<slug:slug>/mon-vote/", voter.mon_vote, name="mon_vote"),
    # What agents prepare: the desk (votes.views.composer…).
    path("bureau/votes/", composer.bureau, name="bureau"),
    path("bureau/votes/nouveau/", composer.creer, name="creer"),
    path("bureau/votes/reprendre/", fichiers.reprendre_un_fichier, name="reprendre"),
    path("bureau/votes/<slug:slug>/composer/", composer.composer, name="composer"),
    path("bureau/votes/<slug:slug>/regles/", composer.regles, name="regles"),
    path("bureau/votes/<slug:slug>/facon/", composer.facon, name="facon"),
    path("bureau/votes/<slug:slug>/dupliquer/", composer.dupliquer, name="dupliquer"),
    path("bureau/votes/<slug:slug>/apercu/", composer.apercu, name="apercu"),
    path("bureau/votes/<slug:slug>/enveloppes/", composer.enveloppes, name="enveloppes"),
    path("bureau/votes/<slug:slug>/enveloppes/<int:pk>/", composer.enveloppe, name="enveloppe"),
    path("bureau/votes/<slug:slug>/enveloppes/<int:pk>/retirer/", composer.retirer_enveloppe, name="retirer_enveloppe"),
    path("bureau/votes/<slug:slug>/ajouter/", composer_options.ajouter, name="ajouter_options"),
    path("bureau/votes/<slug:slug>/ajouter/idees/", composer_options.depuis_les_idees, name="ajouter_idees"),
    path("bureau/votes/<slug:slug>/ajouter/fichier/", composer_options.depuis_un_fichier, name="ajouter_fichier"),
    path("bureau/votes/<slug:slug>/propositions/<slug:cle>/", composer_options.option, name="composer_option"),
    path("bureau/votes/<slug:slug>/propositions/<slug:cle>/retirer/", composer_options.retirer, name="retirer_option"),
    path("bureau/votes/<slug:slug>/propositions/<slug:cle>/joindre/", jonctions.joindre, name="joindre_option"),
    path("bureau/votes/<slug:slug>/etudes/", composer_etudes.etudes, name="etudes"),
    path("bureau/votes/<slug:slug>/etudes/<int:pk>/abandonner/", composer_etudes.abandonner, name="abandonner_etude"),
    path("bureau/votes/<slug:slug>/etudes/<int:pk>/cout/", composer_etudes.garder_le_cout, name="garder_le_cout"),
    # End of the desk. Files for everybody: ballots once proclaimed, pictures.
    path("votes/<slug:slug>/bulletins/<int:pk>/", fichiers.bulletins, name="bulletins"),
    path("votes/<slug:slug>/propositions/<slug:cle>/image/", fichiers.image, name="image"),
    # The result, for everybody at the same time.
    path("votes/<slug:slug>/resultats/", resultats.resultats, name="resultats"),
    path("votes/<slug:slug>/resultats/<str:nom>", resultats.fichier, name="donnees_resultats"),
    path("votes/<slug:slug>/resultats/<slug:cle>/", resultats.pourquoi, name="pourquoi"),
    path("votes/<slug:slug>/resultats/<slug:cle>/projet/", suites.ouvrir_un_projet, name="ouvrir_un_projet"),
    # Counting.
    path("bureau/votes/<slug:slug>/comptage/", comptage.depouiller, name="depouiller"),
    path("bureau/votes/<slug:slug>/comptage/<int:pk>/", comptage.comptage, name="comptage"),
    path("bureau/votes/<slug:slug>/comptage/<int:pk>/arreter/", comptage.abandonner, name="abandonner"),
    path("bureau/votes/<slug:slug>/simuler/", comptage.simuler, name="simuler"),
]
