from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from idees.models.idee import Idee


class Photo(models.Model):
    """A picture of an idea, encoded again by us: no metadata of the phone is left in it."""

    idee = models.ForeignKey(Idee, models.CASCADE, related_name="photos")
    fichier = models.FileField(upload_to="idees/")
    vignette = models.FileField(upload_to="idees/")
    alternative = models.CharField(_("Ce que montre la photo"), max_length=200)
    largeur = models.PositiveSmallIntegerField()
    hauteur = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("Photo")
        verbose_name_plural = _("Photos")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(alternative=""), name="photo_alternative")]

    def __str__(self):
        return self.alternative
