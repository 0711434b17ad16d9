from django.urls import path

from territoires import views

app_name = "territoires"

urlpatterns = [
    path("contours.geojson", views.contours, name="contours"),
    path("adresses.json", views.adresses, name="adresses"),
]
