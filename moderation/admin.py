from django.contrib import admin

from moderation.models import Decision, Signalement


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    """To look at: a decision is taken on the site, with its reasons, and never rewritten."""

    list_display = ["pk", "sens", "motif", "cible_type", "le"]
    list_filter = ["sens", "motif"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Signalement)
class SignalementAdmin(DecisionAdmin):
    """To look at: a report is answered on the site, where the answer is told."""

    list_display = ["pk", "motif", "etat", "cible_type", "cree_le"]
    list_filter = ["etat", "motif"]
