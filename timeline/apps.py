from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = _("Chronologie")

    def ready(self):
        from comptes.effacement import oublier_avec
        from timeline.effacement import oublier
        from timeline.signals import entree_consignee
        from timeline.temps_reel import diffuser_entree

        entree_consignee.connect(diffuser_entree, dispatch_uid="timeline.diffuser_entree")
        oublier_avec(oublier)
