from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.reponse import Reponse


class Appreciation(models.Model):
    """« Cette réponse vous est-elle utile ? »: what one of those who waited for it thinks of it.

    Hers, to change and to take back. Who thinks what is not public, nor in the journal; numbers are, from a few people on.
    """

    class Avis(models.TextChoices):
        UTILE = "utile", _("Claire et utile")
        PAS_CLAIRE = "pas_claire", _("Pas claire")
        PAS_UTILE = "pas_utile", _("Claire, mais pas utile")

    LONGUEUR_MAX = 500  # characters

    reponse = models.ForeignKey(Reponse, models.CASCADE, related_name="appreciations")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    avis = models.CharField(_("Votre avis"), max_length=10, choices=Avis)
    mot = models.TextField(_("Un mot pour l’équipe"), max_length=LONGUEUR_MAX, blank=True)
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Avis sur une réponse")
        verbose_name_plural = _("Avis sur les réponses")
        ordering = ["le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reponse", "personne"], name="appreciation_unique"),
            models.CheckConstraint(
                condition=Q(avis__in=["utile", "pas_claire", "pas_utile"]), name="appreciation_avis"
            ),
        ]

    def __str__(self):
        return f"{self.reponse_id} : {self.get_avis_display()}"
