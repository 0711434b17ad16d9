"""The account of a projet: an illustrated story that leans on entries of its chronology. Published, an edition is sealed."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from projets.models.projet import PROJET_SANS_TEXTES, Projet
from projets.permissions import peut_raconter
from reponses.models import Reponse
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.chaine import canonique
from timeline.etapes import EtapeImpossible, EtapeInvalide, Etiquette, transition
from timeline.models import Entree, RegistreScelle


class RecitQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Published and withdrawn editions of the projets she sees; drafts for those who conduct the projet."""
        visibles = self.filter(projet__in=Projet.objects.visibles_par(personne))
        parus = ~Q(etat=Recit.Etat.BROUILLON)
        if not est_connectee(personne):
            return visibles.filter(parus)
        return visibles if personne.est_agent else visibles.filter(parus | Q(projet__referente=personne))

    def publies(self):
        return self.filter(etat=Recit.Etat.PUBLIE)

    def pour_phrase(self):
        return self.select_related("projet").defer(*PROJET_SANS_TEXTES)


class Recit(EtatsProteges):
    """One edition of the story of a projet. What has to change in a published one is said in the next."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("En écriture")
        PUBLIE = "publie", _("Publié")
        RETIRE = "retire", _("Retiré")

    famille = "projets.recit"

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="recits")
    numero = models.PositiveSmallIntegerField(_("Édition"))
    titre = models.CharField(_("Titre"), max_length=160)
    chapo = models.CharField(_("En deux phrases"), max_length=500, blank=True)
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    #: Counts the changes of the draft: who writes at the same time as somebody else is told.
    tour = models.PositiveIntegerField(default=1, editable=False)
    ouvert_le = models.DateTimeField(default=timezone.now, editable=False)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    publie_le = models.DateTimeField(_("Publié le"), null=True, blank=True, editable=False)
    motif_retrait = models.CharField(_("Raison du retrait"), max_length=500, blank=True, editable=False)

    objects = RecitQuerySet.as_manager()

    class Meta:
        verbose_name = _("Récit")
        verbose_name_plural = _("Récits")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["projet", "numero"], name="recit_numero_unique"),
            models.UniqueConstraint(fields=["projet"], condition=Q(etat="brouillon"), name="recit_un_brouillon"),
            models.CheckConstraint(condition=Q(etat__in=["brouillon", "publie", "retire"]), name="recit_etat"),
            models.CheckConstraint(condition=Q(etat="brouillon") ^ Q(publie_le__isnull=False), name="recit_publie"),
            models.CheckConstraint(condition=Q(etat="retire") ^ Q(motif_retrait=""), name="recit_retire"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        if self.etat == self.Etat.BROUILLON:
            return reverse("projets:composer_recit", args=[self.projet.slug])
        return reverse("projets:edition_recit", args=[self.projet.slug, self.numero])

    def projet_du_journal(self):
        return self.projet

    @property
    def est_lisible(self) -> bool:
        """Do everybody read its words?"""
        return self.etat == self.Etat.PUBLIE

    def delete(self, *args, **kwargs):
        if self.etat != self.Etat.BROUILLON:
            raise RegistreScelle("Un récit publié ne se supprime pas.")
        return super().delete(*args, **kwargs)

    def publication(self):
        """Its entry in the journal, with the fingerprint; None before publication."""
        return Entree.objects.sur(self).filter(type="projets.recit.publier").first()

    def empreinte(self) -> str:
        """SHA-256 of its words, its citations and its pictures, written in the journal when it is published."""
        dits = [bloc.contenu() for bloc in self.blocs.select_related("entree").order_by("rang")]
        return hashlib.sha256(canonique({"titre": self.titre, "chapo": self.chapo, "blocs": dits})).hexdigest()

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.PUBLIE,
        permission=peut_raconter,
        etiquette=Etiquette(
            _("Publier le récit"),
            prevenir=_(
                "Tout le monde le lira, et les personnes qui suivent le projet le recevront. Il ne changera plus."
            ),
            formulaire="projets.forms_recit.PublierForm",
            suite="projets.recits.sceller",
            principale=True,
        ),
    )
    def publier(self, *, par, vu=None):
        """`vu` is the `tour` that she read: another text than that one is not published."""
        if vu is not None and vu != self.tour:
            raise EtapeImpossible(_("Le récit a changé depuis que vous l’avez lu. Relisez-le avant de le publier."))
        if not self.blocs.filter(genre=Bloc.Genre.TEXTE).exists():
            raise EtapeInvalide(_("Le récit est vide : écrivez au moins un passage."))
        self.publie_le = timezone.now()
        citees = self.blocs.filter(genre=Bloc.Genre.CITATION).values("entree").distinct().count()
        return {"edition": self.numero, "citations": citees, "empreinte": self.empreinte()}

    @transition(
        de=[Etat.PUBLIE],
        vers=Etat.RETIRE,
        permission=peut_raconter,
        etiquette=Etiquette(
            _("Retirer le récit"),
            formulaire="projets.forms_recit.RetirerForm",
            prevenir=_("Il ne sera plus lisible. Sa date, son titre et votre raison resteront."),
        ),
    )
    def retirer(self, *, par, motif):
        if not motif.strip():
            raise EtapeInvalide(_("Écrivez la raison : tout le monde la lira."), champ="motif")
        self.motif_retrait = motif.strip()
        return {"motif": self.motif_retrait, "edition": self.numero}


class BlocQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Those of the editions that she reads; of a withdrawn one, for those who conduct the projet."""
        lisibles = Q(recit__etat=Recit.Etat.PUBLIE)
        recits = self.filter(recit__in=Recit.objects.visibles_par(personne))
        if not est_connectee(personne):
            return recits.filter(lisibles)
        return recits if personne.est_agent else recits.filter(lisibles | Q(recit__projet__referente=personne))


