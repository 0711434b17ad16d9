import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Cast, Concat, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.maison import agit_quelque_part
from comptes.pseudonymes import LONGUEUR_MAX, VALIDATEURS, cle_de

ANNEE_MINIMALE = 1900


def valider_annee(annee: int) -> None:
    if not ANNEE_MINIMALE <= annee <= timezone.localdate().year:
        raise ValidationError(_("Écrivez une année de naissance sur quatre chiffres, par exemple 1984."))


class CleDePseudonyme(models.CharField):
    """Follows the pseudonym at each save, bulk ones included: what makes two of them the same is written once."""

    def pre_save(self, model_instance, add):
        cle = cle_de(model_instance.pseudonyme)
        setattr(model_instance, self.attname, cle)
        return cle


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def get_by_natural_key(self, email):
        return self.get(email=email.lower())

    def lire_avec_roles(self, pk):
        """Somebody with her global roles, in one query: nearly every page asks for both. Raises Utilisateur.DoesNotExist."""
        lignes = list(
            self.filter(pk=pk).annotate(role_lu=models.F("roles_globaux__role"))
        )  # a row a role, or one without
        if not lignes:
            raise self.model.DoesNotExist
        personne = lignes[0]
        personne.roles = frozenset(ligne.role_lu for ligne in lignes if ligne.role_lu)
        return personne

    def create_user(self, email, pseudonyme, password=None, **champs):
        personne = self.model(email=self.normalize_email(email).lower(), pseudonyme=pseudonyme, **champs)
        personne.set_password(password)
        personne.save(using=self._db)
        return personne

    def create_superuser(self, email, pseudonyme, password=None, **champs):
        champs |= {"is_staff": True, "is_superuser": True}
        with transaction.atomic(using=self._db):
            personne = self.create_user(email, pseudonyme, password, **champs)
            Role.objects.create(personne=personne, role=Role.Nom.ADMINISTRATRICE)
            # Whoever has a shell on the server vouches for the address: no mail is needed to enter the first time.
            personne.emailaddress_set.create(email=personne.email, verified=True, primary=True)
        return personne


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Only the pseudonym is ever public."""

    email = models.EmailField(_("Adresse e-mail"), unique=True)
    pseudonyme = models.CharField(
        _("Pseudonyme public"),
        max_length=LONGUEUR_MAX,
        validators=VALIDATEURS,
        help_text=_("C’est le seul nom que les autres verront. Il peut être inventé."),
    )
    pseudonyme_cle = CleDePseudonyme(max_length=4 * LONGUEUR_MAX, editable=False)
    commune = models.ForeignKey(
        "territoires.Territoire",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Commune ou quartier"),
        help_text=_("Facultatif. Jamais montré avec votre nom."),
    )
    annee_naissance = models.PositiveSmallIntegerField(
        _("Année de naissance"),
        null=True,
        blank=True,
        validators=[valider_annee],
        help_text=_("Facultatif. Sert à savoir qui manque au dialogue, jamais montrée."),
    )
    # What the journal knows of this person: a random name that means nothing once this row is gone.
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    langue = models.CharField(
        _("Langue des courriels"), max_length=5, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    is_staff = models.BooleanField(_("Accès à l’administration technique"), default=False)
    is_active = models.BooleanField(_("Compte actif"), default=True)
    inscrite_le = models.DateTimeField(_("Inscription"), default=timezone.now, editable=False)

    objects = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["pseudonyme"]

    class Meta:
        verbose_name = _("Utilisateur")
        verbose_name_plural = _("Utilisateurs")
        ordering = ["pk"]
        constraints = [
            # With the unique column: one account per address, however it is typed.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_en_minuscules"),
            models.UniqueConstraint(
                fields=["pseudonyme_cle"],
                name="pseudonyme_unique",
                violation_error_message=_("Ce pseudonyme est déjà pris."),
            ),
        ]

    def __str__(self):
        return self.pseudonyme

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        if champs := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*champs, *({"pseudonyme_cle"} if "pseudonyme" in champs else ())}
        super().save(*args, **kwargs)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Global roles of this person, read once per request."""
        return frozenset(self.roles_globaux.values_list("role", flat=True))

    @cached_property
    def adresses_prouvees(self) -> frozenset[str]:
        """Where this person has shown that she reads, in lower case; asked once per request."""
        verifiees = self.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]  # allauth has no stubs
        return frozenset(adresse.lower() for adresse in verifiees.values_list("email", flat=True))

    @property
    def est_agent(self) -> bool:
        return self.is_active and bool(self.roles & {Role.Nom.AGENT, Role.Nom.ADMINISTRATRICE})

    @property
    def est_moderatrice(self) -> bool:
        return self.is_active and bool(self.roles & {Role.Nom.MODERATRICE, Role.Nom.ADMINISTRATRICE})

    @property
    def est_elue(self) -> bool:
        return self.is_active and Role.Nom.ELUE in self.roles

    @property
    def est_mediatrice(self) -> bool:
        """By her own role alone: who administers the platform does not judge its answers."""
        return self.is_active and Role.Nom.MEDIATRICE in self.roles

    @property
    def est_administratrice(self) -> bool:
        return self.is_active and Role.Nom.ADMINISTRATRICE in self.roles

    @property
    def est_de_la_maison(self) -> bool:
        """By a role on the whole platform."""
        return self.is_active and (self.is_staff or bool(self.roles))

    @property
    def agit_pour_la_collectivite(self) -> bool:
        """On the whole platform or in one projet; she therefore enters with a second factor, for a day."""
        return self.est_de_la_maison or (self.is_active and agit_quelque_part(self))


