from django.contrib import admin

from reponses.models import (
    Avis,
    CompteRendu,
    Echeance,
    Escalade,
    Jalon,
    LotReponses,
    ModeleDeReponse,
    Nouvelle,
    Reponse,
    Service,
)
from timeline.admin import LectureSeule


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["nom", "courriel"]
    search_fields = ["nom"]


@admin.register(Reponse)
class ReponseAdmin(LectureSeule):
    list_display = ["pk", "cible_type", "cible_id", "sens", "etat", "signataire_nom", "signee_le", "publiee_le"]
    list_filter = ["etat", "sens", "motif"]
    list_select_related = ["cible_type"]


@admin.register(Echeance)
class EcheanceAdmin(LectureSeule):
    list_display = ["cible_type", "cible_id", "due_le", "service", "tenue_le"]
    list_filter = ["service"]
    list_select_related = ["cible_type", "service"]


@admin.register(Avis)
class AvisAdmin(LectureSeule):
    list_display = ["reponse", "service", "attendu_le", "rendu_le"]
    list_select_related = ["reponse", "service"]


@admin.register(Jalon)
class JalonAdmin(LectureSeule):
    list_display = ["titre", "reponse", "prevu_le", "fait_le"]
    list_select_related = ["reponse"]


@admin.register(Escalade)
class EscaladeAdmin(LectureSeule):
    list_display = ["echeance", "palier", "le"]
    list_filter = ["palier"]
    list_select_related = ["echeance"]


@admin.register(LotReponses)
class LotReponsesAdmin(LectureSeule):
    list_display = ["titre", "etat", "cree_le", "clos_le"]
    list_filter = ["etat"]


@admin.register(ModeleDeReponse)
class ModeleDeReponseAdmin(LectureSeule):
    list_display = ["nom", "sens", "motif", "archive_le"]


@admin.register(CompteRendu)
class CompteRenduAdmin(LectureSeule):
    list_display = ["jalon", "publie_le", "depense"]
    list_select_related = ["jalon"]


@admin.register(Nouvelle)
class NouvelleAdmin(LectureSeule):
    list_display = ["titre", "genre", "publie_le", "attendue_le"]
    list_filter = ["genre"]