class Bloc(models.Model):
    """A piece of a story, in its order: words, a cited entry, a picture, or the figures of an answer."""

    class Genre(models.TextChoices):
        TEXTE = "texte", _("Texte")
        CITATION = "citation", _("Entrée de la chronologie")
        PHOTO = "photo", _("Photo")
        CHIFFRES = "chiffres", _("Chiffres d’une réponse")

    recit = models.ForeignKey(Recit, models.CASCADE, related_name="blocs")
    #: 0 is that of a block which changes places, for as long as a transaction lasts.
    rang = models.PositiveIntegerField(_("Rang"))
    genre = models.CharField(_("Genre"), max_length=8, choices=Genre)
    texte = models.TextField(_("Texte"), max_length=5000, blank=True)
    entree = models.ForeignKey(Entree, models.PROTECT, null=True, blank=True, related_name="+")
    reponse = models.ForeignKey(Reponse, models.PROTECT, null=True, blank=True, related_name="+")
    #: The figures on the day they were put here, {name: number or code}.
    chiffres = models.JSONField(default=dict, blank=True)
    fichier = models.FileField(upload_to="recits/", blank=True)
    vignette = models.FileField(upload_to="recits/", blank=True)
    alternative = models.CharField(_("Ce que montre la photo"), max_length=200, blank=True)
    credit = models.CharField(_("Qui l’a prise"), max_length=120, blank=True)
    largeur = models.PositiveSmallIntegerField(null=True, blank=True)
    hauteur = models.PositiveSmallIntegerField(null=True, blank=True)
    scelle_le = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BlocQuerySet.as_manager()

    class Meta:
        verbose_name = _("Passage d’un récit")
        verbose_name_plural = _("Passages d’un récit")
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recit", "rang"], name="bloc_rang_unique"),
            models.UniqueConstraint(
                fields=["recit", "entree"], condition=Q(entree__isnull=False), name="bloc_entree_une_fois"
            ),
            models.CheckConstraint(
                condition=(Q(genre="texte", entree__isnull=True, reponse__isnull=True, fichier="") & ~Q(texte=""))
                | Q(genre="citation", entree__isnull=False, reponse__isnull=True, fichier="", texte="")
                | Q(genre="chiffres", entree__isnull=True, reponse__isnull=False, fichier="", texte="")
                | (
                    Q(genre="photo", entree__isnull=True, reponse__isnull=True, texte="")
                    & ~Q(fichier="")
                    & ~Q(alternative="")
                    & ~Q(credit="")
                ),
                name="bloc_genre",
            ),
        ]

    def __str__(self):
        return f"{self.recit_id}/{self.rang} {self.genre}"

    def contenu(self) -> dict:
        """What the fingerprint of the edition covers."""
        return {
            "genre": self.genre,
            "texte": self.texte,
            "entree": self.entree.empreinte if self.entree else "",
            "reponse": self.reponse_id or 0,
            "chiffres": self.chiffres,
            "photo": [str(self.fichier.name or ""), self.alternative, self.credit],
        }

    @property
    def est_masque(self) -> bool:
        """Has moderation hidden, since, what it speaks of? Its place stays, without the words."""
        if self.entree is None and self.reponse is None:
            return False
        return est_masquee(self.entree.cible if self.entree else self.reponse)


def est_masquee(cible) -> bool:
    """Is this, or what it is about, gone or no longer shown to everybody?"""
    vues = [cible, getattr(cible, "cible", cible)]
    return any(vue is None or not getattr(vue, "est_lisible", True) for vue in vues)
