from django.contrib import admin

from moderation.models import Decision, Signalement
from timeline.admin import LectureSeule


@admin.register(Decision)
class DecisionAdmin(LectureSeule):
    """To look at: a decision is taken on the site, with its reasons, and never rewritten."""

    list_display = ["pk", "sens", "motif", "cible_type", "le"]
    list_filter = ["sens", "motif"]


@admin.register(Signalement)
class SignalementAdmin(DecisionAdmin):
    """To look at: a report is answered on the site, where the answer is told."""

    list_display = ["pk", "motif", "etat", "cible_type", "cree_le"]
    list_filter = ["etat", "motif"]
