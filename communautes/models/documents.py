"""Documents that the members share: a file, or a text that they write in turn. Each version is kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.permissions import peut_retirer_le_document
from socle.etats import EtatsProteges
from socle.fichiers import FORMATS, Format
from socle.moderable import Moderable
from socle.permissions import est_connectee
from timeline.etapes import Etiquette, transition
from timeline.models import RegistreScelle


class DocumentPartageQuerySet(DansUneCommunauteQuerySet):
    def pour_liste(self):
        """With the number and the date of the last version."""
        derniere = VersionDocument.objects.filter(document=OuterRef("pk")).order_by("-numero")
        retires = models.Case(models.When(etat="retire", then=1), default=0, output_field=models.IntegerField())
        return self.annotate(
            numero=Subquery(derniere.values("numero")[:1]),
            verse_le=Subquery(derniere.values("versee_le")[:1]),
            rang_d_etat=retires,
        ).order_by("rang_d_etat", "titre", "pk")

    def pour_phrase(self):
        return self.select_related("communaute")


class DocumentPartage(DansUneCommunaute, Moderable, EtatsProteges):
    """A document of the community; what it holds is always one of its versions."""

    class Etat(models.TextChoices):
        PARTAGE = "partage", _("Partagé")
        RETIRE = "retire", _("Retiré")

    class Genre(models.TextChoices):
        FICHIER = "fichier", _("Un fichier")
        TEXTE = "texte", _("Un texte écrit ici")

    famille = "communautes.document"

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="documents")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Partagé par")
    )
    titre = models.CharField(_("Titre"), max_length=160)
    genre = models.CharField(_("Genre"), max_length=7, choices=Genre)
    etat = FSMField(_("État"), default=Etat.PARTAGE, choices=Etat, protected=True)
    motif = models.TextField(_("Raison"), max_length=1000, blank=True, editable=False)
    partage_le = models.DateTimeField(_("Partagé le"), default=timezone.now, editable=False)

    objects = DocumentPartageQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Document partagé")
        verbose_name_plural = _("Documents partagés")
        ordering = ["titre", "pk"]
        indexes = [models.Index(fields=["communaute", "titre", "id"], name="document_de_la_communaute")]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(condition=Q(etat__in=["partage", "retire"]), name="document_partage_etat"),
            models.CheckConstraint(condition=Q(genre__in=["fichier", "texte"]), name="document_partage_genre"),
            models.CheckConstraint(condition=~Q(titre=""), name="document_partage_titre"),
            models.CheckConstraint(condition=Q(etat="retire") ^ Q(motif=""), name="document_partage_motif"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("communautes:document_partage", args=[self.communaute.slug, self.pk])

    @property
    def texte(self) -> str:
        """Of the document itself only the title is judged: each version is a contribution of its own."""
        return self.titre

    @property
    def est_retire(self) -> bool:
        return self.etat == self.Etat.RETIRE

    @property
    def est_un_texte(self) -> bool:
        return self.genre == self.Genre.TEXTE

    @transition(
        de=[Etat.PARTAGE],
        vers=Etat.RETIRE,
        permission=peut_retirer_le_document,
        etiquette=Etiquette(
            _("Retirer ce document"),
            formulaire="communautes.forms.MotifForm",
            prevenir=_("Les membres ne le liront plus. Son titre, la date et votre raison restent."),
        ),
    )
    def retirer(self, *, par, motif):
        self.motif = motif


def ranger(version, nom) -> str:
    """Where the file of a version is stored: a drawn name, of which only the extension comes from the person."""
    return f"communautes/documents/{uuid.uuid4().hex}.{nom.rpartition('.')[2].lower()}"


class VersionDocumentQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Of the documents that she sees. Of a withdrawn one, for those who lead; what moderation hides, for whoever
        wrote it."""
        vues = self.filter(document__in=DocumentPartage.objects.visibles_par(personne).values("pk"))
        partages = Q(document__etat=DocumentPartage.Etat.PARTAGE)
        if not est_connectee(personne):
            return vues.filter(partages, masquee_le__isnull=True)
        animees = Communaute.objects.dont_anime(personne).order_by().values("pk")
        vues = vues.filter(partages | Q(document__communaute__in=animees))
        return vues if personne.est_moderatrice else vues.filter(Q(masquee_le__isnull=True) | Q(auteur=personne))

    def a_huis_clos(self):
        return self.filter(document__in=DocumentPartage.objects.a_huis_clos().values("pk"))

    def pour_phrase(self):
        return self.select_related("document__communaute")


class VersionDocument(DansUneCommunaute, Moderable):
    """One version of a shared document: never replaced, followed by the next one. Moderation hides it alone."""

    TEXTE_MAX = 50_000  # characters

    a_lire_avec = ("auteur", "document__communaute")

    document = models.ForeignKey(DocumentPartage, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Version"))
    fichier = models.FileField(_("Fichier"), upload_to=ranger, blank=True)
    nom = models.CharField(_("Nom d’origine"), max_length=120, blank=True)
    taille = models.PositiveIntegerField(_("Taille"), default=0)
    empreinte = models.CharField(max_length=64)
    texte = models.TextField(_("Texte"), max_length=TEXTE_MAX, blank=True)
    note = models.CharField(_("Ce qui change"), max_length=200, blank=True)
    versee_le = models.DateTimeField(_("Du"), default=timezone.now, editable=False)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Par")
    )

    objects = VersionDocumentQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Version d’un document partagé")
        verbose_name_plural = _("Versions des documents partagés")
        ordering = ["-numero"]
        indexes = [models.Index(fields=["auteur", "-versee_le", "-id"], name="version_partagee_de")]
        constraints = [
            *Moderable.Meta.constraints,
            models.UniqueConstraint(fields=["document", "numero"], name="version_partagee_unique"),
            models.CheckConstraint(
                condition=Q(fichier="", nom="", taille=0) & ~Q(texte="")
                | (~Q(fichier="") & ~Q(nom="") & Q(taille__gt=0, texte="")),
                name="version_partagee_pleine",
            ),
        ]

    def __str__(self):
        return str(_("%(document)s, version %(n)s")) % {"document": self.document, "n": self.numero}

    def save(self, *args, **kwargs):
        """Written once; only moderation touches it afterwards."""
        if not self._state.adding and set(kwargs.get("update_fields") or ("tout",)) - {"masquee_le", "masquee_motif"}:
            raise RegistreScelle("Une version versée ne se remplace pas : versez la suivante.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une version versée ne se supprime pas.")

    def get_absolute_url(self):
        return reverse("communautes:version_partagee", args=[self.communaute.slug, self.document_id, self.numero])

    @property
    def communaute(self):
        return self.document.communaute

    @property
    def est_lisible_dedans(self) -> bool:
        return not self.est_masquee and self.document.est_lisible_dedans and not self.document.est_retire

    @property
    def format(self) -> Format:
        return FORMATS[str(self.fichier.name).rpartition(".")[2]]

    def pages_concernees(self):
        return [self.document]
