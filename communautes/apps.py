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
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
        )
        self._ecrire_ensemble(sections)

    def _ecrire_ensemble(self, sections):
        from communautes import notifications_ecrits  # noqa: F401 (they register what they tell)
        from communautes.verification import versions_des_ebauches
        from timeline.verification import comparer_avec

        comparer_avec(versions_des_ebauches)
        sections.inscrire(sections.Section("ecrits", _("Écrire ensemble"), "pencil-square", rang=40))
