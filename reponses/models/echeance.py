from datetime import timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.service import Service


class EcheanceQuerySet(models.QuerySet):
    def en_retard(self):
        return self.filter(tenue_le__isnull=True, due_le__lt=timezone.localdate())

    def en_cours(self):
        return self.filter(tenue_le__isnull=True)


class Echeance(models.Model):
    """The answer clock of one thing: when an answer is due, and who owes it. The date cannot be moved."""

    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    depuis_le = models.DateTimeField(_("Horloge lancée le"), default=timezone.now)
    due_le = models.DateField(_("Réponse due le"))
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("Service chargé de répondre"))
    tenue_le = models.DateTimeField(_("Répondu le"), null=True, blank=True)

    objects = EcheanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Échéance de réponse")
        verbose_name_plural = _("Échéances de réponse")
        ordering = ["due_le", "pk"]
        constraints = [models.UniqueConstraint(fields=["cible_type", "cible_id"], name="echeance_unique")]
        indexes = [models.Index(fields=["due_le", "id"], condition=Q(tenue_le__isnull=True), name="echeance_attendues")]

    def __str__(self):
        return f"{self.cible_type_id}:{self.cible_id} → {self.due_le}"

    @classmethod
    def lancer(cls, cible, *, service, jours):
        """Start the clock: the answer is due `jours` days from today, at the end of that day."""
        return cls.objects.create(cible=cible, service=service, due_le=timezone.localdate() + timedelta(days=jours))

    @property
    def cible_lisible(self) -> bool:
        """May everybody read what awaits its answer? What moderation has hidden is counted, and not named."""
        return self.cible is not None and getattr(self.cible, "est_lisible", True)

    @property
    def est_en_retard(self) -> bool:
        return self.tenue_le is None and timezone.localdate() > self.due_le

    @property
    def jours_restants(self) -> int:
        """Days before the due date; negative when late."""
        return (self.due_le - timezone.localdate()).days

    @property
    def jours_de_retard(self) -> int:
        """Days between the due date and the answer, or today; 0 when on time."""
        fin = timezone.localdate(self.tenue_le) if self.tenue_le else timezone.localdate()
        return max(0, (fin - self.due_le).days)
