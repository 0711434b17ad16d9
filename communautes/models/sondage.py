"""Polls of one question, among those who are in. Who chose what is nobody's business."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.permissions import OUVERTE, peut_clore_le_sondage
from socle.etats import EtatsProteges
from socle.moderable import Moderable
from socle.permissions import est_connectee
from timeline.etapes import Etiquette, transition


class SondageQuerySet(DansUneCommunauteQuerySet):
    def a_clore(self, maintenant):
        return self.filter(etat=Sondage.Etat.OUVERT, ferme_le__lte=maintenant)

    def pour_liste(self, personne):
        """Open ones first; `a_vote`: did she answer?"""
        sondages = self.select_related("auteur")
        voix = Voix.objects.filter(sondage=OuterRef("pk"), personne=personne.pk)
        sien = Exists(voix) if est_connectee(personne) else models.Value(False)
        ouverts = models.Case(models.When(etat="ouvert", then=0), default=1, output_field=models.IntegerField())
        return sondages.annotate(
            a_vote=models.ExpressionWrapper(sien, output_field=models.BooleanField()), rang_d_etat=ouverts
        ).order_by("rang_d_etat", "-ouvert_le", "-pk")

    def pour_phrase(self):
        return self.select_related("communaute")


class Sondage(DansUneCommunaute, Moderable, EtatsProteges):
    """One question, a few answers to choose from. Once it is over it never opens again."""

    class Etat(models.TextChoices):
        OUVERT = "ouvert", _("Ouvert")
        CLOS = "clos", _("Terminé")

    QUESTION_MAX = 200  # characters
    OPTIONS_MIN, OPTIONS_MAX = 2, 10

    famille = "communautes.sondage"
    a_lire_avec = ("auteur", "options")

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="sondages")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Auteur")
    )
    question = models.CharField(_("Question"), max_length=QUESTION_MAX)
    plusieurs = models.BooleanField(_("Plusieurs réponses possibles"), default=False)
    etat = FSMField(_("État"), default=Etat.OUVERT, choices=Etat, protected=True)
    ouvert_le = models.DateTimeField(_("Ouvert le"), default=timezone.now, editable=False)
    ferme_le = models.DateTimeField(_("Se termine le"), null=True, blank=True)
    clos_le = models.DateTimeField(_("Terminé le"), null=True, blank=True, editable=False)

    objects = SondageQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Sondage")
        verbose_name_plural = _("Sondages")
        ordering = ["-ouvert_le", "-pk"]
        indexes = [
            models.Index(fields=["communaute", "-ouvert_le", "-id"], name="sondage_de_la_communaute"),
            models.Index(fields=["auteur", "-ouvert_le", "-id"], name="sondage_de"),
            models.Index(fields=["ferme_le"], condition=Q(etat="ouvert"), name="sondage_a_clore"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(condition=Q(etat__in=["ouvert", "clos"]), name="sondage_etat"),
            models.CheckConstraint(condition=~Q(question=""), name="sondage_question"),
            models.CheckConstraint(condition=Q(etat="clos") ^ Q(clos_le__isnull=True), name="sondage_clos"),
            models.CheckConstraint(
                condition=Q(ferme_le__isnull=True) | Q(ferme_le__gt=models.F("ouvert_le")), name="sondage_ferme"
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("communautes:sondage", args=[self.communaute.slug, self.pk])

    @property
    def texte(self) -> str:
        """Its words, for whoever judges them."""
        return "\n".join([self.question, *(f"– {option.libelle}" for option in self.options.all())])

    @property
    def est_clos(self) -> bool:
        return self.etat == self.Etat.CLOS

    def on_y_repond(self) -> bool:
        """Open, and its time is not over, even when the clock has not passed yet."""
        a_l_heure = self.ferme_le is None or timezone.now() < self.ferme_le
        return not self.est_clos and a_l_heure and not self.est_masquee and self.communaute.etat == OUVERTE

    @transition(
        de=[Etat.OUVERT],
        vers=Etat.CLOS,
        permission=peut_clore_le_sondage,
        etiquette=Etiquette(
            _("Terminer ce sondage"),
            prevenir=_("Plus personne n’y répondra, et il ne se rouvrira pas. Les membres liront les résultats."),
        ),
    )
    def clore(self, *, par):
        self.clos_le = timezone.now()


class Option(models.Model):
    """One of the answers, as it was proposed: it does not change under those who chose it."""

    LIBELLE_MAX = 120  # characters

    sondage = models.ForeignKey(Sondage, models.PROTECT, related_name="options")
    rang = models.PositiveSmallIntegerField()
    libelle = models.CharField(_("Réponse"), max_length=LIBELLE_MAX)

    class Meta:
        verbose_name = _("Réponse d’un sondage")
        verbose_name_plural = _("Réponses des sondages")
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["sondage", "rang"], name="option_sondage_rang"),
            models.UniqueConstraint(fields=["sondage", "libelle"], name="option_sondage_libelle"),
            models.CheckConstraint(condition=Q(rang__range=(1, 10)), name="option_sondage_rang_borne"),
            models.CheckConstraint(condition=~Q(libelle=""), name="option_sondage_dite"),
        ]

    def __str__(self):
        return self.libelle


def en_double(reponses) -> list[str]:
    """Those that others repeat, as first written; spaces and capitals make no difference to whoever reads them."""
    ecrites: dict[str, list[str]] = {}
    for reponse in reponses:
        ecrites.setdefault(" ".join(reponse.casefold().split()), []).append(reponse)
    return [memes[0] for memes in ecrites.values() if len(memes) > 1]


class Voix(models.Model):
    """One person chose one answer. `bulletin` groups the answers of one person, so that they still count as one person's
    when her name is gone."""

    sondage = models.ForeignKey(Sondage, models.PROTECT, related_name="voix")
    option = models.ForeignKey(Option, models.PROTECT, related_name="voix")
    # Emptied by the erasure of her account; the answer counts all the same.
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    bulletin = models.UUIDField(editable=False)
    # Only one answer is asked for: repeated here for the constraint below.
    seule = models.BooleanField(editable=False)

    class Meta:
        verbose_name = _("Voix")
        verbose_name_plural = _("Voix")
        constraints = [
            models.UniqueConstraint(fields=["option", "personne"], name="voix_unique"),
            models.UniqueConstraint(fields=["option", "bulletin"], name="voix_d_un_bulletin"),
            models.UniqueConstraint(fields=["sondage", "personne"], condition=Q(seule=True), name="voix_seule"),
            models.UniqueConstraint(fields=["sondage", "bulletin"], condition=Q(seule=True), name="voix_seul_bulletin"),
        ]
        indexes = [models.Index(fields=["personne", "sondage"], name="voix_de")]

    def __str__(self):
        return f"Voix {self.pk}"
