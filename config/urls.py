from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from comptes.admin import DE_LA_PERSONNE

admin.autodiscover()
for modele in (*DE_LA_PERSONNE, Group):  # rights come from roles, never from groups
    if admin.site.is_registered(modele):
        admin.site.unregister(modele)
# The admin's door is the site's own: same limits, same second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # as allauth documents it
admin.site.site_header = admin.site.site_title = "Estuaire"

urlpatterns = [
    # First: a program that reads the API need not wait until every page of the site has been tried.
    path("api/", include("api.urls")),
    path("", include("socle.urls")),
    path("", include("portail.urls")),
    path("", include("timeline.urls")),
    path("", include("comptes.urls")),
    path("", include("notifications.urls")),
    path("", include("moderation.urls")),
    path("", include("commentaires.urls")),
    path("", include("reponses.urls")),
    path("", include("projets.urls")),
    path("", include("communautes.urls")),
    path("", include("idees.urls")),
    path("", include("consultations.urls")),
    path("", include("votes.urls")),
    path("territoires/", include("territoires.urls")),
    # Asked by GET, Django's view goes back to the page before: the door, which comes here again, for ever.
    path("langue/setlang/", require_POST(set_language), name="set_language"),
    path("administration/", admin.site.urls),
]
