from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.liste, name="liste"),
    path("notifications/lues/", views.tout_lire, name="tout_lire"),
    path("notifications/<int:pk>/ouvrir/", views.ouvrir, name="ouvrir"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/arreter/<str:jeton>/", views.arreter, name="arreter"),
    path("suivre/<str:modele>/<int:pk>/", views.suivre, name="suivre"),
    path("courriels/", views.courriels, name="courriels"),
    path("courriels/<int:pk>/", views.courriel, name="courriel"),
]
