from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.echeance import Echeance


class Escalade(models.Model):
    """Who was told, and when, that an answer is still awaited: once a level, and it stays written."""

    class Palier(models.TextChoices):
        EQUIPE = "equipe", _("L’équipe est prévenue")
        ELUES = "elues", _("Les élues et élus sont prévenus")
        RETARD = "retard", _("En retard : tout le monde est prévenu")

    echeance = models.ForeignKey(Echeance, models.PROTECT, related_name="escalades")
    palier = models.CharField(_("Palier"), max_length=6, choices=Palier)
    le = models.DateTimeField(_("Le"), default=timezone.now)
    #: The elected officials of that day: her desk shows her what she was told of, whatever changes later.
    elues = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("Élues et élus prévenus"))

    class Meta:
        verbose_name = _("Relance d’une échéance")
        verbose_name_plural = _("Relances des échéances")
        ordering = ["le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["echeance", "palier"], name="escalade_unique"),
            models.CheckConstraint(condition=Q(palier__in=["equipe", "elues", "retard"]), name="escalade_palier"),
        ]

    def __str__(self):
        return f"{self.echeance_id} : {self.get_palier_display()}"
