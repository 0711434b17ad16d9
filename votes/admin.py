from django.contrib import admin

from timeline.admin import LectureSeule
from votes.models import Etude, Option, Scrutin


@admin.register(Scrutin)
class ScrutinAdmin(LectureSeule):
    """To look at: a vote changes by its own road, on the site. Who voted, and what, is read nowhere here."""

    list_display = ["pk", "titre", "etat", "regle", "origine", "ouvre_le", "ferme_le"]
    list_filter = ["etat", "regle", "origine"]
    search_fields = ["titre"]


@admin.register(Option)
class OptionAdmin(LectureSeule):
    list_display = ["titre", "scrutin", "enveloppe", "cout", "retiree_le"]
    list_select_related = ["scrutin", "enveloppe"]
    search_fields = ["titre", "scrutin__titre"]


@admin.register(Etude)
class EtudeAdmin(LectureSeule):
    list_display = ["option", "service", "etat", "attendue_le", "conclusion"]
    list_filter = ["etat", "conclusion"]
    list_select_related = ["option__scrutin", "service"]
