from django.contrib import admin

from commentaires.models import Commentaire
from timeline.admin import LectureSeule


@admin.register(Commentaire)
class CommentaireAdmin(LectureSeule):
    """To look at: a comment is withdrawn by its author and hidden by moderation, on the site."""

    list_display = ["pk", "cible_type", "cible_id", "etat", "voix_officielle", "masquee_motif", "publie_le"]
    list_filter = ["etat", "voix_officielle"]
