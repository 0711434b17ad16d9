from django.urls import path

from votes.views import page, voter

app_name = "votes"
urlpatterns = [
    # What everybody reads, and voting.
    path("votes/", page.liste, name="liste"),
    path("votes/<slug:slug>/", page.detail, name="detail"),
    path("votes/<slug:slug>/reglement.json", page.reglement, name="reglement"),
    path("votes/<slug:slug>/verifier/", page.verifier, name="verifier"),
    path("votes/<slug:slug>/propositions/", page.options, name="options"),
    path("votes/<slug:slug>/propositions/<slug:cle>/", page.option, name="option"),
    path("votes/<slug:slug>/voter/", voter.commencer, name="voter"),
    path("votes/<slug:slug>/voter/<int:enveloppe>/", voter.bulletin, name="bulletin"),
    path("votes/<slug:slug>/mon-vote/", voter.mon_vote, name="mon_vote"),
]
