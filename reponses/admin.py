from django.contrib import admin

from reponses.models import Avis, Echeance, Escalade, Jalon, Reponse, Service


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["nom", "courriel"]
    search_fields = ["nom"]


class ALire(admin.ModelAdmin):
    """To look at only: an answer, its clock and its opinions change by their own road, on the site."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Reponse)
class ReponseAdmin(ALire):
    list_display = ["pk", "cible_type", "cible_id", "sens", "etat", "signataire_nom", "signee_le", "publiee_le"]
    list_filter = ["etat", "sens", "motif"]
    list_select_related = ["cible_type"]


@admin.register(Echeance)
class EcheanceAdmin(ALire):
    list_display = ["cible_type", "cible_id", "due_le", "service", "tenue_le"]
    list_filter = ["service"]
    list_select_related = ["cible_type", "service"]


@admin.register(Avis)
class AvisAdmin(ALire):
    list_display = ["reponse", "service", "attendu_le", "rendu_le"]
    list_select_related = ["reponse", "service"]


@admin.register(Jalon)
class JalonAdmin(ALire):
    list_display = ["titre", "reponse", "prevu_le", "fait_le"]
    list_select_related = ["reponse"]


@admin.register(Escalade)
class EscaladeAdmin(ALire):
    list_display = ["echeance", "palier", "le"]
    list_filter = ["palier"]
    list_select_related = ["echeance"]
