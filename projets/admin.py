from django.contrib import admin

from projets.models import (
    Actualite,
    Document,
    Etape,
    Projet,
    Recit,
    RoleProjet,
    Thematique,
    VersionCadre,
    VersionDocument,
)


class LectureSeule:
    """To look, not to touch: changes go through the site, where they are checked and written in the journal."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EtapesEnLigne(LectureSeule, admin.StackedInline):
    model = Etape
    fields = ["titre", "genre", "ouvre_le", "ferme_le", "etat"]
    extra = 0


class RolesEnLigne(LectureSeule, admin.StackedInline):
    model = RoleProjet
    extra = 0


class CadresEnLigne(LectureSeule, admin.StackedInline):
    model = VersionCadre
    extra = 0


class VersionsEnLigne(LectureSeule, admin.StackedInline):
    model = VersionDocument
    fields = ["numero", "nom", "taille", "empreinte", "note", "publiee_le"]
    extra = 0


@admin.register(Thematique)
class ThematiqueAdmin(admin.ModelAdmin):
    list_display = ["nom", "slug", "icone"]
    prepopulated_fields = {"slug": ["nom"]}
    search_fields = ["nom"]


@admin.register(Projet)
class ProjetAdmin(LectureSeule, admin.ModelAdmin):
    list_display = ["titre", "etat", "referente", "annonce_le"]
    list_filter = ["etat", "thematiques"]
    list_select_related = ["referente"]
    search_fields = ["titre", "resume"]
    inlines = [EtapesEnLigne, RolesEnLigne, CadresEnLigne]


@admin.register(Etape)
class EtapeAdmin(LectureSeule, admin.ModelAdmin):
    list_display = ["titre", "projet", "genre", "ouvre_le", "ferme_le", "etat"]
    list_filter = ["etat", "genre"]
    list_select_related = ["projet"]
    search_fields = ["titre", "projet__titre"]


@admin.register(Document)
class DocumentAdmin(LectureSeule, admin.ModelAdmin):
    list_display = ["titre", "projet"]
    list_select_related = ["projet"]
    search_fields = ["titre", "projet__titre"]
    inlines = [VersionsEnLigne]


@admin.register(Actualite)
class ActualiteAdmin(LectureSeule, admin.ModelAdmin):
    list_display = ["titre", "projet", "publiee_le"]
    list_select_related = ["projet"]
    search_fields = ["titre", "projet__titre"]


@admin.register(Recit)
class RecitAdmin(LectureSeule, admin.ModelAdmin):
    list_display = ["titre", "projet", "numero", "etat", "publie_le"]
    list_filter = ["etat"]
    list_select_related = ["projet"]
