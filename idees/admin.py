from django.contrib import admin

from idees.models import Boite, Idee
from timeline.admin import LectureSeule


@admin.register(Boite)
class BoiteAdmin(LectureSeule):
    """To look at: rules are changed on the site, where the change is told."""

    list_display = ["titre", "etape", "seuil_soutiens", "delai_reponse", "moderation", "est_active"]


@admin.register(Idee)
class IdeeAdmin(BoiteAdmin):
    """To look at: an idea changes by its own road, on the site."""

    list_display = ["pk", "titre", "etat", "boite", "publiee_le"]
    list_filter = ["etat", "boite"]
    search_fields = ["titre"]
