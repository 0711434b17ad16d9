from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.reponse import Reponse


class JalonQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(reponse__in=Reponse.objects.visibles_par(personne))

    def en_retard(self):
        return self.a_tenir().filter(prevu_le__lt=timezone.localdate())

    def a_tenir(self):
        """Promised, and neither done nor cancelled."""
        return self.filter(fait_le__isnull=True, annule_le__isnull=True)


class Jalon(models.Model):
    """A dated step of what was promised: planned, then done or cancelled with a reason. A promised date does not move."""

    reponse = models.ForeignKey(Reponse, models.PROTECT, related_name="jalons")
    titre = models.CharField(_("Étape"), max_length=200)
    prevu_le = models.DateField(_("Prévue le"))
    fait_le = models.DateField(_("Faite le"), null=True, blank=True)
    annule_le = models.DateField(_("Annulée le"), null=True, blank=True)
    motif_annulation = models.CharField(_("Raison de l’annulation"), max_length=500, blank=True)

    objects = JalonQuerySet.as_manager()

    #: Of `reponses.realisation.realisation_de`.
    rendus: list
    depense: int | None

    class Meta:
        verbose_name = _("Étape de réalisation")
        verbose_name_plural = _("Étapes de réalisation")
        ordering = ["prevu_le", "pk"]
        indexes = [
            models.Index(
                fields=["prevu_le", "id"],
                condition=Q(fait_le__isnull=True, annule_le__isnull=True),
                name="jalon_attendus",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(annule_le__isnull=True, motif_annulation="")
                | (Q(annule_le__isnull=False, fait_le__isnull=True) & ~Q(motif_annulation="")),
                name="jalon_annule",
            )
        ]

    def __str__(self):
        return self.titre

    @property
    def est_en_retard(self) -> bool:
        return self.est_attendu and timezone.localdate() > self.prevu_le

    @property
    def est_attendu(self) -> bool:
        return self.fait_le is None and self.annule_le is None

    @property
    def attendue_le(self):
        """The date that its last difficulty announced; None while the promised one holds (prefetch `nouvelles`)."""
        if not self.est_attendu:
            return None
        derniere = max(self.nouvelles.all(), key=lambda n: (n.publie_le, n.pk), default=None)
        return derniere.attendue_le if derniere else None
