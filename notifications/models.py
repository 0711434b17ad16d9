from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.huis_clos import lues_par
from timeline.models import Entree


class AbonnementQuerySet(models.QuerySet):
    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def dits(self, *, grande_etape: bool):
        """Those that hear of it: a milestone is for everybody, the rest for whoever takes part."""
        return self if grande_etape else self.filter(facon=Abonnement.Facon.PARTICIPE)


class Abonnement(models.Model):
    """A person follows something (an idea, a projet, an idea box, a community), in one of two ways."""

    class Facon(models.TextChoices):
        PARTICIPE = "participe", _("Je participe")
        INFORME = "informe", _("Je m’informe")

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="abonnements")
    cible_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    cree_le = models.DateTimeField(default=timezone.now)
    # Told of everything, or of what `Annonce.grande_etape` calls a milestone.
    facon = models.CharField(max_length=10, choices=Facon, default=Facon.PARTICIPE)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Abonnement")
        verbose_name_plural = _("Abonnements")
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(fields=["personne", "cible_type", "cible_id"], name="abonnement_unique"),
            models.CheckConstraint(condition=models.Q(facon__in=["participe", "informe"]), name="abonnement_facon"),
        ]
        indexes = [
            models.Index(fields=["cible_type", "cible_id"], name="abonnement_cible"),
            models.Index(fields=["personne", "-cree_le", "-id"], name="abonnement_de"),
        ]

    def __str__(self):
        return f"{self.personne_id} → {self.cible_type_id}:{self.cible_id}"


class NotificationQuerySet(models.QuerySet):
    def de(self, personne):
        """Hers; without what happened in communities that she no longer reads."""
        dedans = Entree.objects.filter(lues_par(personne), communaute__isnull=False)
        return self.filter(models.Q(entree__communaute__isnull=True) | models.Q(entree__in=dedans), personne=personne)

    def compter_non_lues(self, personne) -> int:
        """How many of hers wait. Every page asks: the rule of communities is put only to whoever has news of one."""
        attendent = self.filter(personne=personne, lue_le__isnull=True)
        n = attendent.aggregate(toutes=models.Count("pk"), dedans=models.Count("entree__communaute"))
        return self.de(personne).filter(lue_le__isnull=True).count() if n["dedans"] else n["toutes"]


class Notification(models.Model):
    """One event told to one person, under the bell."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    entree = models.ForeignKey("timeline.Entree", models.CASCADE, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)
    lue_le = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        ordering = ["-cree_le", "-pk"]
        constraints = [models.UniqueConstraint(fields=["personne", "entree"], name="notification_unique")]
        indexes = [
            models.Index(fields=["personne", "-cree_le", "-id"], name="notification_liste"),
            models.Index(fields=["personne"], condition=models.Q(lue_le__isnull=True), name="notification_non_lues"),
        ]

    def __str__(self):
        return f"{self.personne_id} : {self.entree_id}"


class Genre(models.TextChoices):
    """Families of mails that one accepts or refuses together."""

    MES_CONTRIBUTIONS = "mes_contributions", _("Mes idées et mes commentaires")
    SUIVI = "suivi", _("Ce que je suis et ce que je soutiens")
    INSTRUCTION = "instruction", _("Les réponses que je prépare ou que je signe")
    MODERATION = "moderation", _("Ce qui attend la modération")


class Preference(models.Model):
    """Does a person want a family of mails? No row means yes. The bell always rings."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    genre = models.CharField(max_length=40, choices=Genre)
    par_courriel = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("Préférence")
        verbose_name_plural = _("Préférences")
        constraints = [
            models.UniqueConstraint(fields=["personne", "genre"], name="preference_unique"),
            models.CheckConstraint(
                condition=models.Q(genre__in=["mes_contributions", "suivi", "instruction", "moderation"]),
                name="preference_genre",
            ),
        ]

    def __str__(self):
        return f"{self.personne_id} : {self.genre}"


class RappelManager(models.Manager):
    def premier(self, cle: str) -> bool:
        """Is it the first time that this is said? Two processes asking at once: one hears yes."""
        return self.get_or_create(cle=cle)[1]


class Rappel(models.Model):
    """Something that the clock says once (« answer 12 is due in seven days »): written with what it says."""

    cle = models.CharField(max_length=120, unique=True)
    cree_le = models.DateTimeField(default=timezone.now)

    objects = RappelManager()

    class Meta:
        verbose_name = _("Rappel fait")
        verbose_name_plural = _("Rappels faits")

    def __str__(self):
        return self.cle


class CourrielQuerySet(models.QuerySet):
    def a_envoyer(self):
        """Due now, what lets people in first."""
        dus = self.filter(etat=Courriel.Etat.EN_ATTENTE, prochain_essai_le__lte=timezone.now())
        return dus.exclude(personne__is_active=False).order_by("priorite", "pk")

    def perimes(self):
        """Sent or given up long enough ago: nobody needs their words any more."""
        limite = timezone.now() - Courriel.CONSERVATION
        return self.exclude(etat=Courriel.Etat.EN_ATTENTE).filter(cree_le__lt=limite)


class Courriel(models.Model):
    """The outbox: a mail is a row first, and leaves from here."""

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", _("En attente")
        ENVOYE = "envoye", _("Envoyé")
        ABANDONNE = "abandonne", _("Abandonné")

    class Priorite(models.IntegerChoices):
        ACCES = 0, _("Accès au compte")
        NOUVELLE = 5, _("Nouvelle")

    ESSAIS_MAX = 8
    CONSERVATION = timedelta(days=30)

    destinataire = models.EmailField(_("Destinataire"))
    # Whose mail it is, if she has an account: it goes with the account, and never leaves once that is closed.
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Personne")
    )
    # What it tells, and to whom: the same is never written twice. Mails of access have none.
    cle = models.CharField(max_length=160, null=True, blank=True, unique=True, editable=False)
    objet = models.CharField(_("Objet"), max_length=255)
    texte = models.TextField(_("Texte"))
    html = models.TextField(blank=True)
    entetes = models.JSONField(default=dict, blank=True)
    etat = models.CharField(_("État"), max_length=12, choices=Etat, default=Etat.EN_ATTENTE)
    priorite = models.PositiveSmallIntegerField(_("Priorité"), choices=Priorite, default=Priorite.NOUVELLE)
    essais = models.PositiveSmallIntegerField(_("Essais"), default=0)
    derniere_erreur = models.TextField(_("Dernière erreur"), blank=True)
    cree_le = models.DateTimeField(_("Écrit le"), default=timezone.now)
    prochain_essai_le = models.DateTimeField(default=timezone.now)
    envoye_le = models.DateTimeField(_("Envoyé le"), null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = _("Courriel")
        verbose_name_plural = _("Courriels")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["etat", "priorite", "id"], name="courriel_file"),
            models.Index(fields=["destinataire", "-id"], name="courriel_de"),
            models.Index(fields=["cree_le"], name="courriel_ages"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(etat="envoye", envoye_le__isnull=False)
                | (~models.Q(etat="envoye") & models.Q(envoye_le__isnull=True)),
                name="courriel_envoye_date",
            )
        ]

    def __str__(self):
        return f"{self.objet} → {self.destinataire}"

    def get_absolute_url(self):
        return reverse("notifications:courriel", args=[self.pk])
