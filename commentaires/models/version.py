from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commentaires.models.commentaire import Commentaire
from timeline.models import RegistreScelle


class VersionDeCommentaire(models.Model):
    """What a comment said before a correction. Append-only: the database refuses to change one."""

    commentaire = models.ForeignKey(Commentaire, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Numéro"))
    texte = models.TextField(_("Texte"))
    position = models.CharField(_("Position"), max_length=6, choices=Commentaire.Position)
    remplacee_le = models.DateTimeField(_("Remplacée le"), default=timezone.now)

    class Meta:
        verbose_name = _("Version d’un commentaire")
        verbose_name_plural = _("Versions des commentaires")
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["commentaire", "numero"], name="version_commentaire_unique"),
            models.CheckConstraint(condition=~Q(texte=""), name="version_commentaire_texte"),
        ]

    def __str__(self):
        return f"{self.commentaire} ({self.numero})"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Une version gardée ne se réécrit pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une version gardée ne se supprime pas.")
