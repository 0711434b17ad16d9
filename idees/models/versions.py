import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from idees.models.idee import Idee
from idees.permissions import est_la_maison, peut_relire
from projets.models import Thematique
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.chaine import canonique, horodatage
from timeline.etapes import Etiquette, transition
from timeline.models import RegistreScelle

#: What a correction may change, in the order of the page. Pictures are not among them: people supported what they saw.
CONTENU = ("titre", "texte", "thematique", "territoire", "lieu", "latitude", "longitude")


class Version(models.Model):
    """The words of an idea as they stood from a date on. Number 1 is the original. Append-only, in the database too.

    Versions exist from the first correction that follows a support; the last one is what the idea says now.
    """

    idee = models.ForeignKey(Idee, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Numéro"))
    titre = models.CharField(max_length=120)
    texte = models.TextField()
    thematique = models.ForeignKey(Thematique, models.PROTECT, null=True, related_name="+")
    territoire = models.ForeignKey("territoires.Territoire", models.PROTECT, null=True, related_name="+")
    lieu = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    le = models.DateTimeField(_("Date"))
    # The only part that the erasure of an account may empty. Nobody for somebody without an account.
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("Version d’une idée")
        verbose_name_plural = _("Versions d’une idée")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["idee", "numero"], name="version_numero_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="version_numero"),
        ]

    def __str__(self):
        return f"{self.titre} ({self.numero})"

    def empreinte(self) -> str:
        """SHA-256 of its words and its place, written in the journal with the correction."""
        dits = {"idee": self.idee_id, "numero": self.numero, "le": horodatage(self.le)}
        champs = {champ.name: champ for champ in self._meta.concrete_fields}
        for nom in CONTENU:
            dits[nom] = champs[nom].to_python(getattr(self, champs[nom].attname))  # as it will be read again
        return hashlib.sha256(canonique(dits)).hexdigest()

    def get_absolute_url(self):
        return reverse("idees:version", args=[self.idee_id, self.numero])

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Une version ne se réécrit pas : une correction en ajoute une autre.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une version ne se supprime pas.")


class RelectureQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        if not est_connectee(personne) or not personne.est_moderatrice:
            return self.none()
        return self.filter(idee__in=Idee.objects.visibles_par(personne))

    def a_faire(self, personne):
        """Corrections that nobody has read yet, oldest first, with what their card shows."""
        attente = self.visibles_par(personne).filter(etat=Relecture.Etat.A_RELIRE, idee__masquee_le__isnull=True)
        return (
            attente.exclude(idee__etat="retiree")
            .select_related("idee__auteur", "idee__boite", "idee__thematique", "idee__depot")
            .prefetch_related("idee__photos", "idee__coautrices__personne")
            .annotate(a_une_version=Exists(Version.objects.filter(idee=OuterRef("idee"))))
            .order_by("depuis_le", "pk")
        )

    def pour_phrase(self):
        return self.select_related("idee")


class Relecture(EtatsProteges):
    """A correction of a published idea, that moderation has to read: it was visible at once."""

    class Etat(models.TextChoices):
        A_RELIRE = "a_relire", _("À relire")
        RELUE = "relue", _("Relue")
        DEPASSEE = "depassee", _("Suivie d’une autre correction")

    famille = "idees.relecture"

    idee = models.ForeignKey(Idee, models.CASCADE, related_name="relectures")
    # The wording that is to be read: a moderator who has an older one before her eyes cannot declare this one read.
    redaction = models.PositiveIntegerField()
    etat = FSMField(_("État"), default=Etat.A_RELIRE, choices=Etat, protected=True)
    depuis_le = models.DateTimeField(default=timezone.now)

    objects = RelectureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Correction")
        verbose_name_plural = _("Corrections")
        ordering = ["depuis_le", "pk"]
        indexes = [models.Index(fields=["etat", "depuis_le", "id"], name="relecture_file")]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["a_relire", "relue", "depassee"]), name="relecture_etat"),
            models.UniqueConstraint(fields=["idee"], condition=Q(etat="a_relire"), name="relecture_unique"),
            models.UniqueConstraint(fields=["idee", "redaction"], name="relecture_redaction"),
        ]

    def __str__(self):
        return self.idee.titre

    def get_absolute_url(self):
        return f"{reverse('moderation:file')}?file={self._meta.label_lower}"

    def projet_du_journal(self):
        return self.idee.projet

    @property
    def auteur(self):
        return self.idee.auteur

    @property
    def nom_de_l_auteur(self) -> str:
        return self.idee.nom_de_l_auteur

    def ecrite_par(self, personne) -> bool:
        return self.idee.ecrite_par(personne)

    @transition(
        de=[Etat.A_RELIRE],
        vers=Etat.RELUE,
        permission=peut_relire,
        etiquette=Etiquette(_("J’ai relu, c’est bon"), publique=False, principale=True),
    )
    def relire(self, *, par):
        """It stays as it is. Otherwise the idea is hidden, which takes it off the queue too."""

    @transition(
        de=[Etat.A_RELIRE],
        vers=Etat.DEPASSEE,
        permission=est_la_maison,
        etiquette=Etiquette(_("Laisser la place à la correction suivante"), publique=False, automatique=True),
    )
    def depasser(self, *, par):
        """Another correction has come: one card an idea, and it shows the last words."""
