from django.urls import include, path, re_path

from api import (
    chiffres,
    commentaires,
    communautes,
    consultations,
    idees,
    mediation,
    moi,
    pages,
    projets,
    questions,
    realisation,
    recits,
    reponses,
    suivis,
    territoires,
    timeline,
    votes,
)

app_name = "api"

v1 = [
    path("schema/", pages.schema, name="schema"),
    *idees.urlpatterns,
    *commentaires.urlpatterns,
    *consultations.urlpatterns,
    *votes.urlpatterns,
    *communautes.urlpatterns,
    *projets.urlpatterns,
    *recits.urlpatterns,
    *questions.urlpatterns,
    *reponses.urlpatterns,
    *chiffres.urlpatterns,
    *realisation.urlpatterns,
    *mediation.urlpatterns,
    *timeline.urlpatterns,
    *territoires.urlpatterns,
    *suivis.urlpatterns,
    *moi.urlpatterns,
    re_path(r"^(?:[\s\S]*/)?$", pages.Inconnue.as_view(), name="inconnue"),
]
urlpatterns = [
    path("", pages.accueil, name="accueil"),
    path("lire/", pages.Lecteur.as_view(), name="description"),
    path("v1/", include(v1)),
]
