from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.models.panel import Panel
from communautes.permissions_panel import peut_conduire_le_tirage, peut_garder_les_lots
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, Etiquette, transition

FICHIERS = ("vivier.csv", "parametres.json", "lots.csv")
LOTS = 1000
#: Between the announcement and its value: time for others to read what was announced, and none to type a value of one's own.
DELAI_MINIMAL = timedelta(hours=24)


class TirageQuerySet(EtatsQuerySet):
    def annonces(self):
        """Announced once: their page stays, whatever comes after."""
        return self.filter(annonce_le__isnull=False)

    def en_cours(self):
        """Being prepared, or waiting for its value: a panel has one at a time."""
        return self.filter(etat__in=Tirage.EN_COURS)

    def visibles_par(self, personne):
        """Once announced, whoever finds the panel; before, those who conduct it."""
        trouvees = Communaute.objects.visibles_par(personne).order_by().values("pk")
        annonces = Q(annonce_le__isnull=False, panel__communaute__in=trouvees)
        if not est_connectee(personne):
            return self.filter(annonces)
        return self.filter(annonces | Q(panel__in=Panel.objects.conduits_par(personne).order_by().values("pk")))

    def pour_phrase(self):
        return self.select_related("panel__communaute__projet")


class Tirage(EtatsProteges):
    """One draw by lot of a panel, or of those who replace some of its people.

    Prepared, computed (a thousand possible panels), announced with the SHA-256 of its three files and the name of a public
    value still to come, then drawn by that value. What is announced is frozen by the database.
    """

    class Etat(models.TextChoices):
        PREPARATION = "preparation", _("En préparation")
        CALCULE = "calcule", _("Prêt à être annoncé")
        ANNONCE = "annonce", _("Annoncé")
        TIRE = "tire", _("Tiré")
        ANNULE = "annule", _("Annulé")

    EN_COURS = (Etat.PREPARATION, Etat.CALCULE, Etat.ANNONCE)

    famille = "communautes.tirage"

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="tirages")
    numero = models.PositiveSmallIntegerField()
    remplace = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="remplacements")
    etat = FSMField(_("État"), default=Etat.PREPARATION, choices=Etat, protected=True)
    motif = models.TextField(_("Raison"), max_length=1000, blank=True, editable=False)
    places = models.PositiveSmallIntegerField(_("Places"))
    #: Names of the criteria, in order.
    criteres = models.JSONField(default=list, blank=True)
    #: Of the preparation of the lots: its random seed and its solver, for whoever wants to make them again.
    graine_des_lots = models.CharField(max_length=20, blank=True, editable=False)
    version_du_solveur = models.CharField(max_length=40, blank=True, editable=False)
    empreinte_vivier = models.CharField(max_length=64, blank=True, editable=False)
    empreinte_parametres = models.CharField(max_length=64, blank=True, editable=False)
    empreinte_lots = models.CharField(max_length=64, blank=True, editable=False)
    source = models.CharField(_("Valeur publique"), max_length=300, blank=True)
    connue_le = models.DateTimeField(_("Connue le"), null=True, blank=True)
    annonce_le = models.DateTimeField(null=True, blank=True, editable=False)
    valeur = models.CharField(_("Valeur"), max_length=300, blank=True, editable=False)
    graine = models.CharField(max_length=64, blank=True, editable=False)
    lot = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    tire_le = models.DateTimeField(null=True, blank=True, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    objects = TirageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Tirage au sort")
        verbose_name_plural = _("Tirages au sort")
        ordering = ["panel", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "numero"], name="tirage_numero"),
            # One at a time: a second pool prepared beside the first would let somebody choose between two panels.
            models.UniqueConstraint(
                fields=["panel"],
                condition=Q(etat__in=["preparation", "calcule", "annonce"]),
                name="tirage_un_a_la_fois",
            ),
            models.UniqueConstraint(
                fields=["panel"], condition=Q(etat="tire", remplace__isnull=True), name="tirage_un_premier"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["preparation", "calcule", "annonce", "tire", "annule"]), name="tirage_etat"
            ),
            models.CheckConstraint(condition=Q(etat="annule") ^ Q(motif=""), name="tirage_motif"),
            models.CheckConstraint(condition=Q(places__gte=1), name="tirage_places"),
            models.CheckConstraint(
                condition=Q(annonce_le__isnull=True, source="", connue_le__isnull=True)
                | Q(annonce_le__isnull=False, connue_le__gt=F("annonce_le"))
                & ~Q(source="") & ~Q(empreinte_vivier="") & ~Q(empreinte_parametres="") & ~Q(empreinte_lots=""),
                name="tirage_annonce_d_avance",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["preparation", "calcule"], annonce_le__isnull=True)
                | Q(etat__in=["annonce", "tire"], annonce_le__isnull=False)
                | Q(etat="annule"),
                name="tirage_annonce_selon_l_etat",
            ),
            models.CheckConstraint(
                condition=Q(tire_le__isnull=True, valeur="", graine="", lot__isnull=True) & ~Q(etat="tire")
                | Q(etat="tire", tire_le__gte=F("connue_le"), lot__gte=0, lot__lt=LOTS)
                & ~Q(valeur="") & ~Q(graine=""),
                name="tirage_tire",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.titre

    @property
    def titre(self) -> str:
        deux_points = gettext(" :")
        return f"{self.nom_court}{deux_points} {self.panel.communaute.nom}"

    @property
    def nom_court(self) -> str:
        if self.remplace_id:
            return gettext("Tirage de remplacement %s") % self.numero
        return gettext("Tirage au sort")

    def get_absolute_url(self):
        if self.annonce_le:
            return reverse("communautes:tirage", args=[self.panel.communaute.slug, self.numero])
        return self.adresse_du_bureau

    @property
    def adresse_du_bureau(self) -> str:
        return reverse("communautes:preparer_tirage", args=[self.panel.communaute.slug, self.numero])

    def projet_du_journal(self):
        return self.panel.projet_du_journal()

    def communaute_du_journal(self):
        return self.panel.communaute_du_journal()

    @property
    def est_lisible(self) -> bool:
        return self.annonce_le is not None and self.panel.est_lisible

    @property
    def est_annonce(self) -> bool:
        return self.annonce_le is not None

    @property
    def est_en_preparation(self) -> bool:
        return self.etat == self.Etat.PREPARATION

    @property
    def valeur_est_connue(self) -> bool:
        return self.connue_le is not None and self.connue_le <= timezone.now()

    @property
    def empreintes(self) -> dict[str, str]:
        """{file: SHA-256}, as announced."""
        trois = (self.empreinte_vivier, self.empreinte_parametres, self.empreinte_lots)
        return dict(zip(FICHIERS, trois, strict=True))

    def se_propose(self, etape):
        return etape != "annuler" or not self.valeur_est_connue

    def octets(self, nom: str) -> bytes:
        return self.fichiers.get(nom=nom).contenu.encode()

    @transition(
        de=[Etat.PREPARATION],
        vers=Etat.CALCULE,
        permission=peut_garder_les_lots,
        etiquette=Etiquette(_("Garder les lots calculés"), publique=False, automatique=True),
    )
    def calculer(self, *, par, empreinte_vivier, empreinte_lots, graine_des_lots, version_du_solveur):
        self.empreinte_vivier, self.empreinte_lots = empreinte_vivier, empreinte_lots
        self.graine_des_lots, self.version_du_solveur = graine_des_lots, version_du_solveur

    @transition(
        de=[Etat.CALCULE],
        vers=Etat.PREPARATION,
        permission=peut_conduire_le_tirage,
        etiquette=Etiquette(
            _("Reprendre la préparation"),
            publique=False,
            prevenir=_("Les lots calculés seront jetés : il faudra les calculer de nouveau."),
            suite="communautes.panels.vivier.jeter_les_lots",
        ),
    )
    def reprendre(self, *, par):
        self.empreinte_vivier = self.empreinte_lots = self.graine_des_lots = self.version_du_solveur = ""

    @transition(
        de=[Etat.CALCULE],
        vers=Etat.ANNONCE,
        permission=peut_conduire_le_tirage,
        etiquette=Etiquette(
            _("Annoncer le tirage"),
            formulaire="communautes.forms.panels.AnnoncerLeTirageForm",
            prevenir=_("Les trois fichiers deviennent publics. Rien de ce tirage ne changera plus, pour personne."),
            principale=True,
        ),
    )
    def annoncer(self, *, par, source, connue_le):
        from communautes.panels.designation import ecrire_les_parametres

        if not source.strip():
            raise EtapeInvalide(gettext("Nommez la valeur publique qui fera le tirage."), champ="source")
        if connue_le <= timezone.now():
            raise EtapeInvalide(
                gettext("Cette valeur est déjà connue, ou peut l’être : choisissez-en une qui sera publiée plus tard."),
                champ="connue_le",
            )
        if connue_le < timezone.now() + DELAI_MINIMAL:
            raise EtapeInvalide(
                gettext(
                    "Choisissez une valeur connue dans %(n)s heures au moins : tout le monde doit avoir le temps de lire l’annonce."
                )
                % {"n": DELAI_MINIMAL // timedelta(hours=1)},
                champ="connue_le",
            )
        if not self.panel.communaute.est_annoncee or self.panel.mandat is None:
            raise EtapeInvalide(gettext("Publiez d’abord le mandat du panel : tout le monde doit pouvoir le lire."))
        self._exiger_le_mandat(self.panel.mandat, connue_le)
        self.source, self.connue_le, self.annonce_le = " ".join(source.split()), connue_le, timezone.now()
        # The file of parameters names the value: it is written now, the last moment when the database lets it be.
        self.empreinte_parametres = ecrire_les_parametres(self)
        return {"empreintes": self.empreintes, "source": self.source, "connue_le": connue_le.isoformat()}

    def _exiger_le_mandat(self, mandat, connue_le):
        """Drawn people can still be written to, and are as many as was published."""
        if not self.remplace_id and self.places != mandat.places:
            raise EtapeInvalide(gettext("Le mandat ne dit pas le même nombre de places : reprenez la préparation."))
        if self.panel.efface_le or timezone.localdate(connue_le) >= mandat.effacer_le:
            raise EtapeInvalide(
                gettext(
                    "Ce jour-là, les noms et les adresses seront déjà effacés : on ne pourrait plus écrire aux personnes tirées."
                ),
                champ="connue_le",
            )

    @transition(
        de=[Etat.ANNONCE],
        vers=Etat.TIRE,
        permission=peut_conduire_le_tirage,
        etiquette=Etiquette(
            _("Tirer au sort"),
            formulaire="communautes.forms.panels.TirerForm",
            prevenir=_("Le panel est désigné par cette valeur. On ne recommence pas."),
            suite="communautes.panels.places.attribuer",
            principale=True,
        ),
    )
    def tirer(self, *, par, valeur):
        from communautes.panels.designation import designer

        if not self.valeur_est_connue:
            raise EtapeInvalide(gettext("La valeur publique n’est pas encore connue : attendez la date annoncée."))
        designation = designer(self, valeur)
        self.valeur, self.graine, self.lot = designation.valeur, designation.graine, designation.numero
        self.tire_le = timezone.now()
        return {"valeur": self.valeur, "graine": self.graine, "lot": self.lot}

    @transition(
        de=[Etat.PREPARATION, Etat.CALCULE],
        vers=Etat.ANNULE,
        permission=peut_conduire_le_tirage,
        etiquette=Etiquette(
            _("Abandonner la préparation"),
            publique=False,
            formulaire="communautes.forms.panels.MotifDuTirageForm",
            prevenir=_("Le vivier importé est effacé, avec ses noms et ses adresses."),
            suite="communautes.panels.vivier.effacer",
        ),
    )
    def abandonner(self, *, par, motif):
        self.motif = motif

    @transition(
        de=[Etat.ANNONCE],
        vers=Etat.ANNULE,
        permission=peut_conduire_le_tirage,
        etiquette=Etiquette(
            _("Annuler le tirage"),
            formulaire="communautes.forms.panels.MotifDuTirageForm",
            prevenir=_(
                "Tout le monde lira votre raison. Les fichiers publiés restent ; les noms et les adresses sont effacés."
            ),
            suite="communautes.panels.vivier.effacer_les_coordonnees",
        ),
    )
    def annuler(self, *, par, motif):
        """Before the value is known: whoever has seen who would be drawn does not stop the draw."""
        if self.valeur_est_connue:
            raise EtapeInvalide(gettext("La valeur publique est connue : le tirage a lieu. On ne l’annule plus."))
        self.motif = motif


class Candidate(models.Model):
    """One person of a pool as everybody may read her: an opaque code, and her class in each criterion."""

    tirage = models.ForeignKey(Tirage, models.PROTECT, related_name="candidates")
    code = models.CharField(max_length=64)
    #: In the order of `Tirage.criteres`.
    valeurs = models.JSONField()
    #: How many of the thousand lots hold her: her chance, in thousandths.
    lots = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("Personne d’un vivier")
        verbose_name_plural = _("Personnes d’un vivier")
        ordering = ["tirage", "code"]
        constraints = [models.UniqueConstraint(fields=["tirage", "code"], name="candidate_code")]

    def __str__(self):
        return self.code


class Quota(models.Model):
    """How many seats at least and at most for one class of one criterion."""

    tirage = models.ForeignKey(Tirage, models.PROTECT, related_name="quotas")
    rang = models.PositiveSmallIntegerField()
    critere = models.CharField(max_length=500)
    valeur = models.CharField(max_length=500)
    minimum = models.PositiveSmallIntegerField()
    maximum = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("Quota")
        verbose_name_plural = _("Quotas")
        ordering = ["tirage", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["tirage", "rang"], name="quota_unique"),
            models.CheckConstraint(condition=Q(maximum__gte=F("minimum")), name="quota_bornes"),
        ]

    def __str__(self):
        return f"{self.critere}, {self.valeur}"


class FichierDeTirage(models.Model):
    """One of the three published files, to the byte: the same that was hashed."""

    tirage = models.ForeignKey(Tirage, models.PROTECT, related_name="fichiers")
    nom = models.CharField(max_length=20)
    contenu = models.TextField()

    class Meta:
        verbose_name = _("Fichier d’un tirage")
        verbose_name_plural = _("Fichiers des tirages")
        ordering = ["tirage", "nom"]
        constraints = [
            models.UniqueConstraint(fields=["tirage", "nom"], name="fichier_de_tirage_nom"),
            models.CheckConstraint(condition=Q(nom__in=FICHIERS), name="fichier_de_tirage_connu"),
        ]

    def __str__(self):
        return self.nom


class Coordonnees(models.Model):
    """The personal columns of one person of a pool, encrypted. Erased at the date of the mandate; nothing hangs on them."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="coordonnees")
    code = models.CharField(max_length=64)
    contenu = models.TextField()

    class Meta:
        verbose_name = _("Coordonnées d’un vivier")
        verbose_name_plural = _("Coordonnées des viviers")
        constraints = [models.UniqueConstraint(fields=["panel", "code"], name="coordonnees_code")]

    def __str__(self):
        return self.code


class FichierRecu(models.Model):
    """The file of a pool between its sending and its mapping, encrypted; gone after a day whatever happens."""

    tirage = models.OneToOneField(Tirage, models.CASCADE, related_name="fichier_recu")
    nom = models.CharField(max_length=120)
    contenu = models.TextField()
    recu_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Fichier reçu")
        verbose_name_plural = _("Fichiers reçus")

    def __str__(self):
        return self.nom


class CalculQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        if not est_connectee(personne):
            return self.none()
        return self.filter(tirage__panel__in=Panel.objects.conduits_par(personne).order_by().values("pk"))

    def en_cours(self):
        """Asked for, not finished, not given up, and not stopped by something that somebody must read."""
        return self.filter(termine_le__isnull=True, abandonne_le__isnull=True, echec="")


class Calcul(models.Model):
    """The heavy part of a draw, done in the background: a job is a row with its progress."""

    tirage = models.ForeignKey(Tirage, models.CASCADE, related_name="calculs")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    demande_le = models.DateTimeField(default=timezone.now)
    #: Last step made, or last wake: a job that has not moved for a while was lost with its process.
    avance_le = models.DateTimeField(null=True, blank=True)
    fait = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    termine_le = models.DateTimeField(null=True, blank=True)
    abandonne_le = models.DateTimeField(null=True, blank=True)
    #: Why it stopped, one sentence a line.
    echec = models.TextField(blank=True)

    objects = CalculQuerySet.as_manager()

    class Meta:
        verbose_name = _("Calcul d’un tirage")
        verbose_name_plural = _("Calculs des tirages")
        ordering = ["-demande_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tirage"],
                condition=Q(termine_le__isnull=True, abandonne_le__isnull=True, echec=""),
                name="calcul_un_a_la_fois",
            ),
        ]

    def __str__(self):
        return f"{self.tirage_id} ({self.etat})"

    def get_absolute_url(self):
        return reverse("communautes:calcul", args=[self.tirage.panel.communaute.slug, self.tirage.numero])

    @property
    def etat(self) -> str:
        if self.abandonne_le:
            return "abandonne"
        if self.termine_le:
            return "termine"
        if self.echec:
            return "arrete"
        return "en_cours" if self.avance_le else "demande"

    @property
    def est_en_cours(self) -> bool:
        return self.etat in {"demande", "en_cours"}

    @property
    def etat_en_clair(self) -> str:
        return str(
            {
                "abandonne": _("Arrêté"),
                "termine": _("Terminé"),
                "arrete": _("Impossible"),
                "en_cours": _("En cours"),
                "demande": _("En attente"),
            }[self.etat]
        )
