import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation
from consultations.models.version import Version
from socle.permissions import est_connectee


class Tranche(models.TextChoices):
    """Declared classes of age; wide, so that few groups are small."""

    MOINS_DE_18 = "0_17", _("moins de 18 ans")
    DE_18_A_29 = "18_29", _("18 à 29 ans")
    DE_30_A_44 = "30_44", _("30 à 44 ans")
    DE_45_A_59 = "45_59", _("45 à 59 ans")
    DE_60_A_74 = "60_74", _("60 à 74 ans")
    DE_75_ET_PLUS = "75_", _("75 ans et plus")

    @classmethod
    def de_l_age(cls, age: int) -> "Tranche":
        bornes = (
            (18, cls.MOINS_DE_18),
            (30, cls.DE_18_A_29),
            (45, cls.DE_30_A_44),
            (60, cls.DE_45_A_59),
            (75, cls.DE_60_A_74),
        )
        return next((tranche for limite, tranche in bornes if age < limite), cls.DE_75_ET_PLUS)


class ParticipationQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """One's own: nobody else reads what somebody answered, agents included."""
        if est_connectee(personne):
            return self.filter(personne=personne)
        return self.filter(pk__in=getattr(personne, "tenues", ()), personne__isnull=True)

    def comptees(self):
        """Sent and not taken back: what results are made of."""
        return self.filter(envoyee_le__isnull=False, retiree_le__isnull=True)


