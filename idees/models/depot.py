from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptes.pseudonymes import LONGUEUR_MAX, VALIDATEURS
from idees.models.idee import Idee
from reponses.models import Reponse
from socle.permissions import est_connectee


class DepotQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """With its contact: agents, and whoever holds the idea."""
        if est_connectee(personne):
            return self if personne.est_agent else self.none()
        return self.filter(idee__in=getattr(personne, "tenues", ()), rattache_le__isnull=True)

    def joignables(self):
        """Those who left an address."""
        return self.exclude(courriel="", adresse_postale="")


class Depot(models.Model):
    """How an idea without an account came in, and how its author comes back to it: its number, and a secret.

    The contact is read by agents, who write with it, and by nobody else; it is forgotten once it has served
    (`idees.depots.oublier_les_contacts`).
    """

    class Canal(models.TextChoices):
        EN_LIGNE = "en_ligne", _("en ligne, sans compte")
        GUICHET = "guichet", _("au guichet")
        TELEPHONE = "telephone", _("par téléphone")
        COURRIER = "courrier", _("par courrier")

    #: Those that an agent writes down for somebody.
    CANAUX_D_AGENT = ("guichet", "telephone", "courrier")

    idee = models.OneToOneField(Idee, models.CASCADE, related_name="depot", verbose_name=_("Idée"))
    canal = models.CharField(_("Façon de déposer"), max_length=10, choices=Canal)
    nom = models.CharField(_("Nom à afficher"), max_length=LONGUEUR_MAX, blank=True, validators=VALIDATEURS)
    courriel = models.EmailField(_("Adresse e-mail"), blank=True)
    adresse_postale = models.TextField(_("Nom et adresse postale"), max_length=240, blank=True)
    secret_empreinte = models.CharField(max_length=64, blank=True, editable=False)
    secret_le = models.DateTimeField(_("Secret donné le"), default=timezone.now, editable=False)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Saisie par")
    )
    cree_le = models.DateTimeField(_("Déposée le"), default=timezone.now, editable=False)
    contact_oublie_le = models.DateTimeField(_("Coordonnées effacées le"), null=True, blank=True, editable=False)
    rattache_le = models.DateTimeField(_("Rattachée à un compte le"), null=True, blank=True, editable=False)

    objects = DepotQuerySet.as_manager()

    class Meta:
        verbose_name = _("Dépôt sans compte")
        verbose_name_plural = _("Dépôts sans compte")
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["cree_le", "id"], condition=~Q(adresse_postale=""), name="depot_par_courrier"),
            models.Index(fields=["cree_le"], condition=~Q(adresse_postale="", courriel=""), name="depot_joignables"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(canal__in=["en_ligne", "guichet", "telephone", "courrier"]), name="depot_canal"
            ),
            models.CheckConstraint(
                condition=~Q(canal="en_ligne") | Q(saisi_par__isnull=True), name="depot_saisi_par_un_agent"
            ),
            # A living secret, or an account: never both, never neither.
            models.CheckConstraint(
                condition=(Q(rattache_le__isnull=True) & ~Q(secret_empreinte=""))
                | Q(rattache_le__isnull=False, secret_empreinte="", nom="", courriel="", adresse_postale=""),
                name="depot_rattache",
            ),
            models.CheckConstraint(
                condition=Q(contact_oublie_le__isnull=True) | Q(courriel="", adresse_postale=""),
                name="depot_contact_oublie",
            ),
        ]

    def __str__(self):
        return str(self.idee_id)

    @property
    def numero(self) -> int:
        """The same everywhere: on the receipt, on the page, in the address."""
        return self.idee_id

    @property
    def nom_affiche(self) -> str:
        return self.nom or str(_("Une habitante, un habitant"))

    @property
    def est_vivant(self) -> bool:
        """Not yet an account's."""
        return self.rattache_le is None


class Lettre(models.Model):
    """A letter that has left: which, when, by whose hand. Written once."""

    class Genre(models.TextChoices):
        ACCUSE = "accuse", _("Accusé de réception")
        REFUS = "refus", _("Décision de modération")
        REPONSE = "reponse", _("Réponse officielle")
        PROPOSITION = "proposee", _("Proposition de réunion")
        REUNION = "reunion", _("Réunion avec une autre idée")
        FIN = "fin", _("Les deux idées restent séparées")

    #: Those that speak of a merge.
    DE_FUSION = ("proposee", "reunion", "fin")

    depot = models.ForeignKey(Depot, models.CASCADE, related_name="lettres")
    genre = models.CharField(_("Lettre"), max_length=8, choices=Genre)
    reponse = models.ForeignKey(Reponse, models.PROTECT, null=True, blank=True, related_name="+")
    fusion = models.ForeignKey("idees.Fusion", models.PROTECT, null=True, blank=True, related_name="+")
    envoyee_le = models.DateTimeField(_("Envoyée le"), default=timezone.now, editable=False)
    envoyee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Envoyée par")
    )

    class Meta:
        verbose_name = _("Lettre envoyée")
        verbose_name_plural = _("Lettres envoyées")
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=["accuse", "refus", "reponse", "proposee", "reunion", "fin"]), name="lettre_genre"
            ),
            models.CheckConstraint(condition=Q(genre="reponse") ^ Q(reponse__isnull=True), name="lettre_de_reponse"),
            models.CheckConstraint(
                condition=Q(genre__in=["proposee", "reunion", "fin"]) ^ Q(fusion__isnull=True), name="lettre_de_fusion"
            ),
            models.UniqueConstraint(
                fields=["depot", "genre"],
                condition=Q(reponse__isnull=True, fusion__isnull=True),
                name="lettre_unique",
            ),
            models.UniqueConstraint(
                fields=["depot", "genre", "fusion"], condition=Q(fusion__isnull=False), name="lettre_de_fusion_unique"
            ),
            models.UniqueConstraint(
                fields=["depot", "reponse"], condition=Q(reponse__isnull=False), name="lettre_de_reponse_unique"
            ),
        ]

    def __str__(self):
        return f"{self.get_genre_display()} ({self.depot_id})"
