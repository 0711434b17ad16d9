"""Taking over the ideas and the comments of another platform: the mapping, the job, what was refused, where a thing comes from.

A job is a row with its progress, not a machine: its dates say where it stands. Each batch is one transaction that moves
`passe` and `curseur` with what it wrote, so that a job killed anywhere goes on from there.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commentaires.models import Commentaire
from idees.models.boite import Boite
from idees.models.idee import Idee
from projets.models import Thematique
from socle.permissions import est_connectee
from timeline.survenue import Survenue


def ranger(importation, nom) -> str:
    """Under a name of our own: the one that was sent is kept apart, to be shown."""
    return f"importations/{uuid.uuid4().hex}.csv"


class Correspondance(models.Model):
    """A mapping that an agent keeps for the next file: which column goes where, and how it is read."""

    nom = models.CharField(_("Nom"), max_length=80, unique=True)
    regles = models.JSONField(_("Règles"))
    modifiee_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("Correspondance")
        verbose_name_plural = _("Correspondances")
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class ImportationQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Agents only: the file may hold what is not for everybody."""
        return self if est_connectee(personne) and personne.est_agent else self.none()

    def en_cours(self):
        """Launched, not finished, and not stopped by an error that somebody must read."""
        return self.filter(lancee_le__isnull=False, terminee_le__isnull=True, echec="")


class Importation(models.Model):
    """One file taken over, or about to be."""

    class Genre(models.TextChoices):
        IDEES = "idees", _("Idées")
        COMMENTAIRES = "commentaires", _("Commentaires")

    genre = models.CharField(_("Contenu"), max_length=12, choices=Genre)
    boite = models.ForeignKey(
        Boite, models.PROTECT, related_name="importations", verbose_name=_("Boîte à idées qui les reçoit")
    )
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    regles = models.JSONField(_("Correspondance"))
    source = models.CharField(_("Code de la source"), max_length=60)
    source_nom = models.CharField(_("Nom de la source"), max_length=200)
    # Empty for a file that a command reads where it is, and once everything is taken over.
    fichier = models.FileField(_("Fichier"), upload_to=ranger, blank=True)
    nom_fichier = models.CharField(_("Nom du fichier"), max_length=120)
    empreinte = models.CharField(max_length=64)
    # Themes that its lines asked for and that were not there: undone, it takes away those that serve nobody.
    themes_crees = models.ManyToManyField(Thematique, related_name="importations", editable=False)
    lot = models.PositiveIntegerField(default=500)
    total = models.PositiveIntegerField(default=0)
    passe = models.PositiveSmallIntegerField(default=1)
    curseur = models.PositiveIntegerField(default=0)
    lues = models.PositiveIntegerField(default=0)
    reprises = models.PositiveIntegerField(default=0)
    deja = models.PositiveIntegerField(default=0)
    refusees = models.PositiveIntegerField(default=0)
    cree_le = models.DateTimeField(auto_now_add=True)
    lancee_le = models.DateTimeField(null=True, blank=True)
    # Last batch written, or last wake: a job that has not moved for a while was lost with its process.
    avance_le = models.DateTimeField(null=True, blank=True)
    terminee_le = models.DateTimeField(null=True, blank=True)
    annulee_le = models.DateTimeField(null=True, blank=True)
    motif_annulation = models.CharField(_("Raison de l’annulation"), max_length=500, blank=True)
    echec = models.CharField(max_length=500, blank=True)

    objects = ImportationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Importation")
        verbose_name_plural = _("Importations")
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["-cree_le", "-id"], name="importation_recentes")]
        constraints = [
            models.CheckConstraint(condition=Q(genre__in=["idees", "commentaires"]), name="importation_genre"),
            models.CheckConstraint(
                condition=Q(terminee_le__isnull=True) | Q(lancee_le__isnull=False), name="importation_terminee"
            ),
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True) ^ ~Q(motif_annulation=""), name="importation_annulee"
            ),
            models.CheckConstraint(condition=Q(lot__range=(1, 5000)), name="importation_lot"),
        ]

    def __str__(self):
        return f"{self.source_nom} ({self.nom_fichier})"

    def get_absolute_url(self):
        return reverse("idees:importation", args=[self.pk])

    @property
    def est_lisible(self) -> bool:
        """Its name may be told to everybody, its page not."""
        return True

    def projet_du_journal(self):
        return self.boite.projet

    @property
    def etat(self) -> str:
        """Code of `static` looks: where the job stands, as its dates say."""
        if self.annulee_le:
            return "annulee"
        if self.terminee_le:
            return "terminee"
        if self.echec:
            return "arretee"
        return "lancee" if self.lancee_le else "prete"

    @property
    def etat_en_clair(self) -> str:
        return str(
            {
                "annulee": _("Annulée"),
                "terminee": _("Terminée"),
                "arretee": _("Arrêtée par une erreur"),
                "lancee": _("En cours"),
                "prete": _("À vérifier, puis à lancer"),
            }[self.etat]
        )


