from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunautesConfig(AppConfig):
    name = "communautes"
    verbose_name = _("Communautés")

    def ready(self):
        from communautes import sections
        from communautes.effacement import oublier
        from communautes.huis_clos import REGLE
        from comptes.effacement import oublier_avec
        from timeline.huis_clos import lire_avec

        lire_avec(REGLE)
        oublier_avec(oublier)
        sections.inscrire(
            sections.Section("panel", _("Mandat et tirage"), "dice-5", rang=60, peut_voir=sections.d_un_panel),
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
        )
