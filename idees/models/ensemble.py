"""What ties an idea to a community: the draft it comes from, the working group that follows it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communautes.models import Communaute, Ebauche
from idees.models.idee import Idee


class IdeeDeCommunaute(models.Model):
    """An idea that members of a community wrote together. One draft gives one idea: the database says so."""

    idee = models.OneToOneField(Idee, models.CASCADE, related_name="origine")
    ebauche = models.OneToOneField(Ebauche, models.PROTECT, related_name="idee_deposee")

    class Meta:
        verbose_name = _("Idée écrite dans une communauté")
        verbose_name_plural = _("Idées écrites dans une communauté")

    def __str__(self):
        return f"{self.ebauche_id} : {self.idee_id}"


class GroupeDeTravailQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Whoever may know of the group and may read its idea."""
        return self.filter(
            communaute__in=Communaute.objects.visibles_par(personne).order_by().values("pk"),
            idee__in=Idee.objects.visibles_par(personne).order_by().values("pk"),
        )

    def pour_phrase(self):
        return self.select_related("idee", "communaute__projet")


class GroupeDeTravail(models.Model):
    """A group that works on an idea: a community of its own, and who should be asked in when it opens."""

    #: Its doors: the page of its idea leads to it, and says so for as long as there is a group.
    PORTES = (Communaute.Acces.PUBLIQUE, Communaute.Acces.SUR_DEMANDE)
    RESTE_CONNU = _(
        "Un groupe de travail ne se cache pas : la page de son idée y mène tout le monde. Choisissez une autre porte."
    )

    idee = models.OneToOneField(Idee, models.PROTECT, related_name="groupe_de_travail")
    communaute = models.OneToOneField(Communaute, models.PROTECT, related_name="groupe_de_travail")
    # Asked in when it opens, each with her role; she answers.
    animatrice = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    experte = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    fonde_le = models.DateTimeField(_("Fondé le"), default=timezone.now, editable=False)

    objects = GroupeDeTravailQuerySet.as_manager()

    class Meta:
        verbose_name = _("Groupe de travail")
        verbose_name_plural = _("Groupes de travail")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(animatrice__isnull=True) | Q(experte__isnull=True) | ~Q(animatrice=models.F("experte")),
                name="groupe_roles_distincts",
            )
        ]

    def __str__(self):
        return self.communaute.nom

    def get_absolute_url(self):
        return self.communaute.get_absolute_url()

    def projet_du_journal(self):
        return self.idee.projet

    @property
    def compte(self) -> bool:
        """A group that was not opened leaves its place to another."""
        return self.communaute.etat not in {Communaute.Etat.REFUSEE, Communaute.Etat.RETIREE}

    @property
    def est_lisible(self) -> bool:
        return self.idee.est_lisible and self.communaute.est_lisible
