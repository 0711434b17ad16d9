from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from timeline.models import RegistreScelle


class MoisScelle(models.Model):
    """The figures of a finished month as they were first published. Written once; what is counted later stands beside.

    What it holds is made by `reponses.mois.Compte`.
    """

    annee = models.PositiveSmallIntegerField(_("Année"))
    mois = models.PositiveSmallIntegerField(_("Mois"))
    scelle_le = models.DateTimeField(_("Publié le"), default=timezone.now)
    go = models.PositiveIntegerField(_("Oui"))
    go_conditions = models.PositiveIntegerField(_("Oui, sous conditions"))
    no_go = models.PositiveIntegerField(_("Non"))
    # Kept apart from the decisions: an answer to a question says neither yes nor no.
    reponse = models.PositiveIntegerField(_("Réponses à une question"), default=0)
    a_temps = models.PositiveIntegerField(_("Données à la date promise"))
    apres = models.PositiveIntegerField(_("Données après"))
    #: {decision: {reason: number}}
    raisons = models.JSONField(_("Raisons"))
    #: {number of the answer: [decision, reason, on time]}: what was counted, so that a difference has its cause.
    lignes = models.JSONField(_("Réponses comptées"))

    class Meta:
        verbose_name = _("Mois publié")
        verbose_name_plural = _("Mois publiés")
        ordering = ["-annee", "-mois"]
        constraints = [
            models.UniqueConstraint(fields=["annee", "mois"], name="mois_scelle_unique"),
            models.CheckConstraint(condition=Q(mois__gte=1, mois__lte=12, annee__gte=1), name="mois_scelle_mois"),
            models.CheckConstraint(
                condition=Q(a_temps__lte=F("go") + F("go_conditions") + F("no_go") + F("reponse") - F("apres")),
                name="mois_scelle_compte",
            ),
        ]

    def __str__(self):
        return date_format(self.premier_jour, "F Y")

    def get_absolute_url(self):
        return f"{reverse('reponses:chiffres')}#mois-{self.annee:04d}-{self.mois:02d}"

    @property
    def premier_jour(self) -> date:
        return date(self.annee, self.mois, 1)

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Les chiffres publiés d'un mois ne se réécrivent pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Les chiffres publiés d'un mois ne se suppriment pas.")
