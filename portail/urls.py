from django.urls import path

from portail import bureaux, espace, plan, views

app_name = "portail"
urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mon-espace/", espace.mon_espace, name="mon_espace"),
    path("mon-espace/idees/", espace.mes_idees, name="mes_idees"),
    path("mon-espace/soutiens/", espace.mes_soutiens, name="mes_soutiens"),
    path("mon-espace/questions/", espace.mes_questions, name="mes_questions"),
    path("mon-espace/consultations/", espace.mes_consultations, name="mes_consultations"),
    path("mon-espace/votes/", espace.mes_votes, name="mes_votes"),
    path("mon-espace/communautes/", espace.mes_communautes, name="mes_communautes"),
    path("mon-espace/commentaires/", espace.mes_commentaires, name="mes_commentaires"),
    path("mon-espace/accords/", espace.mes_accords, name="mes_accords"),
    path("mon-espace/suivis/", espace.mes_suivis, name="mes_suivis"),
    path("mon-espace/suivis/<int:pk>/arreter/", espace.ne_plus_suivre, name="ne_plus_suivre"),
    path("mon-espace/reponses-attendues/", espace.mes_attentes, name="mes_attentes"),
    path("mon-espace/mes-donnees/", espace.mes_donnees, name="mes_donnees"),
    path("bureau/", bureaux.bureau_agent, name="bureau_agent"),
    path("bureau/signatures/", bureaux.bureau_elue, name="bureau_elue"),
    path("accessibilite/", views.page, {"nom": "accessibilite"}, name="accessibilite"),
    path("mentions-legales/", views.page, {"nom": "mentions_legales"}, name="mentions_legales"),
    path("donnees-personnelles/", views.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("charte/", views.page, {"nom": "charte"}, name="charte"),
    path("contact/", views.page, {"nom": "contact"}, name="contact"),
    path("comment-ca-marche/", views.page, {"nom": "comment_ca_marche"}, name="comment_ca_marche"),
    path("plan-du-site/", views.page, {"nom": "plan_du_site"}, name="plan_du_site"),
    path("plan.xml", plan.plan, name="plan"),
    path("plan-pages.xml", plan.plan_pages, name="plan_pages"),
    path("plan-idees-<int:numero>.xml", plan.plan_idees, name="plan_idees"),
    path("robots.txt", plan.robots, name="robots"),
    path("sante", views.sante, name="sante"),
]
