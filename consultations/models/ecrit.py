from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation
from consultations.models.participation import Donnee, Participation
from socle.moderable import Moderable
from socle.permissions import est_connectee


class EcritQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Words that are published; also those that are hidden, for moderators and for whoever wrote them."""
        publies = (
            Q(participation__accord_textes=True, participation__envoyee_le__isnull=False)
            & Q(participation__retiree_le__isnull=True)
            & Q(
                participation__consultation__in=Consultation.objects.visibles_par(personne)
                .aux_resultats_visibles()
                .values("pk")
            )
            & Exists(Donnee.objects.ecrites().filter(**_la_meme()))
        )
        if not est_connectee(personne):
            return self.filter(publies, masquee_le__isnull=True)
        if personne.est_moderatrice:
            return self.filter(publies)
        return self.filter(publies & Q(masquee_le__isnull=True) | Q(participation__personne=personne))

    def masques(self):
        return self.filter(masquee_le__isnull=False)


def _la_meme() -> dict:
    return {"participation": OuterRef("participation"), "question": OuterRef("question")}


class Ecrit(Moderable):
    """Words that somebody let be published, from the day on when they were reported or hidden.

    A row of its own, and not of the answer: its number, which addresses and decisions name, tells neither when they were
    written nor what the same person wrote elsewhere. Words that are corrected stay hidden until moderation shows them.
    """

    a_lire_avec = ("participation__consultation__etape__projet", "participation__version")

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="ecrits")
    question = models.CharField(max_length=12)

    objects = EcritQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Réponse écrite")
        verbose_name_plural = _("Réponses écrites")
        ordering = ["pk"]
        constraints = [
            *Moderable.Meta.constraints,
            models.UniqueConstraint(fields=["participation", "question"], name="ecrit_unique"),
        ]

    def __str__(self):
        question = self.participation.version.questionnaire.element(self.question)
        return gettext("Réponse à « %(question)s »") % {"question": question.intitule if question else self.question}

    def get_absolute_url(self):
        return reverse("consultations:textes", args=[self.participation.consultation.slug, self.question])

    def projet_du_journal(self):
        return self.participation.consultation.projet

    def pages_concernees(self):
        return [self.participation.consultation]

    @property
    def texte(self) -> str:
        """The words as they stand; empty when they were taken back."""
        dite = Donnee.objects.ecrites().filter(participation=self.participation_id, question=self.question).first()
        return dite.texte if dite else ""

    @property
    def nom_de_l_auteur(self) -> str:
        """Nobody's: words are published without a name."""
        return gettext("Une personne, sans son nom")

    @property
    def auteur_id(self) -> int | None:
        return self.participation.personne_id

    @property
    def saisie_par_id(self) -> int | None:
        return self.participation.saisie_par_id

    @classmethod
    def de_ses_mots(cls, personne) -> Q:
        return Q(participation__personne=personne)

    def ecrite_par(self, personne) -> bool:
        return self.participation.personne_id is not None and self.participation.personne_id == personne.pk
