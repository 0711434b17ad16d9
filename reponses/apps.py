from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReponsesConfig(AppConfig):
    name = "reponses"
    verbose_name = _("Réponses officielles")

    def ready(self):
        from comptes.effacement import oublier_avec
        from reponses import notifications_mediation  # noqa: F401 (it registers what it tells)
        from reponses.effacement import oublier
        from reponses.verification import reponses_scellees
        from timeline.verification import comparer_avec

        comparer_avec(reponses_scellees)
        oublier_avec(oublier)
