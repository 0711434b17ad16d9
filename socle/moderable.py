"""What moderation can hide. Low in the house, so that every kind of contribution may inherit it."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Motif(models.TextChoices):
    """Grounds of the charter, in everyday words; each is a clause that one can quote on appeal."""

    HORS_SUJET = "hors_sujet", _("Ce n’est pas le sujet ici")
    DOUBLON = "doublon", _("C’est déjà proposé ailleurs")
    VIE_PRIVEE = "vie_privee", _("Cela révèle la vie privée de quelqu’un")
    INJURE = "injure", _("Propos injurieux ou menaçants")
    DISCRIMINATION = "discrimination", _("Propos racistes, sexistes ou discriminants")
    PUBLICITE = "publicite", _("Publicité ou démarchage")
    ILLEGAL = "illegal", _("Contraire à la loi")


class Moderable(models.Model):
    """Something that moderation can hide. Being hidden is not a state: it is these two fields, together or not at all.

    They are written by `moderation.actions` alone, with the decision that gives the reasons.
    """

    #: Relations that its card shows to moderators (`templates/<app>/_a_moderer.html`); loaded for a whole page at once.
    a_lire_avec: tuple[str, ...] = ("auteur",)

    masquee_le = models.DateTimeField(null=True, blank=True, editable=False)
    masquee_motif = models.CharField(max_length=20, choices=Motif, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(masquee_le__isnull=True, masquee_motif="")
                | (models.Q(masquee_le__isnull=False) & ~models.Q(masquee_motif="")),
                name="%(app_label)s_%(class)s_masquee",
            )
        ]

    @property
    def nom_de_l_auteur(self) -> str:
        """Under which name everybody reads it."""
        auteur = getattr(self, "auteur", None)
        return auteur.pseudonyme if auteur is not None else gettext("Participant effacé")

    @property
    def saisie_par_id(self) -> int | None:
        """Whoever wrote it down for somebody else, when that is not its author."""
        return None

    @property
    def est_masquee(self) -> bool:
        return self.masquee_le is not None

    @property
    def est_lisible(self) -> bool:
        """May everybody read its words? Otherwise the chronology tells what happened without them."""
        return not self.est_masquee

    @classmethod
    def de_ses_mots(cls, personne) -> models.Q:
        """Rows whose words are hers. A kind that several people write together says so."""
        return models.Q(auteur=personne)

    def ecrite_par(self, personne) -> bool:
        """The same question about one row, without a query where it can be."""
        return self.auteur_id == personne.pk  # type: ignore[attr-defined]

    def pages_concernees(self) -> list[models.Model]:
        """Objects on whose pages its words stand: those pages are refreshed when it is hidden or shown again."""
        return [self]
