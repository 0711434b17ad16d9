from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from territoires import geometrie
from territoires.models import Territoire


@admin.register(Territoire)
class TerritoireAdmin(admin.ModelAdmin):
    list_display = ["nom", "genre", "code", "parent", "population"]
    list_filter = ["genre"]
    list_select_related = ["parent"]
    search_fields = ["nom", "code", "slug"]
    prepopulated_fields = {"slug": ["nom"]}
    # Contours come from the loading command: nobody types one, and no request carries one.
    exclude = ["contour"]
    readonly_fields = ["contour_en_bref", "source_contour"]

    @admin.display(description=_("contour"))
    def contour_en_bref(self, territoire: Territoire) -> str:
        if territoire.contour is None:
            return "–"
        sommets = sum(len(anneau) - 1 for anneau in geometrie.anneaux(territoire.contour))
        return ngettext("%(n)d sommet", "%(n)d sommets", sommets) % {"n": sommets}
