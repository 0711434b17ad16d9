from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeesConfig(AppConfig):
    name = "idees"
    verbose_name = _("Idées")
