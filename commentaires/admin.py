from django.contrib import admin

from commentaires.models import Commentaire


@admin.register(Commentaire)
class CommentaireAdmin(admin.ModelAdmin):
    """To look at: a comment is withdrawn by its author and hidden by moderation, on the site."""

    list_display = ["pk", "cible_type", "cible_id", "etat", "voix_officielle", "masquee_motif", "publie_le"]
    list_filter = ["etat", "voix_officielle"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
