import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socle.permissions import est_connectee
from timeline.chaine import canonique
from votes.models.scrutin import Scrutin


class ComptageQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Whoever conducts the vote sees that it is counted, not what comes out of it."""
        if not est_connectee(personne):
            return self.none()
        return self if personne.est_agent else self.filter(scrutin__etape__projet__referente=personne)

    def en_cours(self):
        """Asked for, not finished, not given up, and not stopped by an error that somebody must read."""
        return self.filter(termine_le__isnull=True, abandonne_le__isnull=True, echec="")

    def officiels(self):
        return self.filter(genre=Comptage.Genre.OFFICIEL)

    def simulations(self):
        return self.filter(genre=Comptage.Genre.SIMULATION)


class Comptage(models.Model):
    """One count, done in the background: the official one of a vote, or a trial of its rules on other ballots.

    A job is a row with its progress: its dates say where it stands. `resultat` is what `votes.resultats` wrote.
    """

    class Genre(models.TextChoices):
        OFFICIEL = "officiel", _("Dépouillement")
        SIMULATION = "simulation", _("Simulation")

    scrutin = models.ForeignKey(Scrutin, models.CASCADE, related_name="comptages")
    genre = models.CharField(_("Genre"), max_length=10, choices=Genre)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    #: Of a simulation: the rules compared, and where its ballots come from (`votes.simulation`).
    demande = models.JSONField(default=dict, blank=True)
    demande_le = models.DateTimeField(default=timezone.now)
    #: Last step made, or last wake: a job that has not moved for a while was lost with its process.
    avance_le = models.DateTimeField(null=True, blank=True)
    fait = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    termine_le = models.DateTimeField(null=True, blank=True)
    abandonne_le = models.DateTimeField(null=True, blank=True)
    echec = models.CharField(max_length=500, blank=True)
    resultat = models.JSONField(null=True, blank=True)
    empreinte = models.CharField(max_length=64, blank=True)

    objects = ComptageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Comptage")
        verbose_name_plural = _("Comptages")
        ordering = ["-demande_le", "-pk"]
        indexes = [models.Index(fields=["scrutin", "genre", "-demande_le"], name="comptage_de_scrutin")]
        constraints = [
            models.CheckConstraint(condition=Q(genre__in=["officiel", "simulation"]), name="comptage_genre"),
            models.CheckConstraint(
                condition=Q(termine_le__isnull=True) | Q(resultat__isnull=False) & ~Q(empreinte=""),
                name="comptage_termine",
            ),
            # Two people ask for the count at once: one count.
            models.UniqueConstraint(
                fields=["scrutin"],
                condition=Q(genre="officiel", abandonne_le__isnull=True, echec=""),
                name="comptage_officiel_unique",
            ),
        ]

    def __str__(self):
        return f"{self.get_genre_display()} {self.pk}"

    def get_absolute_url(self):
        return reverse("votes:comptage", args=[self.scrutin.slug, self.pk])

    @property
    def est_officiel(self) -> bool:
        return self.genre == self.Genre.OFFICIEL

    @property
    def etat(self) -> str:
        """Where the job stands, as its dates say."""
        if self.abandonne_le:
            return "abandonne"
        if self.termine_le:
            return "termine"
        if self.echec:
            return "arrete"
        return "en_cours" if self.avance_le else "demande"

    @property
    def est_en_cours(self) -> bool:
        return self.etat in {"demande", "en_cours"}

    @property
    def etat_en_clair(self) -> str:
        return str(
            {
                "abandonne": _("Abandonné"),
                "termine": _("Terminé"),
                "arrete": _("Arrêté par une erreur"),
                "en_cours": _("En cours"),
                "demande": _("En attente"),
            }[self.etat]
        )


def empreinte_du_resultat(resultat: dict) -> str:
    """SHA-256 of its canonical JSON: in the journal before it is proclaimed, so that it cannot change meanwhile."""
    return hashlib.sha256(canonique(resultat)).hexdigest()
