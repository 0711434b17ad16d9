from django.db import models
from django.utils.translation import gettext_lazy as _

from idees.models.idee import Idee


class Exposition(models.Model):
    """How often the card of an idea was shown. Written by `tic` alone: no page waits for this row."""

    idee = models.OneToOneField(Idee, models.CASCADE, primary_key=True, related_name="exposition")
    vues = models.PositiveIntegerField(_("Fois montrée"), default=0)

    class Meta:
        verbose_name = _("Exposition")
        verbose_name_plural = _("Expositions")

    def __str__(self):
        return f"{self.idee_id} : {self.vues}"


class Rang(models.Model):
    """The place of an idea in one round (`tour`), the least seen first. A round is never reordered, so that a visit
    which has begun in it neither repeats nor skips; ideas that come later take a place between two others.
    """

    tour = models.PositiveIntegerField()
    rang = models.FloatField()
    idee = models.ForeignKey(Idee, models.CASCADE, related_name="rangs")

    class Meta:
        verbose_name = _("Rang")
        verbose_name_plural = _("Rangs")
        constraints = [
            models.UniqueConstraint(fields=["tour", "rang"], name="rang_du_tour"),
            models.UniqueConstraint(fields=["tour", "idee"], name="rang_de_l_idee"),
        ]

    def __str__(self):
        return f"tour {self.tour}, rang {self.rang} : {self.idee_id}"
