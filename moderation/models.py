from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from moderation.permissions import peut_traiter
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.moderable import Moderable, Motif
from socle.permissions import est_connectee
from timeline.etapes import Etiquette, transition
from timeline.models import RegistreScelle

__all__ = ["Decision", "Moderable", "Motif", "Signalement", "modeles_moderables"]


@cache
def modeles_moderables() -> list[type[Any]]:
    """Every kind of contribution that moderation can hide."""
    return [modele for modele in apps.get_models() if issubclass(modele, Moderable)]


def _parmi(critere: Callable[[type[Any]], Q]) -> Q:
    """Targets, of any kind, that meet what `critere` asks of each kind."""
    trouvees = Q(pk__in=[])
    for modele in modeles_moderables():
        cibles = modele._base_manager.filter(critere(modele)).values("pk")
        trouvees |= Q(cible_type=ContentType.objects.get_for_model(modele), cible_id__in=cibles)
    return trouvees


class DecisionQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """The moderators, and those whose words the decision is about."""
        if not est_connectee(personne):
            return self.none()
        return self if personne.est_moderatrice else self.filter(_parmi(lambda m: m.de_ses_mots(personne)))

    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def qui_masquent(self):
        """For each contribution that is hidden now, the decision that hid it."""
        suivantes = Decision.objects.filter(
            cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"), pk__gt=OuterRef("pk")
        )
        return self.filter(
            _parmi(lambda _m: Q(masquee_le__isnull=False)), ~Exists(suivantes), sens=Decision.Sens.MASQUER
        )

    def _refuser(self, *args, **kwargs):
        raise RegistreScelle("Une décision ne se réécrit pas : elle se change par une autre décision.")

    update = delete = bulk_update = update_or_create = _refuser


class Decision(models.Model):
    """A decision of moderation with its statement of reasons. Append-only: the database refuses to change one."""

    class Sens(models.TextChoices):
        REFUSER = "refuser", _("Publication refusée")
        MASQUER = "masquer", _("Contribution masquée")
        RETABLIR = "retablir", _("Contribution rétablie")

    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    sens = models.CharField(_("Décision"), max_length=10, choices=Sens)
    motif = models.CharField(_("Motif"), max_length=20, choices=Motif, blank=True)
    explication = models.TextField(_("Explication"), max_length=2000)
    # The report that led here, if one did: the author has a right to know that there was one, never whose.
    signalement = models.ForeignKey("Signalement", models.PROTECT, null=True, blank=True, related_name="decisions")
    # The only part that the erasure of an account may empty.
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Par")
    )
    le = models.DateTimeField(_("Date"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Décision de modération")
        verbose_name_plural = _("Décisions de modération")
        ordering = ["-le", "-pk"]
        indexes = [
            models.Index(fields=["cible_type", "cible_id"], name="decision_cible"),
            models.Index(fields=["-le", "-id"], name="decision_recentes"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sens__in=["refuser", "masquer", "retablir"]), name="decision_sens"),
            models.CheckConstraint(condition=~Q(explication=""), name="decision_motivee"),
            models.CheckConstraint(condition=Q(sens="retablir") | ~Q(motif=""), name="decision_motif"),
        ]

    def __str__(self):
        return f"{self.get_sens_display()} ({timezone.localtime(self.le):%d/%m/%Y})"

    def get_absolute_url(self):
        return reverse("moderation:decision", args=[self.pk])

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Une décision ne se réécrit pas : elle se change par une autre décision.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une décision ne se supprime pas.")


class SignalementQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """The moderators, and the person who wrote it."""
        if not est_connectee(personne):
            return self.none()
        return self if personne.est_moderatrice else self.filter(par=personne)

    def a_traiter(self):
        return self.filter(etat=Signalement.Etat.RECU)

    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)


class Signalement(EtatsProteges):
    """Somebody says that a contribution breaks the charter."""

    class Etat(models.TextChoices):
        RECU = "recu", _("Reçu")
        FONDE = "fonde", _("Fondé : la contribution est masquée")
        ECARTE = "ecarte", _("Écarté : la contribution reste")

    famille = "moderation"

    cible_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    motif = models.CharField(_("Motif"), max_length=20, choices=Motif)
    texte = models.TextField(_("Ce qui pose problème"), max_length=2000, blank=True)
    # Nobody in particular when the report comes without an account.
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    nom = models.CharField(_("Votre nom"), max_length=120, blank=True)
    courriel = models.EmailField(
        _("Votre adresse e-mail"), blank=True, help_text=_("Pour vous dire ce qui a été décidé.")
    )
    etat = FSMField(_("État"), default=Etat.RECU, choices=Etat, protected=True)
    cree_le = models.DateTimeField(_("Reçu le"), default=timezone.now)
    traite_le = models.DateTimeField(_("Traité le"), null=True, blank=True)
    traite_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SignalementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Signalement")
        verbose_name_plural = _("Signalements")
        ordering = ["cree_le", "pk"]
        indexes = [
            models.Index(fields=["etat", "cree_le", "id"], name="signalement_file"),
            models.Index(fields=["cible_type", "cible_id"], name="signalement_cible"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["recu", "fonde", "ecarte"]), name="signalement_etat"),
            models.CheckConstraint(
                condition=Q(etat="recu", traite_le__isnull=True) | (~Q(etat="recu") & Q(traite_le__isnull=False)),
                name="signalement_traite",
            ),
            models.UniqueConstraint(
                fields=["cible_type", "cible_id", "par"],
                condition=Q(etat="recu", par__isnull=False),
                name="signalement_unique",
            ),
            models.UniqueConstraint(
                fields=["cible_type", "cible_id", "courriel"],
                condition=Q(etat="recu", par__isnull=True) & ~Q(courriel=""),
                name="signalement_unique_courriel",
            ),
        ]

    def __str__(self):
        return f"{self.get_motif_display()} ({self.get_etat_display()})"

    def get_absolute_url(self):
        return f"{reverse('moderation:file')}?file=signalements"

    def projet_du_journal(self):
        return None

    @cached_property
    def voisins(self) -> list["Signalement"]:
        """Every report of the same contribution, this one included. The queue fills it for a whole page at once."""
        return list(Signalement.objects.filter(cible_type=self.cible_type_id, cible_id=self.cible_id))

    def adresse_de_reponse(self) -> str:
        """Where its author learns what became of it; empty when she left no address."""
        return self.par.email if self.par else self.courriel

    @transition(
        de=[Etat.RECU],
        vers=Etat.FONDE,
        permission=peut_traiter,
        etiquette=Etiquette(
            _("Masquer la contribution"),
            publique=False,
            formulaire="moderation.forms.MotifForm",
            suite="moderation.actions.donner_suite",
            principale=True,
        ),
    )
    def retenir(self, *, par, motif, explication, ensemble=True):
        self._traiter(par)
        return {"motif": motif}

    @transition(
        de=[Etat.RECU],
        vers=Etat.ECARTE,
        permission=peut_traiter,
        etiquette=Etiquette(_("Laisser la contribution"), publique=False, suite="moderation.actions.laisser"),
    )
    def ecarter(self, *, par, ensemble=True):
        self._traiter(par)

    def _traiter(self, par):
        self.traite_le, self.traite_par = timezone.now(), par
