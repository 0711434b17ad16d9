from django.contrib import admin

from consultations.models import Consultation, Version


@admin.register(Consultation)
class ConsultationAdmin(admin.ModelAdmin):
    """To look at: a consultation changes by its own road, on the site. What people answer is read nowhere here."""

    list_display = ["pk", "titre", "etat", "genre", "ouvre_le", "ferme_le"]
    list_filter = ["etat", "genre"]
    search_fields = ["titre"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Version)
class VersionAdmin(ConsultationAdmin):
    """To look at: a questionnaire is written with its builder."""

    list_display = ["consultation", "numero", "publiee_le", "figee_le"]
    list_filter = []
    search_fields = ["consultation__titre"]
