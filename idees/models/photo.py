from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from idees.models.idee import Idee


class Photo(models.Model):
    """A picture of an idea, encoded again by us: no metadata of the phone is left in it.

    Its words may come later than the picture, as long as the idea is a draft: `soumettre` asks for them.
    """

    RANG_MAX = 5

    idee = models.ForeignKey(Idee, models.CASCADE, related_name="photos")
    rang = models.PositiveSmallIntegerField(default=1, editable=False)
    fichier = models.FileField(upload_to="idees/")
    vignette = models.FileField(upload_to="idees/")
    alternative = models.CharField(_("Ce que montre la photo"), max_length=200, blank=True)
    largeur = models.PositiveSmallIntegerField()
    hauteur = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("Photo")
        verbose_name_plural = _("Photos")
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["idee", "rang"], name="photo_rang_unique"),
            # Rank 0 is that of a picture which changes places (`idees.photos`).
            models.CheckConstraint(condition=Q(rang__range=(0, 5)), name="photo_rang"),
        ]

    def __str__(self):
        return self.alternative
