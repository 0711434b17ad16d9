from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation
from consultations.questionnaire import Questionnaire
from timeline.models import RegistreScelle


class VersionQuerySet(models.QuerySet):
    def publiees(self):
        return self.filter(publiee_le__isnull=False)


class Version(models.Model):
    """The questionnaire of a consultation as it was asked from one day on.

    At most one is in preparation. Once somebody has begun to answer it, it is frozen: not a comma of it changes, by any
    road; what has to change is the next version.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Version"))
    contenu = models.JSONField(_("Questionnaire"), default=dict)
    #: How many times it has changed: an agent who saves over a colleague's change is told.
    redaction = models.PositiveIntegerField(default=0, editable=False)
    ce_qui_change = models.CharField(_("Ce qui change"), max_length=300, blank=True)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    publiee_le = models.DateTimeField(_("Publiée le"), null=True, blank=True, editable=False)
    figee_le = models.DateTimeField(_("Première réponse le"), null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Version du questionnaire")
        verbose_name_plural = _("Versions du questionnaire")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "numero"], name="consultation_version_unique"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(publiee_le__isnull=True), name="consultation_une_preparation"
            ),
            models.CheckConstraint(
                condition=Q(figee_le__isnull=True) | Q(publiee_le__isnull=False), name="consultation_version_figee"
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.numero}"

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return Questionnaire.de_json(self.contenu)

    @property
    def est_figee(self) -> bool:
        return self.figee_le is not None

    def save(self, *args, **kwargs):
        # The database has its own lock behind this one.
        champs = kwargs.get("update_fields")
        if not self._state.adding and self.est_figee and (champs is None or "contenu" in champs):
            raise RegistreScelle(_("Ce questionnaire a déjà des réponses : préparez la version suivante."))
        super().save(*args, **kwargs)