class Participation(models.Model):
    """The answers of one person to one consultation: being written, sent, taken back.

    Not in the journal, as supports are not: who answers what is nobody's business, and every answer would wait for every
    other one. Its number is drawn, not counted: it tells nobody how many answers there are before the time.
    """

    class Canal(models.TextChoices):
        EN_LIGNE = "en_ligne", _("en ligne")
        AILLEURS = "ailleurs", _("depuis un autre site")
        GUICHET = "guichet", _("au guichet")
        TELEPHONE = "telephone", _("par téléphone")
        PAPIER = "papier", _("sur papier")

    #: Those that an agent writes down for somebody.
    CANAUX_D_AGENT = ("guichet", "telephone", "papier")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="participations")
    version = models.ForeignKey(Version, models.PROTECT, related_name="participations")
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("Compte"),
    )
    #: Of the form that it came from: sent twice, or from two tabs, it is one answer.
    cle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    numero = models.PositiveBigIntegerField(_("Numéro"), unique=True, editable=False)
    secret_empreinte = models.CharField(max_length=64, blank=True, editable=False)
    canal = models.CharField(_("Façon de répondre"), max_length=10, choices=Canal, default=Canal.EN_LIGNE)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Saisie par")
    )
    #: What is typed and not sent yet, {field: [texts]}; null when nothing waits.
    brut = models.JSONField(null=True, blank=True, editable=False)
    territoire = models.ForeignKey(
        "territoires.Territoire",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Commune ou quartier"),
    )
    tranche = models.CharField(_("Tranche d’âge"), max_length=5, choices=Tranche, blank=True)
    #: « What I wrote may be published, without my name. »
    accord_textes = models.BooleanField(_("Mes réponses écrites peuvent être publiées, sans mon nom"), default=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    ecrite_le = models.DateTimeField(default=timezone.now, editable=False)
    envoyee_le = models.DateTimeField(_("Envoyée le"), null=True, blank=True, editable=False)
    corrigee_le = models.DateTimeField(_("Corrigée le"), null=True, blank=True, editable=False)
    retiree_le = models.DateTimeField(_("Retirée le"), null=True, blank=True, editable=False)
    rattachee_le = models.DateTimeField(_("Rattachée à un compte le"), null=True, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Participation")
        verbose_name_plural = _("Participations")
        ordering = ["-envoyee_le", "-pk"]
        indexes = [
            models.Index(fields=["personne", "-ecrite_le", "-id"], name="participation_de"),
            models.Index(
                fields=["consultation", "version"],
                condition=Q(envoyee_le__isnull=False, retiree_le__isnull=True),
                name="participation_comptees",
            ),
            models.Index(
                fields=["ecrite_le"],
                condition=Q(envoyee_le__isnull=True, personne__isnull=True),
                name="participation_abandonnees",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "personne"],
                condition=Q(personne__isnull=False, retiree_le__isnull=True),
                name="participation_une_par_personne",
            ),
            models.CheckConstraint(
                condition=Q(canal__in=["en_ligne", "ailleurs", "guichet", "telephone", "papier"]),
                name="participation_canal",
            ),
            models.CheckConstraint(
                condition=Q(saisie_par__isnull=True) | Q(canal__in=["guichet", "telephone", "papier"]),
                name="participation_saisie_par_un_agent",
            ),
            models.CheckConstraint(
                condition=Q(tranche__in=["", "0_17", "18_29", "30_44", "45_59", "60_74", "75_"]),
                name="participation_tranche",
            ),
            # Taken back: nothing of it is left but its number.
            models.CheckConstraint(
                condition=Q(retiree_le__isnull=True)
                | Q(
                    envoyee_le__isnull=False,
                    brut__isnull=True,
                    personne__isnull=True,
                    territoire__isnull=True,
                    tranche="",
                ),
                name="participation_retiree",
            ),
            models.CheckConstraint(
                condition=Q(corrigee_le__isnull=True) | Q(envoyee_le__isnull=False), name="participation_corrigee"
            ),
        ]

    def __str__(self):
        return str(self.numero)

    @property
    def est_envoyee(self) -> bool:
        return self.envoyee_le is not None

    @property
    def version_ecrite(self) -> Version:
        """The questionnaire of what is typed. A sent answer keeps its own until its correction is sent: that one counts."""
        if self.est_envoyee and self.brut is not None:
            return self.consultation.version or self.version
        return self.version

    @property
    def est_comptee(self) -> bool:
        return self.est_envoyee and self.retiree_le is None


class DonneeQuerySet(models.QuerySet):
    def comptees(self):
        """Of answers that are sent and not taken back."""
        return self.filter(participation__envoyee_le__isnull=False, participation__retiree_le__isnull=True)

    def ecrites(self):
        """Words of an answer, « autre » included; not those that only find a place."""
        return self.filter(latitude__isnull=True).exclude(texte="")


class Donnee(models.Model):
    """One datum of a sent answer: a choice, a row of a matrix, a place in a ranking, a number, a date, words, a point.

    `question`, `choix` and `ligne` are keys of the questionnaire (`consultations.questionnaire`).
    """

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="donnees")
    question = models.CharField(max_length=12)
    ligne = models.CharField(max_length=12, blank=True)
    choix = models.CharField(max_length=12, blank=True)
    rang = models.PositiveSmallIntegerField(null=True, blank=True)
    nombre = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    texte = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    territoire = models.ForeignKey("territoires.Territoire", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DonneeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Donnée d’une réponse")
        verbose_name_plural = _("Données des réponses")
        ordering = ["pk"]
        indexes = [models.Index(fields=["question", "participation"], name="donnee_de_question")]
        constraints = [
            models.UniqueConstraint(fields=["participation", "question", "ligne", "choix"], name="donnee_unique"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="donnee_lieu",
            ),
        ]

    def __str__(self):
        return f"{self.question} ({self.participation_id})"


def ranger_piece(_piece, nom) -> str:
    """Where a file is stored: a drawn name, of which only the extension comes from the person."""
    return f"consultations/{uuid.uuid4().hex}.{nom.rpartition('.')[2].lower()}"


class PieceQuerySet(models.QuerySet):
    def en_cours(self):
        """Those of the answer as it is being written."""
        return self.filter(est_otee=False)


class Piece(models.Model):
    """A photo or a document given as an answer. Read by whoever gave it, and by those who conduct the consultation."""

    PAR_QUESTION = 3

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="pieces")
    question = models.CharField(max_length=12)
    fichier = models.FileField(_("Fichier"), upload_to=ranger_piece)
    nom = models.CharField(_("Nom d’origine"), max_length=120)
    type_mime = models.CharField(max_length=120)
    taille = models.PositiveIntegerField(_("Taille"))
    #: Part of the answer that is sent; until then, of what is being written.
    est_posee = models.BooleanField(default=False, editable=False)
    #: Taken away by a correction that is not sent yet.
    est_otee = models.BooleanField(default=False, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pièce d’une réponse")
        verbose_name_plural = _("Pièces des réponses")
        ordering = ["pk"]
        indexes = [models.Index(fields=["participation", "question"], name="piece_de_question")]

    def __str__(self):
        return self.nom
