from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projets.models import Etape, Projet
from reponses.models import Service


class BoiteQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Free boxes, and the calls of the projets that she may see."""
        return self.filter(Q(etape__isnull=True) | Q(etape__projet__in=Projet.objects.visibles_par(personne)))

    def pour_phrase(self):
        """A box of a draft is named by nobody: its sentences ask whose stage it is."""
        return self.select_related("etape__projet")


class Boite(models.Model):
    """An idea box: permanent and free, or a themed call opened by a stage. Its rules are settings shown to everybody."""

    class Moderation(models.TextChoices):
        AVANT = "avant", _("relue avant d’être publiée")
        APRES = "apres", _("publiée tout de suite, relue ensuite")

    class Qui(models.TextChoices):
        TOUTES = "toutes", _("toute personne, même sans compte")
        INSCRITES = "inscrites", _("toute personne qui a un compte")
        HABITANTES = "habitantes", _("les personnes qui habitent le territoire")

    #: Besides its rules and whether it is open: what people read of it, and are told when it changes.
    DITS = ("titre", "description", "etape", "territoire", "service")

    titre = models.CharField(_("Titre"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    description = models.TextField(_("Description"), max_length=5000)
    etape = models.ForeignKey(
        Etape, models.PROTECT, null=True, blank=True, related_name="boites", verbose_name=_("Étape qui ouvre l’appel")
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("Service chargé de répondre"))
    seuil_soutiens = models.PositiveIntegerField(_("Soutiens qui lancent l’étude"), default=50)
    delai_reponse = models.PositiveSmallIntegerField(_("Délai de réponse, en jours"), default=60)
    moderation = models.CharField(_("Modération"), max_length=5, choices=Moderation, default=Moderation.AVANT)
    qui = models.CharField(_("Qui peut proposer"), max_length=10, choices=Qui, default=Qui.INSCRITES)
    est_active = models.BooleanField(_("Reçoit des idées"), default=True)

    objects = BoiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("Boîte à idées")
        verbose_name_plural = _("Boîtes à idées")
        ordering = ["etape", "titre"]
        constraints = [
            models.CheckConstraint(condition=Q(seuil_soutiens__gte=1, delai_reponse__gte=1), name="boite_regles"),
            models.CheckConstraint(
                condition=~Q(qui="habitantes") | Q(territoire__isnull=False),
                name="boite_habitantes",
                violation_error_message=_(
                    "Choisissez le territoire dont les habitantes et habitants peuvent proposer."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(qui="toutes") | Q(moderation="avant"),
                name="boite_sans_compte",
                violation_error_message=_(
                    "Une boîte ouverte aux personnes sans compte relit chaque idée avant de la publier. "
                    "Choisissez « relue avant d’être publiée »."
                ),
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("idees:boite", args=[self.slug])

    def projet_du_journal(self):
        return self.projet

    @property
    def projet(self):
        return self.etape.projet if self.etape else None

    @property
    def est_ouverte(self) -> bool:
        return self.est_active and (self.etape is None or self.etape.permet(Etape.Fonction.PROPOSER))

    def permet_de_soutenir(self) -> bool:
        return self.etape is None or self.etape.permet(Etape.Fonction.SOUTENIR)

    def concerne(self, territoire) -> bool:
        """Is this place in the territory of the box?"""
        return territoire.est_dans(self.territoire_id)

    @property
    def est_lisible(self) -> bool:
        return self.projet is None or self.projet.est_lisible

    def regles_en_clair(self) -> str:
        """The rules as sentences, for everybody to read before proposing."""
        seuil = ngettext(
            "Dès %(n)s soutien, l’idée est étudiée.", "Dès %(n)s soutiens, l’idée est étudiée.", self.seuil_soutiens
        ) % {"n": self.seuil_soutiens}
        delai = ngettext(
            "La collectivité a alors %(n)s jour pour répondre.",
            "La collectivité a alors %(n)s jours pour répondre.",
            self.delai_reponse,
        ) % {"n": self.delai_reponse}
        qui = _("Peut proposer : %(qui)s.") % {"qui": self.get_qui_display()}
        moderation = _("Chaque idée est %(moderation)s.") % {"moderation": self.get_moderation_display()}
        return f"{qui} {moderation} {seuil} {delai}"
