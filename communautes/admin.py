from django.contrib import admin

from communautes.models import Communaute
from timeline.admin import LectureSeule


@admin.register(Communaute)
class CommunauteAdmin(LectureSeule):
    """To look at: a community changes by its own road, on the site. Who is in, and what is inside, is read nowhere here."""

    list_display = ["pk", "nom", "genre", "acces", "etat", "ouverte_le", "active_le"]
    list_filter = ["etat", "genre", "acces"]
    search_fields = ["nom"]
