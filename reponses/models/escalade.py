from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptes.models import Mandat
from reponses.models.echeance import Echeance
from reponses.models.reponse import projets_de
from socle.permissions import est_connectee


class EscaladeQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Agents; in a projet, its référent·e and its experts; an élue in office, what has come up to her."""
        if not est_connectee(personne):
            return self.none()
        if personne.est_agent:
            return self
        prepare = Q(projet__referente=personne) | Q(projet__in=projets_de(personne, "experte"))
        return self.filter(prepare | Q(pk__in=Escalade.objects.remontees_a(personne).values("pk")))

    def remontees_a(self, personne):
        """Those that reach this élue: those named in the projet; where it names nobody in office, all of them."""
        if not est_connectee(personne) or not Mandat.objects.en_cours().filter(personne=personne).exists():
            return self.none()
        concernee = Q(projet__in=projets_de(personne, "elue"))
        if personne.est_elue:
            concernee |= ~Q(Exists(elues_du_projet(OuterRef("projet"))))
        return self.filter(concernee, palier__in=Escalade.AUX_ELUES)


def elues_du_projet(projet):
    """Élues named in this projet, whose mandate is current. `projet`: a key, or an OuterRef."""
    en_cours = Mandat.objects.en_cours().values("personne")
    nommees = get_user_model().objects.filter(roles_projets__projet=projet, roles_projets__role="elue")
    return nommees.filter(pk__in=en_cours, is_active=True)


class Escalade(models.Model):
    """An answer that does not come goes up: one row a level, written by the clock, never taken back."""

    class Palier(models.TextChoices):
        SERVICE = "service", _("Remontée à l’équipe")
        ELUE = "elue", _("Remontée aux élues et aux élus")
        RETARD = "retard", _("En retard, dit à tout le monde")

    AUX_ELUES = (Palier.ELUE, Palier.RETARD)

    echeance = models.ForeignKey(Echeance, models.PROTECT, related_name="escalades")
    # That of its target on that day, so that what reaches an élue is one query away.
    projet = models.ForeignKey("projets.Projet", models.PROTECT, null=True, blank=True, related_name="+")
    palier = models.CharField(_("Niveau"), max_length=10, choices=Palier)
    le = models.DateTimeField(_("Le"), default=timezone.now)

    objects = EscaladeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Escalade")
        verbose_name_plural = _("Escalades")
        ordering = ["le", "pk"]
        indexes = [models.Index(fields=["palier", "projet"], name="escalade_palier")]
        constraints = [
            models.UniqueConstraint(fields=["echeance", "palier"], name="escalade_unique"),
            models.CheckConstraint(condition=Q(palier__in=["service", "elue", "retard"]), name="escalade_palier_connu"),
        ]

    def __str__(self):
        return f"{self.echeance_id} : {self.get_palier_display()}"


def palier_atteint(echeance) -> Escalade.Palier | None:
    """The level that an answer still awaited has reached today; None when it is too early.

    A delay shorter than a level starts at the next one. The élues are told before the date whatever the delay, at the
    earliest the day after the clock started: nobody learns of a delay by being late.
    """
    if echeance.est_en_retard:
        return Escalade.Palier.RETARD
    depart = timezone.localdate(echeance.depuis_le)
    if echeance.jours_restants <= settings.ESCALADE_ELUE_JOURS:
        return Escalade.Palier.ELUE if timezone.localdate() > depart else None
    ouvre_le = echeance.due_le - timedelta(days=settings.ESCALADE_SERVICE_JOURS)
    return Escalade.Palier.SERVICE if depart < ouvre_le <= timezone.localdate() else None
