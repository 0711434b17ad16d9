from django.urls import include, path

from comptes import views

profil = [
    path("", views.profil, name="profil"),
    path("effacer/", views.effacer_mon_compte, name="effacer"),
    path("reprendre/", views.reprendre, name="reprendre"),
]

# No namespace around allauth: the package looks its own names up at the root.
urlpatterns = [
    path("mon-profil/", include((profil, "comptes"))),
    path("comptes/signup/", views.InscriptionView.as_view(), name="account_signup"),
    path("comptes/3rdparty/signup/", views.InscriptionExterneView.as_view(), name="socialaccount_signup"),
    path("comptes/2fa/webauthn/login/", views.EntrerParCleView.as_view(), name="mfa_login_webauthn"),
    path(
        "comptes/2fa/webauthn/reauthenticate/", views.ConfirmerParCleView.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("comptes/", include("allauth.urls")),
]
