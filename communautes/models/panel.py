import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.models.dedans import DansUneCommunaute
from communautes.permissions_panel import peut_publier_le_compte_rendu
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.chaine import canonique
from timeline.etapes import Etiquette, transition

PLACES_MAX = 1000


class PanelQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(communaute__in=Communaute.objects.visibles_par(personne).order_by().values("pk"))

    def conduits_par(self, personne):
        if not est_connectee(personne):
            return self.none()
        if personne.est_agent:
            return self
        referees = personne.adhesions.en_cours().filter(role="referente").order_by().values("communaute")
        return self.filter(communaute__in=referees)

    def pour_phrase(self):
        return self.select_related("communaute__projet")


class Panel(models.Model):
    """A community of people drawn by lot, with a mandate: a question, a calendar, and what will be done with its avis."""

    communaute = models.OneToOneField(Communaute, models.PROTECT, related_name="panel")
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)
    #: When the personal columns of its pools went away, by the clock.
    efface_le = models.DateTimeField(null=True, blank=True)
    #: The reply of the collectivité to the avis: when it came, and where it is read.
    repondu_le = models.DateField(_("Répondu le"), null=True, blank=True)
    reponse_adresse = models.CharField(_("Adresse de la réponse"), max_length=500, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = _("Panel citoyen")
        verbose_name_plural = _("Panels citoyens")
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(repondu_le__isnull=True) ^ ~Q(reponse_adresse=""), name="panel_repondu"),
        ]

    def __str__(self):
        return self.communaute.nom

    def get_absolute_url(self):
        return reverse("communautes:panel", args=[self.communaute.slug])

    def projet_du_journal(self):
        return self.communaute.projet

    def communaute_du_journal(self):
        return self.communaute.communaute_du_journal()

    @property
    def est_lisible(self) -> bool:
        return self.communaute.est_lisible

    @property
    def mandat(self):
        """The version in force, or None before the first one is published."""
        return self.mandats.filter(publie_le__isnull=False).order_by("-numero").first()

    @property
    def mandat_en_preparation(self):
        return self.mandats.filter(publie_le__isnull=True).first()

    @property
    def avis(self):
        """The avis citoyen in force, or None."""
        return self.avis_rendus.order_by("-numero").first()

    @property
    def premier_tirage(self):
        """The draw that counts: announced or drawn, not cancelled; else the one being prepared."""
        return self.tirages.filter(remplace__isnull=True).exclude(etat="annule").order_by("-numero").first()


class Mandat(models.Model):
    """One version of a mandate: never rewritten once published; a correction is the next one, with its reason."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="mandats")
    numero = models.PositiveSmallIntegerField(_("Version"), default=1)
    question = models.TextField(_("La question posée au panel"), max_length=1000)
    calendrier = models.TextField(
        _("Le calendrier"), max_length=3000, help_text=_("Les séances, leurs dates, le temps demandé.")
    )
    devenir = models.TextField(
        _("Ce qui sera fait de l’avis"),
        max_length=3000,
        help_text=_("Qui répondra, comment, quand. Ce qui est promis ici sera tenu."),
    )
    commanditaire = models.CharField(_("Qui le demande"), max_length=200)
    places = models.PositiveSmallIntegerField(_("Nombre de places"))
    effacer_le = models.DateField(
        _("Effacement des noms et des adresses le"),
        help_text=_("Ce jour-là, les noms et les adresses du vivier sont effacés. Les codes restent."),
    )
    motif = models.TextField(_("Ce qui change, et pourquoi"), max_length=1000, blank=True)
    redige_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    publie_le = models.DateTimeField(null=True, blank=True)
    empreinte = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Mandat d’un panel")
        verbose_name_plural = _("Mandats des panels")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "numero"], name="mandat_numero"),
            models.UniqueConstraint(
                fields=["panel"], condition=Q(publie_le__isnull=True), name="mandat_un_seul_en_preparation"
            ),
            models.CheckConstraint(condition=Q(publie_le__isnull=True) ^ ~Q(empreinte=""), name="mandat_publie"),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=PLACES_MAX), name="mandat_places"),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(calendrier="") & ~Q(devenir="") & ~Q(commanditaire=""),
                name="mandat_complet",
            ),
            models.CheckConstraint(condition=Q(numero=1) | ~Q(motif=""), name="mandat_corrige_avec_motif"),
        ]

    def __str__(self):
        return str(_("Mandat, version %s") % self.numero)

    def document(self) -> dict:
        """What its fingerprint seals."""
        return {
            "numero": self.numero,
            "question": self.question,
            "calendrier": self.calendrier,
            "devenir": self.devenir,
            "commanditaire": self.commanditaire,
            "places": self.places,
            "effacer_le": self.effacer_le.isoformat(),
            "motif": self.motif,
        }

    def calculer_l_empreinte(self) -> str:
        return hashlib.sha256(canonique(self.document())).hexdigest()


class CompteRenduQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Those who are in read all of them; everybody reads those that are published."""
        dedans = Communaute.objects.lues_de_l_interieur_par(personne).order_by().values("pk")
        trouvees = Communaute.objects.visibles_par(personne).order_by().values("pk")
        publies = Q(etat=CompteRendu.Etat.PUBLIE, communaute__in=trouvees)
        return self.filter(publies | Q(communaute__in=dedans))

    def pour_phrase(self):
        return self.select_related("communaute__projet")