def nom_public(personne) -> str:
    return personne.pseudonyme


class Role(models.Model):
    class Nom(models.TextChoices):
        AGENT = "agent", _("Agent du dialogue citoyen")
        MODERATRICE = "moderatrice", _("Modération")
        ELUE = "elue", _("Élu·e")
        MEDIATRICE = "mediatrice", _("Médiation")
        ADMINISTRATRICE = "administratrice", _("Administration")

    personne = models.ForeignKey(Utilisateur, models.CASCADE, related_name="roles_globaux", verbose_name=_("Personne"))
    role = models.CharField(_("Rôle"), max_length=20, choices=Nom)

    class Meta:
        verbose_name = _("Rôle")
        verbose_name_plural = _("Rôles")
        constraints = [
            models.UniqueConstraint(fields=["personne", "role"], name="role_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=["agent", "moderatrice", "elue", "mediatrice", "administratrice"]),
                name="role_connu",
            ),
        ]

    def __str__(self):
        return f"{self.personne} : {self.get_role_display()}"


class MandatQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        le = le or timezone.localdate()
        return self.filter(models.Q(fin__isnull=True) | models.Q(fin__gte=le), debut__lte=le)


class Mandat(models.Model):
    """In whose name an elected official signs, and between which dates."""

    personne = models.ForeignKey(Utilisateur, models.CASCADE, related_name="mandats", verbose_name=_("Élu·e"))
    nom_officiel = models.CharField(_("Nom officiel"), max_length=120, help_text=_("Le nom qui signe les réponses."))
    intitule = models.CharField(
        _("Mandat"), max_length=200, help_text=_("Par exemple : vice-présidente au dialogue citoyen.")
    )
    debut = models.DateField(_("Début"))
    fin = models.DateField(_("Fin"), null=True, blank=True)
    #: « person:number », kept by the database. A signature names it, so the database alone can tell that a mandate is hers.
    cle = models.GeneratedField(
        expression=Concat(Cast("personne", models.CharField()), models.Value(":"), Cast("id", models.CharField())),
        output_field=models.CharField(max_length=41),
        db_persist=True,
        unique=True,
    )

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mandat")
        verbose_name_plural = _("Mandats")
        ordering = ["personne", "-debut"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("debut")),
                name="mandat_dates",
                violation_error_message=_("La fin du mandat précède son début."),
            )
        ]

    def __str__(self):
        return f"{self.nom_officiel}, {self.intitule}"
