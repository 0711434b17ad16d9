from django.db import models
from django.utils.translation import gettext_lazy as _


class Service(models.Model):
    """A service of the collectivité: it is asked for opinions, and named as the one in charge of an answer."""

    nom = models.CharField(_("Nom"), max_length=120, unique=True)
    courriel = models.EmailField(_("Adresse e-mail"), blank=True)

    class Meta:
        verbose_name = _("Service")
        verbose_name_plural = _("Services")
        ordering = ["nom"]

    def __str__(self):
        return self.nom
