from django.contrib import admin

from idees.models import Boite, Idee


@admin.register(Boite)
class BoiteAdmin(admin.ModelAdmin):
    """To look at: rules are changed on the site, where the change is told."""

    list_display = ["titre", "etape", "seuil_soutiens", "delai_reponse", "moderation", "est_active"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Idee)
class IdeeAdmin(BoiteAdmin):
    """To look at: an idea changes by its own road, on the site."""

    list_display = ["pk", "titre", "etat", "boite", "publiee_le"]
    list_filter = ["etat", "boite"]
    search_fields = ["titre"]
