from django.contrib import admin

from timeline.models import Chaine, Entree


class LectureSeule(admin.ModelAdmin):
    """To look at only: what has its own road, on the site, is not changed by this door."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Entree)
class EntreeAdmin(LectureSeule):
    list_display = ["numero", "chaine", "type", "le", "est_publique"]
    list_filter = ["est_publique"]
    search_fields = ["type", "empreinte"]
    list_select_related = ["chaine"]


@admin.register(Chaine)
class ChaineAdmin(LectureSeule):
    list_display = ["cle", "longueur", "tete"]
