from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.reponse import Reponse, projets_de
from reponses.models.service import Service
from socle.permissions import est_connectee


class AvisQuerySet(models.QuerySet):
    def attendus(self):
        """Asked for, not given, and the date is not past."""
        return self.filter(rendu_le__isnull=True, attendu_le__gte=timezone.localdate())

    def visibles_par(self, personne):
        """Who instructs, and the experts of the projet. The élue reads them in the dossier that waits for her name."""
        if not est_connectee(personne):
            return self.none()
        instruites = Q(reponse__in=Reponse.objects.a_instruire_par(personne))
        return self.filter(instruites | Q(reponse__projet__in=projets_de(personne, "experte")))


class Avis(models.Model):
    """The opinion of a service on an answer in preparation. Never public before publication."""

    reponse = models.ForeignKey(Reponse, models.CASCADE, related_name="avis")
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("Service"))
    demande_le = models.DateTimeField(_("Demandé le"), default=timezone.now)
    attendu_le = models.DateField(_("Attendu le"))
    texte = models.TextField(_("Avis"), max_length=3000, blank=True)
    rendu_le = models.DateTimeField(_("Rendu le"), null=True, blank=True)

    objects = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = _("Avis d’un service")
        verbose_name_plural = _("Avis des services")
        ordering = ["attendu_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reponse", "service"], name="avis_unique"),
            models.CheckConstraint(
                condition=Q(rendu_le__isnull=True, texte="") | (Q(rendu_le__isnull=False) & ~Q(texte="")),
                name="avis_rendu",
            ),
        ]

    def __str__(self):
        return f"{self.service} sur {self.reponse_id}"

    @property
    def est_en_retard(self) -> bool:
        return self.rendu_le is None and timezone.localdate() > self.attendu_le
