from django.urls import path

from comptes.franceconnect import views

urlpatterns = [
    path("franceconnect/login/", views.oauth2_login, name="franceconnect_login"),
    path("franceconnect/login/callback/", views.oauth2_callback, name="franceconnect_callback"),
]
