"""The forum of a community: threads. What people answer is `commentaires.Commentaire`."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from commentaires.models import Commentaire
from communautes.models.communaute import Communaute
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.permissions import OUVERTE, peut_fermer_le_sujet, peut_rouvrir_le_sujet
from socle.etats import EtatsProteges
from socle.lignes import nombre_de
from socle.moderable import Moderable
from socle.mots import sans_accent
from timeline.etapes import Etiquette, transition
from timeline.models import RegistreScelle


class SujetQuerySet(DansUneCommunauteQuerySet):
    def avec_activite(self):
        """`nb_reponses` that can be read, and `actif_le`: the last of them, or the opening. One index scan each a thread."""
        type_sujet = ContentType.objects.get_for_model(Sujet)
        lisibles = Commentaire.objects.publies().filter(cible_type=type_sujet, cible_id=OuterRef("pk"))
        derniere = lisibles.order_by("-publie_le").values("publie_le")[:1]
        return self.annotate(
            actif_le=Coalesce(Subquery(derniere), F("ouvert_le")),
            nb_reponses=nombre_de(lisibles),
        )

    def pour_liste(self):
        """Pinned first, the last pinned on top; then where somebody spoke last."""
        liste = self.select_related("auteur").defer("texte", "mots").avec_activite()
        return liste.order_by(F("epingle_le").desc(nulls_last=True), "-actif_le", "-pk")

    def ou_l_on_dit(self, mots: list[str]):
        """Threads in whose words, or in one of whose readable answers, each of these stands (unaccented words)."""
        trouves = self
        for mot in mots:
            dits = Commentaire.objects.publies().filter(texte__icontains=mot)
            dits = dits.filter(cible_type=ContentType.objects.get_for_model(Sujet))
            trouves = trouves.filter(Q(mots__contains=sans_accent(mot)) | Q(pk__in=dits.values("cible_id")))
        return trouves

    def pour_phrase(self):
        return self.select_related("communaute")


class Sujet(DansUneCommunaute, Moderable, EtatsProteges):
    """A thread: what somebody says to the others, and what they answer."""

    class Etat(models.TextChoices):
        OUVERT = "ouvert", _("Ouvert")
        FERME = "ferme", _("Fermé")

    TITRE_MAX, TEXTE_MAX = 120, 10_000  # characters

    famille = "communautes.sujet"
    a_lire_avec = ("auteur", "communaute")
    #: People answer here, they do not stand for or against.
    avec_positions = False

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="sujets")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Auteur")
    )
    titre = models.CharField(_("Titre"), max_length=TITRE_MAX)
    texte = models.TextField(_("Texte"), max_length=TEXTE_MAX)
    # The same words, unaccented: what the search of the forum reads.
    mots = models.TextField(editable=False)
    # Said once, when written, with the capacity of that day.
    officielle = models.BooleanField(_("Au nom de la collectivité"), default=False)
    qualite = models.CharField(_("En qualité de"), max_length=340, blank=True)
    # Encoded again by us; read through the rights of the thread, each time.
    photo = models.FileField(upload_to="communautes/forum/", blank=True, editable=False)
    vignette = models.FileField(upload_to="communautes/forum/", blank=True, editable=False)
    photo_alternative = models.CharField(_("Ce que montre la photo"), max_length=200, blank=True)
    photo_largeur = models.PositiveSmallIntegerField(default=0, editable=False)
    photo_hauteur = models.PositiveSmallIntegerField(default=0, editable=False)
    etat = FSMField(_("État"), default=Etat.OUVERT, choices=Etat, protected=True)
    epingle_le = models.DateTimeField(_("Épinglé le"), null=True, blank=True, editable=False)
    ouvert_le = models.DateTimeField(_("Ouvert le"), default=timezone.now, editable=False)
    modifie_le = models.DateTimeField(_("Modifié le"), null=True, blank=True, editable=False)

    objects = SujetQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Sujet du forum")
        verbose_name_plural = _("Sujets du forum")
        ordering = ["-ouvert_le", "-pk"]
        indexes = [
            models.Index(fields=["communaute", "-ouvert_le", "-id"], name="sujet_de_la_communaute"),
            models.Index(fields=["auteur", "-ouvert_le", "-id"], name="sujet_de"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(condition=Q(etat__in=["ouvert", "ferme"]), name="sujet_etat"),
            models.CheckConstraint(condition=~Q(titre="") & ~Q(texte=""), name="sujet_complet"),
            models.CheckConstraint(condition=Q(officielle=True) ^ Q(qualite=""), name="sujet_qualite"),
            models.CheckConstraint(
                condition=Q(photo="", vignette="", photo_alternative="")
                | (~Q(photo="") & ~Q(vignette="") & ~Q(photo_alternative="")),
                name="sujet_photo",
            ),
            models.CheckConstraint(
                condition=Q(modifie_le__isnull=True) | Q(modifie_le__gte=F("ouvert_le")), name="sujet_modifie"
            ),
        ]

    def __str__(self):
        return self.titre

    def save(self, *args, **kwargs):
        self.mots = sans_accent(f"{self.titre}\n{self.texte}")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("communautes:sujet", args=[self.communaute.slug, self.pk])

    @property
    def est_ouvert(self) -> bool:
        return self.etat == self.Etat.OUVERT

    @property
    def est_epingle(self) -> bool:
        return self.epingle_le is not None

    def discussion_ouverte(self) -> bool:
        """Who may write there is another question (`peut_y_ecrire`)."""
        return self.est_ouvert and not self.est_masquee and self.communaute.etat == OUVERTE

    @transition(
        de=[Etat.OUVERT],
        vers=Etat.FERME,
        permission=peut_fermer_le_sujet,
        etiquette=Etiquette(
            _("Fermer ce sujet"),
            prevenir=_("On pourra encore le lire, plus y répondre. Les personnes qui animent peuvent le rouvrir."),
            suite="communautes.forum.rafraichir",
        ),
    )
    def fermer(self, *, par):
        """What was said stays."""

    @transition(
        de=[Etat.FERME],
        vers=Etat.OUVERT,
        permission=peut_rouvrir_le_sujet,
        etiquette=Etiquette(_("Rouvrir ce sujet"), suite="communautes.forum.rafraichir", principale=True),
    )
    def rouvrir(self, *, par):
        """People may answer again."""


class VersionDeSujet(models.Model):
    """What a thread said before a correction. Append-only: the database refuses to change one."""

    sujet = models.ForeignKey(Sujet, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Numéro"))
    titre = models.CharField(_("Titre"), max_length=Sujet.TITRE_MAX)
    texte = models.TextField(_("Texte"))
    remplacee_le = models.DateTimeField(_("Remplacée le"), default=timezone.now)

    class Meta:
        verbose_name = _("Version d’un sujet")
        verbose_name_plural = _("Versions des sujets")
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["sujet", "numero"], name="version_sujet_unique"),
            models.CheckConstraint(condition=~Q(titre="") & ~Q(texte=""), name="version_sujet_complete"),
        ]

    def __str__(self):
        return f"{self.sujet} ({self.numero})"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Une version gardée ne se réécrit pas.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une version gardée ne se supprime pas.")
