from django.urls import include, path

from comptes import views

profil = [
    path("", views.profil, name="profil"),
    path("effacer/", views.effacer_mon_compte, name="effacer"),
]

# No namespace around allauth: the package looks its own names up at the root.
urlpatterns = [
    path("mon-profil/", include((profil, "comptes"))),
    path("comptes/signup/", views.InscriptionView.as_view(), name="account_signup"),
    path("comptes/3rdparty/signup/", views.InscriptionExterneView.as_view(), name="socialaccount_signup"),
    path("comptes/", include("allauth.urls")),
]
