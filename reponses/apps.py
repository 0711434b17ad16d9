from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReponsesConfig(AppConfig):
    name = "reponses"
    verbose_name = _("Réponses officielles")
