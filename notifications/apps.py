from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from comptes.effacement import oublier_avec
        from notifications.effacement import oublier
        from notifications.tasks import reveiller_pour
        from timeline.signals import entree_consignee

        autodiscover_modules("notifications")
        entree_consignee.connect(reveiller_pour, dispatch_uid="notifications.reveiller_pour")
        oublier_avec(oublier)