class LigneRefusee(models.Model):
    """A line of the file that was not taken over, and why. Its value is shown to agents as text, and cut short."""

    VALEUR_MAX = 200  # characters

    importation = models.ForeignKey(Importation, models.CASCADE, related_name="lignes_refusees")
    numero = models.PositiveIntegerField()
    colonne = models.CharField(max_length=200, blank=True)
    valeur = models.CharField(max_length=VALEUR_MAX, blank=True)
    raison = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("Ligne refusée")
        verbose_name_plural = _("Lignes refusées")
        ordering = ["numero", "pk"]
        indexes = [models.Index(fields=["importation", "numero", "id"], name="ligne_refusee_ordre")]

    def __str__(self):
        return f"{self.importation_id}/{self.numero}"


class Provenance(models.Model):
    """Where a thing comes from: its identifier there. The pair is unique, so nothing is taken over twice."""

    importation = models.ForeignKey(Importation, models.PROTECT, related_name="%(class)ss")
    source = models.CharField(max_length=60)
    cle = models.CharField(max_length=100)
    ligne = models.PositiveIntegerField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["source", "cle"], name="%(class)s_unique")]

    def __str__(self):
        return f"{self.source} {self.cle}"


class ProvenanceIdee(Provenance):
    """What the other platform said of an idea, and that has no place of its own here."""

    idee = models.OneToOneField(Idee, models.CASCADE, related_name="provenance")
    adresse = models.URLField(max_length=500, blank=True)
    etat_origine = models.CharField(max_length=100, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=200, blank=True)
    cout = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # euros
    contre = models.PositiveIntegerField(default=0)
    mitiges = models.PositiveIntegerField(default=0)
    # Dates that the source announces and that are not facts yet: [{"fait", "survenu_le", "precision"}].
    annonces = models.JSONField(default=list, blank=True)

    #: Names of the facts, as dates to come.
    FAITS = {
        "vote": _("Vote"),
        "etudes": _("Études"),
        "procedure": _("Procédure"),
        "travaux": _("Travaux"),
        "livraison": _("Livraison"),
        "ouverture": _("Ouverture au public"),
    }

    class Meta(Provenance.Meta):
        verbose_name = _("Provenance d’une idée")
        verbose_name_plural = _("Provenances des idées")

    def annonces_en_clair(self) -> list[dict]:
        """What the source announces, with no more precision than it has."""
        return [
            {"libelle": self.FAITS[annonce["fait"]], "date": survenue.libelle}
            for annonce in self.annonces
            if (survenue := Survenue.de(annonce))
        ]


class ProvenanceCommentaire(Provenance):
    commentaire = models.OneToOneField(Commentaire, models.CASCADE, related_name="provenance")

    class Meta(Provenance.Meta):
        verbose_name = _("Provenance d’un commentaire")
        verbose_name_plural = _("Provenances des commentaires")
