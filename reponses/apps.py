from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReponsesConfig(AppConfig):
    name = "reponses"
    verbose_name = _("Réponses officielles")

    def ready(self):
        from comptes.effacement import oublier_avec
        from reponses import notifications_mediation  # noqa: F401 (it registers what it tells)
        from reponses.effacement import oublier

        oublier_avec(oublier)
