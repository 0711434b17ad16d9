from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from socle.permissions import est_connectee
from votes.models.option import Enveloppe
from votes.models.scrutin import Scrutin


class EmargementQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """One's own: who has voted is nobody else's business."""
        return self.filter(personne=personne) if est_connectee(personne) else self.none()

    def nombre_de_votantes(self) -> int:
        """People, not ballots: who votes for everybody and for one place is one person.

        Erased accounts have no name by which their two ballots could be told to be of one person: the larger of the two
        numbers is taken, which is never more than there were people.
        """
        sans_nom = Q(personne__isnull=True)
        comptes = self.order_by().aggregate(
            nommees=Count("personne", distinct=True),
            partout=Count("pk", filter=sans_nom & Q(est_local=False)),
            ici=Count("pk", filter=sans_nom & Q(est_local=True)),
        )
        return comptes["nommees"] + max(comptes["partout"], comptes["ici"])


class Emargement(models.Model):
    """That a person has voted: once for what concerns everybody, once for one place. The database refuses a second."""

    scrutin = models.ForeignKey(Scrutin, models.PROTECT, related_name="emargements")
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="emargements")
    #: Kept when the account is erased: a vote that was cast stays cast.
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="emargements", verbose_name=_("Compte")
    )
    est_local = models.BooleanField(default=False)
    le = models.DateTimeField(_("Le"), default=timezone.now)

    objects = EmargementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Émargement")
        verbose_name_plural = _("Émargements")
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["personne", "-le", "-id"], name="emargement_de")]
        constraints = [
            models.UniqueConstraint(fields=["scrutin", "personne", "est_local"], name="emargement_unique"),
        ]

    def __str__(self):
        return f"{self.scrutin_id}/{self.enveloppe_id}"


class Bulletin(models.Model):
    """What was voted, as {key of the option: value}, values as in `votes.regles.election.Genre`.

    In this open mode it knows whose it is by its `emargement`, so that it can be changed until the end; without one it
    comes from a file. Once the vote is closed the database lets nobody write any (`votes/migrations`).
    """

    scrutin = models.ForeignKey(Scrutin, models.PROTECT, related_name="bulletins")
    enveloppe = models.ForeignKey(Enveloppe, models.PROTECT, related_name="bulletins")
    emargement = models.OneToOneField(Emargement, models.PROTECT, null=True, related_name="bulletin")
    notes = models.JSONField(default=dict)
    #: Of a file: the name of the ballot there, and its columns that have no place of their own here.
    origine = models.CharField(max_length=80, blank=True)
    entete = models.JSONField(default=dict, blank=True)
    depose_le = models.DateTimeField(default=timezone.now)
    modifie_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Bulletin")
        verbose_name_plural = _("Bulletins")
        ordering = ["pk"]
        indexes = [models.Index(fields=["scrutin", "id"], name="bulletin_de_scrutin")]
        constraints = [
            models.UniqueConstraint(
                fields=["scrutin", "origine"], condition=~Q(origine=""), name="bulletin_origine_unique"
            ),
            models.CheckConstraint(
                condition=Q(emargement__isnull=False, origine="") | Q(emargement__isnull=True) & ~Q(origine=""),
                name="bulletin_emarge_ou_repris",
            ),
        ]

    def __str__(self):
        return str(self.pk)
