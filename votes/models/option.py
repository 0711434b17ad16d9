import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from idees.models import Idee
from projets.models import Projet
from votes.models.scrutin import Scrutin


class Enveloppe(models.Model):
    """What one ballot is about: everything, or the share of one place. A vote that spends nothing has a single one.

    A person votes once for what concerns everybody, and once for one place of hers (`Emargement`).
    """

    scrutin = models.ForeignKey(Scrutin, models.CASCADE, related_name="enveloppes")
    rang = models.PositiveSmallIntegerField(default=1)
    nom = models.CharField(_("Nom"), max_length=120)
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    budget = models.PositiveBigIntegerField(_("Budget, en centimes"), null=True, blank=True)

    class Meta:
        verbose_name = _("Enveloppe")
        verbose_name_plural = _("Enveloppes")
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scrutin", "territoire"], condition=Q(territoire__isnull=False), name="enveloppe_par_lieu"
            ),
            models.UniqueConstraint(
                fields=["scrutin"], condition=Q(territoire__isnull=True), name="enveloppe_de_toutes"
            ),
            models.CheckConstraint(condition=Q(budget__isnull=True) | Q(budget__gt=0), name="enveloppe_budget"),
        ]

    def __str__(self):
        return self.nom

    @property
    def est_locale(self) -> bool:
        return self.territoire_id is not None


def ranger_image(_option, nom) -> str:
    return f"votes/{uuid.uuid4().hex}.{nom.rpartition('.')[2].lower()}"


class OptionQuerySet(models.QuerySet):
    def en_lice(self):
        """Those that one may vote for."""
        return self.filter(retiree_le__isnull=True)

    def retirees(self):
        """Those that were taken out of an announced vote, which stay beside it with their reason."""
        return self.filter(retiree_le__isnull=False)


class Option(models.Model):
    """Something to vote for, with a page of its own. Frozen with the rules; it can only be taken out, with a reason."""

    scrutin = models.ForeignKey(Scrutin, models.CASCADE, related_name="options")
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="options", verbose_name=_("Enveloppe"))
    #: Its identifier in addresses, ballots and files.
    cle = models.SlugField(max_length=60)
    rang = models.PositiveSmallIntegerField(_("Ordre"), default=1)
    titre = models.CharField(_("Titre"), max_length=200)
    texte = models.TextField(_("Description"), max_length=5000, blank=True)
    proposee_par = models.CharField(_("Proposée par"), max_length=200, blank=True)
    categorie = models.CharField(_("Catégorie"), max_length=80, blank=True)
    cout = models.PositiveBigIntegerField(_("Coût, en centimes"), null=True, blank=True)
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Lieu")
    )
    adresse = models.CharField(_("Adresse"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    image = models.FileField(_("Image"), upload_to=ranger_image, blank=True)
    image_alternative = models.CharField(_("Ce que montre l’image"), max_length=200, blank=True)
    idee = models.ForeignKey(
        Idee, models.PROTECT, null=True, blank=True, related_name="options", verbose_name=_("Idée d’origine")
    )
    #: Columns of the file that have no place of their own here, kept for `exporter_pb`.
    entete = models.JSONField(default=dict, blank=True, editable=False)
    figee_le = models.DateTimeField(null=True, blank=True, editable=False)
    retiree_le = models.DateTimeField(_("Retirée le"), null=True, blank=True, editable=False)
    motif_retrait = models.CharField(_("Raison du retrait"), max_length=500, blank=True, editable=False)
    est_elue = models.BooleanField(default=False, editable=False)
    projet = models.OneToOneField(
        Projet, models.SET_NULL, null=True, blank=True, related_name="option_elue", editable=False
    )

    objects = OptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Proposition soumise au vote")
        verbose_name_plural = _("Propositions soumises au vote")
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scrutin", "cle"], name="option_cle"),
            models.UniqueConstraint(
                fields=["scrutin", "idee"], condition=Q(idee__isnull=False), name="option_une_par_idee"
            ),
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True, motif_retrait="")
                | Q(retiree_le__isnull=False) & ~Q(motif_retrait=""),
                name="option_retiree",
            ),
            models.CheckConstraint(condition=Q(image="") | ~Q(image_alternative=""), name="option_image_alternative"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="option_lieu",
            ),
            models.CheckConstraint(
                condition=Q(projet__isnull=True) | Q(est_elue=True), name="option_projet_d_une_elue"
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("votes:option", args=[self.scrutin.slug, self.cle])

    def projet_du_journal(self):
        return self.scrutin.projet

    @property
    def est_lisible(self) -> bool:
        return self.scrutin.est_lisible

    @property
    def thematique_id(self) -> int | None:
        return self.idee.thematique_id if self.idee else None

    @property
    def est_retiree(self) -> bool:
        return self.retiree_le is not None
