from django.contrib import admin

from consultations.models import Consultation, Version
from timeline.admin import LectureSeule


@admin.register(Consultation)
class ConsultationAdmin(LectureSeule):
    """To look at: a consultation changes by its own road, on the site. What people answer is read nowhere here."""

    list_display = ["pk", "titre", "etat", "genre", "ouvre_le", "ferme_le"]
    list_filter = ["etat", "genre"]
    search_fields = ["titre"]


@admin.register(Version)
class VersionAdmin(ConsultationAdmin):
    """To look at: a questionnaire is written with its builder."""

    list_display = ["consultation", "numero", "publiee_le", "figee_le"]
    list_filter = []
    search_fields = ["consultation__titre"]
