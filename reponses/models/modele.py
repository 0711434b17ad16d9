from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.reponse import Reponse
from reponses.permissions import peut_preparer_des_lots
from reponses.regles import DECISIONS

#: A model is a way of deciding; each question has its own answer.
SENS = [(code, Reponse.Sens(code).label) for code in DECISIONS]


class ModeleQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Those who prepare answers."""
        return self if peut_preparer_des_lots(personne) else self.none()

    def actifs(self):
        return self.filter(archive_le__isnull=True)


class ModeleDeReponse(models.Model):
    """Words to start an answer from. A draft takes a copy: what changes here changes no answer. Archived, never deleted."""

    nom = models.CharField(_("Nom du modèle"), max_length=120)
    sens = models.CharField(_("Décision"), max_length=14, choices=SENS)
    motif = models.CharField(_("Raison principale"), max_length=20, choices=Reponse.Motif)
    texte = models.TextField(_("Texte"), max_length=4000)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)
    archive_le = models.DateTimeField(_("Archivé le"), null=True, blank=True)

    objects = ModeleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Modèle de réponse")
        verbose_name_plural = _("Modèles de réponse")
        ordering = ["nom", "pk"]
        indexes = [models.Index(fields=["nom", "id"], name="modele_par_nom")]
        constraints = [
            models.UniqueConstraint(
                fields=["nom"],
                condition=Q(archive_le__isnull=True),
                name="modele_nom_unique",
                violation_error_message=_("Un modèle porte déjà ce nom."),
            ),
            models.CheckConstraint(condition=~Q(nom="") & ~Q(texte="") & ~Q(motif=""), name="modele_complet"),
            models.CheckConstraint(condition=Q(sens__in=["go", "go_conditions", "no_go"]), name="modele_sens"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("reponses:modele", args=[self.pk])
