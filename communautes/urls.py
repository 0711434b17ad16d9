from django.urls import path

from communautes import questions_atom
from communautes.flux_atom import FluxCommunaute
from communautes.urls_panels import urlpatterns as des_panels
from communautes.views import (
    accueil,
    appels,
    documents,
    ecrire,
    ecrits,
    fonder,
    forum,
    journal,
    membres,
    questions,
    sondages,
)

app_name = "communautes"
urlpatterns = [
    path("communautes/", accueil.liste, name="liste"),
    path("communautes/proposer/", fonder.proposer, name="proposer"),
    path("communautes/appels/<int:pk>/", appels.appel, name="appel"),
    path("bureau/appels/", appels.appels, name="appels"),
    path("communautes/<slug:slug>/", accueil.detail, name="detail"),
    path("communautes/<slug:slug>/image/", accueil.image, name="image"),
    path("communautes/<slug:slug>/modifier/", fonder.modifier, name="modifier"),
    path("communautes/<slug:slug>/referente/", fonder.nommer, name="nommer"),
    path("communautes/<slug:slug>/rejoindre/", membres.rejoindre, name="rejoindre"),
    path("communautes/<slug:slug>/appel/", appels.faire_appel, name="faire_appel"),
    path("communautes/<slug:slug>/membres/", membres.membres, name="membres"),
    path("communautes/<slug:slug>/membres/inviter/", membres.inviter, name="inviter"),
    path("communautes/<slug:slug>/membres/<int:pk>/role/", membres.role, name="role"),
    path("communautes/<slug:slug>/journal/", journal.journal, name="journal"),
    path("communautes/<slug:slug>/journal/atom.xml", FluxCommunaute(), name="atom"),
    path("communautes/<slug:slug>/forum/", forum.liste, name="forum"),
    path("communautes/<slug:slug>/forum/nouveau/", forum.ouvrir, name="ouvrir_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/", forum.sujet, name="sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/corriger/", forum.corriger, name="corriger_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/versions/", forum.versions, name="versions_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/epingler/", forum.epingler, name="epingler_sujet"),
    path("communautes/<slug:slug>/forum/<int:pk>/photo/<str:taille>/", forum.photo, name="photo_sujet"),
    path("communautes/<slug:slug>/sondages/", sondages.liste, name="sondages"),
    path("communautes/<slug:slug>/sondages/nouveau/", sondages.demander, name="demander_sondage"),
    path("communautes/<slug:slug>/sondages/<int:pk>/", sondages.sondage, name="sondage"),
    path("communautes/<slug:slug>/sondages/<int:pk>/voter/", sondages.voter, name="voter_sondage"),
    path("communautes/<slug:slug>/documents/", documents.liste, name="documents"),
    path("communautes/<slug:slug>/documents/nouveau/<str:genre>/", documents.partager, name="partager_document"),
    path("communautes/<slug:slug>/documents/<int:pk>/", documents.document, name="document_partage"),
    path("communautes/<slug:slug>/documents/<int:pk>/modifier/", documents.verser, name="verser_version"),
    path(
        "communautes/<slug:slug>/documents/<int:pk>/versions/<int:numero>/", documents.version, name="version_partagee"
    ),
    path(
        "communautes/<slug:slug>/documents/<int:pk>/versions/<int:numero>/fichier/",
        documents.fichier,
        name="fichier_partage",
    ),
    # Drafts written together
    path("communautes/<slug:slug>/ecrits/", ecrits.ecrits, name="ecrits"),
    path("communautes/<slug:slug>/ecrits/commencer/", ecrire.commencer, name="commencer_une_ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/", ecrits.ebauche, name="ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/ecrire/", ecrire.ecrire, name="ecrire_l_ebauche"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/signer/", ecrire.signer, name="signer_l_ebauche"),
    path(
        "communautes/<slug:slug>/ecrits/<int:pk>/ne-plus-signer/",
        ecrire.ne_plus_signer,
        name="ne_plus_signer_l_ebauche",
    ),
    path("communautes/<slug:slug>/ecrits/<int:pk>/versions/", ecrits.versions, name="ebauche_versions"),
    path("communautes/<slug:slug>/ecrits/<int:pk>/versions/<int:numero>/", ecrits.version, name="ebauche_version"),
    path(
        "communautes/<slug:slug>/ecrits/<int:pk>/versions/<int:numero>/reprendre/",
        ecrire.reprendre,
        name="reprendre_l_ebauche",
    ),
    # Questions to an élue
    path("communautes/<slug:slug>/questions/", questions.liste, name="questions"),
    path("communautes/<slug:slug>/questions/atom/", questions_atom.flux, name="questions_atom"),
    path("communautes/<slug:slug>/questions/poser/", questions.ecrire, name="poser_une_question"),
    path("questions/<int:pk>/", questions.detail, name="question"),
    path("questions/<int:pk>/soutien/", questions.soutien, name="soutien_d_une_question"),
    *des_panels,
]