class CompteRendu(DansUneCommunaute, EtatsProteges):
    """Minutes of one session. Its words are versions: nothing that was read is replaced."""

    class Etat(models.TextChoices):
        INTERNE = "interne", _("Lu par le panel seul")
        PUBLIE = "publie", _("Publié")

    famille = "communautes.compte_rendu"

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="comptes_rendus")
    titre = models.CharField(_("Titre"), max_length=160)
    seance_le = models.DateField(_("Date de la séance"))
    etat = FSMField(_("État"), default=Etat.INTERNE, choices=Etat, protected=True)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    publie_le = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CompteRenduQuerySet.as_manager()

    class Meta:
        verbose_name = _("Compte rendu")
        verbose_name_plural = _("Comptes rendus")
        ordering = ["-seance_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["interne", "publie"]), name="compte_rendu_etat"),
            models.CheckConstraint(condition=Q(etat="publie") ^ Q(publie_le__isnull=True), name="compte_rendu_publie"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("communautes:compte_rendu", args=[self.communaute.slug, self.pk])

    def projet_du_journal(self):
        return self.communaute.projet

    def communaute_du_journal(self):
        """Inside until it is published: from then on everybody reads what happens to it."""
        return None if self.est_publie and self.communaute.est_trouvable else self.communaute

    @property
    def est_publie(self) -> bool:
        return self.etat == self.Etat.PUBLIE

    @property
    def est_lisible(self) -> bool:
        return self.est_publie and self.communaute.est_lisible

    @property
    def version(self):
        return self.versions.order_by("-numero").first()

    @transition(
        de=[Etat.INTERNE],
        vers=Etat.PUBLIE,
        permission=peut_publier_le_compte_rendu,
        etiquette=Etiquette(
            _("Publier le compte rendu"),
            prevenir=_("Tout le monde le lira, avec ses versions. Vérifiez qu’il ne nomme personne contre son gré."),
            principale=True,
        ),
    )
    def publier(self, *, par):
        self.publie_le = timezone.now()


class VersionDeCompteRendu(models.Model):
    """The words of minutes at one date."""

    compte_rendu = models.ForeignKey(CompteRendu, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField()
    texte = models.TextField(_("Texte"), max_length=30_000)
    motif = models.CharField(_("Ce qui change"), max_length=300, blank=True)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Version d’un compte rendu")
        verbose_name_plural = _("Versions des comptes rendus")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["compte_rendu", "numero"], name="version_compte_rendu_numero"),
            models.CheckConstraint(condition=~Q(texte=""), name="version_compte_rendu_texte"),
            models.CheckConstraint(condition=Q(numero=1) | ~Q(motif=""), name="version_compte_rendu_motif"),
        ]

    def __str__(self):
        return f"{self.compte_rendu}, {self.numero}"


class AvisDuPanel(models.Model):
    """The avis citoyen as the panel adopted it: published once, sealed. A correction is the next version."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="avis_rendus")
    numero = models.PositiveSmallIntegerField(_("Version"), default=1)
    texte = models.TextField(_("Texte de l’avis"), max_length=100_000, blank=True)
    fichier = models.FileField(upload_to="panels/avis/", blank=True)
    nom_du_fichier = models.CharField(max_length=120, blank=True)
    taille = models.PositiveIntegerField(default=0)
    empreinte_du_fichier = models.CharField(max_length=64, blank=True)
    adopte_le = models.DateField(_("Adopté par le panel le"))
    pour = models.PositiveSmallIntegerField(_("Voix pour"))
    contre = models.PositiveSmallIntegerField(_("Voix contre"))
    abstentions = models.PositiveSmallIntegerField(_("Abstentions"), default=0)
    reponse_attendue_le = models.DateField(_("Réponse de la collectivité attendue le"))
    motif = models.TextField(_("Ce qui change, et pourquoi"), max_length=1000, blank=True)
    publie_le = models.DateTimeField(default=timezone.now)
    publie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    empreinte = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Avis citoyen d’un panel")
        verbose_name_plural = _("Avis citoyens des panels")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "numero"], name="avis_du_panel_numero"),
            models.CheckConstraint(condition=~Q(texte="") | ~Q(fichier=""), name="avis_du_panel_texte_ou_fichier"),
            models.CheckConstraint(condition=Q(fichier="") ^ ~Q(empreinte_du_fichier=""), name="avis_du_panel_fichier"),
            models.CheckConstraint(condition=Q(numero=1) | ~Q(motif=""), name="avis_du_panel_motif"),
        ]

    def __str__(self):
        return str(_("Avis citoyen, version %s") % self.numero)

    def get_absolute_url(self):
        return f"{self.panel.get_absolute_url()}#avis"

    def document(self) -> dict:
        """What its fingerprint seals: anybody makes it again from the page and the file."""
        return {
            "numero": self.numero,
            "texte": self.texte,
            "fichier": self.empreinte_du_fichier,
            "adopte_le": self.adopte_le.isoformat(),
            "pour": self.pour,
            "contre": self.contre,
            "abstentions": self.abstentions,
            "reponse_attendue_le": self.reponse_attendue_le.isoformat(),
            "motif": self.motif,
        }

    def calculer_l_empreinte(self) -> str:
        return hashlib.sha256(canonique(self.document())).hexdigest()


class LienDeSynthese(models.Model):
    """Where a synthesis that the panel reads, or that came of it, is found."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="syntheses")
    titre = models.CharField(_("Titre"), max_length=160)
    adresse = models.CharField(_("Adresse"), max_length=500)
    ajoute_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Lien vers une synthèse")
        verbose_name_plural = _("Liens vers des synthèses")
        ordering = ["ajoute_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "adresse"], name="lien_de_synthese_unique"),
            models.CheckConstraint(
                condition=Q(adresse__startswith="https://") | Q(adresse__startswith="/"),
                name="lien_de_synthese_adresse",
            ),
        ]

    def __str__(self):
        return self.titre
