from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunautesConfig(AppConfig):
    name = "communautes"
    verbose_name = _("Communautés")

    def ready(self):
        from communautes import (
            notifications_forum,  # noqa: F401 (it registers what it tells)
            sections,
        )
        from communautes.effacement import oublier
        from communautes.huis_clos import REGLE
        from comptes.effacement import oublier_avec
        from timeline.huis_clos import lire_avec

        lire_avec(REGLE)
        oublier_avec(oublier)
        sections.inscrire(
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
        )
        sections.inscrire(
            sections.Section("forum", _("Forum"), "chat-dots", rang=10),
            sections.Section("sondages", _("Sondages"), "bar-chart", rang=20),
            sections.Section("documents", _("Documents"), "folder2-open", rang=30),
        )
