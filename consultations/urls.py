from django.urls import path

from consultations.views import page

app_name = "consultations"
urlpatterns = [
    path("consultations/", page.liste, name="liste"),
    path("consultations/<slug:slug>/", page.detail, name="detail"),
    path("consultations/<slug:slug>/repondre/", page.detail, name="repondre"),
]
