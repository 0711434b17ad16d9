"""What became of a promise: accounts of its steps with pictures and costs, news, delays, thanks. Rows are added, never changed."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.models.jalon import Jalon
from reponses.models.reponse import Reponse
from timeline.chaine import canonique
from timeline.models import RegistreScelle


class Ecrit(models.Model):
    """Base: a dated row that everybody reads. The database has its own lock behind this one."""

    #: Columns whose words the journal can be compared with.
    DIT: tuple[str, ...] = ("texte",)

    publie_le = models.DateTimeField(_("Publié le"), default=timezone.now, editable=False)
    publie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle(str(_("Ce qui est publié ne se réécrit pas : ajoutez la suite, datée.")))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle(str(_("Ce qui est publié ne se supprime pas.")))

    def empreinte(self) -> str:
        """SHA-256 of what it says, written in the journal."""
        return hashlib.sha256(canonique({nom: str(getattr(self, nom)) for nom in self.DIT})).hexdigest()


class CompteRenduQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(jalon__in=Jalon.objects.visibles_par(personne))


class CompteRendu(Ecrit):
    """What was done of a step, in a few words, and what it has cost so far. A later one adds to it."""

    DIT = ("texte", "depense")

    jalon = models.ForeignKey(Jalon, models.PROTECT, related_name="comptes_rendus")
    texte = models.TextField(_("Ce qui a été fait"), max_length=2000)
    depense = models.PositiveIntegerField(_("Dépensé à ce jour pour cette étape, en euros"), null=True, blank=True)

    objects = CompteRenduQuerySet.as_manager()

    class Meta:
        verbose_name = _("Compte rendu d’une étape")
        verbose_name_plural = _("Comptes rendus des étapes")
        ordering = ["publie_le", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(texte=""), name="compte_rendu_dit")]

    def __str__(self):
        return f"{self.jalon_id} {self.publie_le:%Y-%m-%d}"


class PhotoRealisationQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(compte_rendu__in=CompteRendu.objects.visibles_par(personne))


class PhotoRealisation(models.Model):
    """A picture of the place, before or after; encoded again by us, and never without its words."""

    class Moment(models.TextChoices):
        AVANT = "avant", _("Avant")
        APRES = "apres", _("Après")

    compte_rendu = models.ForeignKey(CompteRendu, models.PROTECT, related_name="photos")
    moment = models.CharField(_("Moment"), max_length=5, choices=Moment)
    fichier = models.FileField(upload_to="realisations/")
    vignette = models.FileField(upload_to="realisations/")
    alternative = models.CharField(_("Ce que montre la photo"), max_length=200)
    largeur = models.PositiveSmallIntegerField()
    hauteur = models.PositiveSmallIntegerField()

    objects = PhotoRealisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Photo d’une réalisation")
        verbose_name_plural = _("Photos des réalisations")
        ordering = ["compte_rendu", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["compte_rendu", "moment"], name="photo_realisation_unique"),
            models.CheckConstraint(condition=Q(moment__in=["avant", "apres"]), name="photo_realisation_moment"),
            models.CheckConstraint(condition=~Q(alternative=""), name="photo_realisation_decrite"),
        ]

    def __str__(self):
        return self.alternative


class NouvelleQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(reponse__in=Reponse.objects.visibles_par(personne))


class Nouvelle(Ecrit):
    """Between two steps: how it goes; or why a step will be late, and when it is now expected."""

    class Genre(models.TextChoices):
        NOUVELLE = "nouvelle", _("Nouvelle")
        DIFFICULTE = "difficulte", _("Difficulté")

    DIT = ("titre", "texte", "attendue_le")

    reponse = models.ForeignKey(Reponse, models.PROTECT, related_name="nouvelles")
    genre = models.CharField(_("Genre"), max_length=10, choices=Genre)
    titre = models.CharField(_("En quelques mots"), max_length=160)
    texte = models.TextField(_("Ce qui se passe"), max_length=2000)
    jalon = models.ForeignKey(
        Jalon, models.PROTECT, null=True, blank=True, related_name="nouvelles", verbose_name=_("Étape retardée")
    )
    attendue_le = models.DateField(_("Désormais attendue le"), null=True, blank=True)

    objects = NouvelleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nouvelle d’une réalisation")
        verbose_name_plural = _("Nouvelles des réalisations")
        ordering = ["-publie_le", "-pk"]
        indexes = [models.Index(fields=["reponse", "-publie_le", "-id"], name="nouvelle_de_la_reponse")]
        constraints = [
            models.CheckConstraint(condition=~Q(titre="") & ~Q(texte=""), name="nouvelle_dit"),
            models.CheckConstraint(
                condition=Q(genre="nouvelle", jalon__isnull=True, attendue_le__isnull=True)
                | Q(genre="difficulte", jalon__isnull=False, attendue_le__isnull=False),
                name="nouvelle_genre",
            ),
        ]

    def __str__(self):
        return self.titre


class MerciQuerySet(models.QuerySet):
    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)


class Merci(Ecrit):
    """The words of thanks to those who took part, when a thing is done. Once."""

    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    texte = models.TextField(_("Remerciement"), max_length=1000)

    objects = MerciQuerySet.as_manager()

    class Meta:
        verbose_name = _("Remerciement")
        verbose_name_plural = _("Remerciements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cible_type", "cible_id"], name="merci_unique"),
            models.CheckConstraint(condition=~Q(texte=""), name="merci_dit"),
        ]

    def __str__(self):
        return f"{self.cible_type_id}:{self.cible_id}"
