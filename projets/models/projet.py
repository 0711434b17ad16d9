import hashlib
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from projets.permissions import peut_annuler, peut_battre_le_temps, peut_conclure, peut_conduire, peut_ouvrir
from projets.promesses import promesses_rompues
from reponses.models import Echeance, Reponse
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.fichiers import FORMATS, Format
from socle.permissions import est_connectee
from timeline.chaine import canonique
from timeline.etapes import EtapeInvalide, Etiquette, franchir, transition
from timeline.models import RegistreScelle


def nom_du_champ(modele, nom: str) -> str:
    """Name of a field as people read it on its form."""
    return str(getattr(modele._meta.get_field(nom), "verbose_name", nom))


class Thematique(models.Model):
    nom = models.CharField(_("Nom"), max_length=60, unique=True)
    slug = models.SlugField(unique=True)
    icone = models.CharField(_("Icône"), max_length=40, default="tag")

    class Meta:
        verbose_name = _("Thématique")
        verbose_name_plural = _("Thématiques")
        ordering = ["nom"]

    def __str__(self):
        return self.nom


class ProjetQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """What is announced; drafts for agents, for the référent·e and for those whom the projet names."""
        annonces = ~Q(etat=Projet.Etat.BROUILLON)
        if not est_connectee(personne):
            return self.filter(annonces)
        if personne.est_agent:
            return self
        nommee = Q(pk__in=personne.roles_projets.order_by().values("projet"))
        return self.filter(annonces | Q(referente=personne) | nommee)

    def annonces(self):
        return self.exclude(etat=Projet.Etat.BROUILLON)

    def pour_liste(self):
        """Everything a card shows, in three queries. The contour of a territory weighs more than the whole page."""
        return (
            self.select_related("territoire")
            .defer("territoire__contour", "description", *Projet.CADRE)
            .prefetch_related("thematiques", "etapes")
        )


class Projet(EtatsProteges):
    """A démarche of dialogue, with the frame that people must know before it opens."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("En préparation")
        ANNONCE = "annonce", _("Annoncé")
        EN_COURS = "en_cours", _("En cours")
        EN_ANALYSE = "en_analyse", _("En analyse")
        DECIDE = "decide", _("Décidé")
        EN_REALISATION = "en_realisation", _("En réalisation")
        CLOS = "clos", _("Terminé")
        ARCHIVE = "archive", _("Archivé")

    class Niveau(models.TextChoices):
        INFORMATION = "information", _("Vous informer")
        CONSULTATION = "consultation", _("Vous demander votre avis")
        CONCERTATION = "concertation", _("Construire la décision avec vous")
        COCONSTRUCTION = "coconstruction", _("Faire ensemble")

    #: Groups that people look for; together they hold every announced state.
    A_VENIR = (Etat.ANNONCE,)
    EN_CE_MOMENT = (Etat.EN_COURS, Etat.EN_ANALYSE, Etat.DECIDE, Etat.EN_REALISATION)
    TERMINES = (Etat.CLOS, Etat.ARCHIVE)
    #: Dialogue is possible in these, when a stage says so.
    VIVANTS = (*A_VENIR, *EN_CE_MOMENT)
    #: From here on the decision is taken: the frame it was taken in no longer moves.
    DECIDES = (Etat.DECIDE, Etat.EN_REALISATION, *TERMINES)

    #: Without these, a projet cannot be announced.
    CADRE = ("perimetre", "non_negociable", "decideur", "niveau", "calendrier", "modalite_reponse")

    famille = "projets"

    titre = models.CharField(_("Titre"), max_length=140)
    slug = models.SlugField(max_length=160, unique=True)
    resume = models.CharField(_("En une phrase"), max_length=300)
    description = models.TextField(_("Description"), max_length=20_000, blank=True)
    perimetre = models.TextField(
        _("De quoi parle-t-on ?"), max_length=2000, blank=True, help_text=_("Le sujet, et ce qui n’en fait pas partie.")
    )
    non_negociable = models.TextField(_("Ce qui n’est pas négociable"), max_length=2000, blank=True)
    decideur = models.CharField(_("Qui décide ?"), max_length=300, blank=True)
    niveau = models.CharField(_("Que vous demande-t-on ?"), max_length=20, choices=Niveau, blank=True)
    calendrier = models.TextField(_("Quand ?"), max_length=2000, blank=True)
    modalite_reponse = models.TextField(_("Comment la réponse sera-t-elle donnée ?"), max_length=2000, blank=True)
    referente = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Référent·e")
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    thematiques = models.ManyToManyField(Thematique, blank=True, related_name="projets", verbose_name=_("Thématiques"))
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    annonce_le = models.DateTimeField(_("Annoncé le"), null=True, blank=True, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    reponses = GenericRelation(Reponse, object_id_field="cible_id", content_type_field="cible_type")
    echeances = GenericRelation(Echeance, object_id_field="cible_id", content_type_field="cible_type")

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Projet")
        verbose_name_plural = _("Projets")
        ordering = ["-annonce_le", "-pk"]
        indexes = [models.Index(fields=["-annonce_le", "-id"], name="projet_recents")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    etat__in=[
                        "brouillon",
                        "annonce",
                        "en_cours",
                        "en_analyse",
                        "decide",
                        "en_realisation",
                        "clos",
                        "archive",
                    ]
                ),
                name="projet_etat",
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon")
                | (
                    Q(annonce_le__isnull=False, referente__isnull=False)
                    & ~Q(perimetre="")
                    & ~Q(non_negociable="")
                    & ~Q(decideur="")
                    & ~Q(niveau="")
                    & ~Q(calendrier="")
                    & ~Q(modalite_reponse="")
                ),
                name="projet_cadre",
                violation_error_message=_("Un projet annoncé garde son cadre complet."),
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("projets:detail", args=[self.slug])

    def projet_du_journal(self):
        return self

    @property
    def est_lisible(self) -> bool:
        return self.est_annonce

    def peut_etre_instruite_par(self, personne) -> bool:
        return peut_conduire(self, personne)

    def a_pour_elue(self, personne) -> bool:
        """Is she the elected official who is named in it?"""
        return self.roles.filter(personne=personne, role=RoleProjet.Nom.ELUE).exists()

    @property
    def est_annonce(self) -> bool:
        return self.etat != self.Etat.BROUILLON

    @property
    def thematique(self):
        """The first theme, for its card (prefetch `thematiques`)."""
        return next(iter(self.thematiques.all()), None)

    @property
    def debut_le(self):
        """First day of its stages (prefetch `etapes`, as for the next ones)."""
        return min((etape.ouvre_le for etape in self.etapes_tenues), default=None)

    @property
    def fin_le(self):
        return max((etape.ferme_le for etape in self.etapes_tenues), default=None)

    @property
    def etapes_tenues(self) -> list["Etape"]:
        """All but the cancelled ones."""
        return [etape for etape in self.etapes.all() if not etape.est_annulee]

    @property
    def etape_en_cours(self):
        return next((etape for etape in self.etapes.all() if etape.est_ouverte), None)

    def discussion_ouverte(self) -> bool:
        return self.permet("commenter")

    def permet(self, fonction: str) -> bool:
        """Does a stage that is open now offer this (`Etape.Fonction`)?"""
        return any(etape.permet(fonction) for etape in self.etapes.all())

    def manques_du_cadre(self) -> list[str]:
        """Names, for people, of what the frame still lacks."""
        manques = [nom for nom in self.CADRE if not str(getattr(self, nom)).strip()]
        if self.referente_id is None:
            manques.append("referente")
        return [nom_du_champ(type(self), nom) for nom in manques]

    def cadre(self) -> dict[str, str]:
        return {nom: getattr(self, nom) for nom in self.CADRE}

    def attend_reponse(self) -> bool:
        return self.etat in {self.Etat.EN_COURS, self.Etat.EN_ANALYSE}

    def en_bref(self) -> dict:
        """What an elected official reads of it before she signs its answer."""
        return {"titre": self.titre, "texte": self.resume, "chiffres": [(_("Idées"), self.idees.publiees().count())]}

    def reponse_publiee(self):
        return self.reponses.publiees().filter(corrige__isnull=True).first()

    def recevoir_reponse(self, reponse, *, par):
        """Called when the official answer on this projet is published."""
        franchir(self.decider, par=par, donnees={"reponse": reponse.pk})

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.ANNONCE,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Annoncer le projet"),
            prevenir=_("Le projet et son cadre seront publics."),
            suite="projets.actions.publier_le_cadre",
            principale=True,
        ),
    )
    def annoncer(self, *, par):
        if manques := self.manques_du_cadre():
            raise EtapeInvalide(
                _("Avant d’annoncer, complétez le cadre : %(manques)s.") % {"manques": ", ".join(manques)}
            )
        self.annonce_le = timezone.now()
        # The version that `publier_le_cadre` keeps: what was promised can be compared, from the first day on.
        return {"cadre": self.versions_cadre.count() + 1, "empreinte": empreinte_du_cadre(self.cadre())}

    @transition(
        de=[Etat.ANNONCE],
        vers=Etat.EN_COURS,
        permission=peut_ouvrir,
        etiquette=Etiquette(_("Ouvrir le dialogue"), principale=True),
    )
    def ouvrir(self, *, par):
        """By an agent, or by the clock with the first stage."""

    @transition(
        de=[Etat.EN_COURS],
        vers=Etat.EN_ANALYSE,
        permission=peut_conduire,
        etiquette=Etiquette(_("Passer à l’analyse"), principale=True),
    )
    def analyser(self, *, par):
        self._exiger_etapes_fermees()

    @transition(
        de=[Etat.EN_COURS, Etat.EN_ANALYSE],
        vers=Etat.DECIDE,
        permission=peut_conclure,
        etiquette=Etiquette(_("Décider"), automatique=True),
    )
    def decider(self, *, par):
        """Brought by the published answer."""

    @transition(
        de=[Etat.DECIDE],
        vers=Etat.EN_REALISATION,
        permission=peut_conduire,
        etiquette=Etiquette(_("Lancer la réalisation"), principale=True),
    )
    def realiser(self, *, par):
        if not self.reponse_publiee().est_favorable:
            raise EtapeInvalide(_("La décision est un non : il n’y a rien à réaliser."))

    @transition(
        de=[Etat.DECIDE, Etat.EN_REALISATION],
        vers=Etat.CLOS,
        permission=peut_conduire,
        etiquette=Etiquette(_("Terminer le projet")),
    )
    def clore(self, *, par):
        """The page stays, with everything that happened."""
        self._exiger_etapes_fermees()

    @transition(de=[Etat.CLOS], vers=Etat.ARCHIVE, permission=peut_conduire, etiquette=Etiquette(_("Archiver")))
    def archiver(self, *, par):
        """Still public, no longer among the projets of the moment."""

    def _exiger_etapes_fermees(self):
        """Nobody who is taking part is cut off before the date that was announced."""
        if self.etapes.filter(etat=Etape.Etat.OUVERTE).exists():
            raise EtapeInvalide(_("Une étape est encore ouverte : attendez sa date de fin, ou changez-la."))


class VersionCadre(models.Model):
    """The frame as it was published on one day. A change of the rules is another version; the old one stays."""

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="versions_cadre")
    numero = models.PositiveSmallIntegerField(_("Version"))
    perimetre = models.TextField(_("De quoi parle-t-on ?"))
    non_negociable = models.TextField(_("Ce qui n’est pas négociable"))
    decideur = models.CharField(_("Qui décide ?"), max_length=300)
    niveau = models.CharField(_("Que vous demande-t-on ?"), max_length=20, choices=Projet.Niveau)
    calendrier = models.TextField(_("Quand ?"))
    modalite_reponse = models.TextField(_("Comment la réponse sera-t-elle donnée ?"))
    publiee_le = models.DateTimeField(_("Publiée le"), default=timezone.now)

    class Meta:
        verbose_name = _("Version du cadre")
        verbose_name_plural = _("Versions du cadre")
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["projet", "numero"], name="version_cadre_unique")]

    def __str__(self):
        return f"cadre {self.projet_id}/{self.numero}"

    def save(self, *args, **kwargs):
        _sceller(self, _("Un cadre publié ne se réécrit pas."))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle(_("Un cadre publié ne se supprime pas."))

    def empreinte(self) -> str:
        """SHA-256 of its words: written in the journal, so that the version kept here can be compared."""
        return empreinte_du_cadre({nom: getattr(self, nom) for nom in Projet.CADRE})


def empreinte_du_cadre(cadre: dict[str, str]) -> str:
    return hashlib.sha256(canonique(cadre)).hexdigest()


def _sceller(objet, phrase):
    """Refuse to write again what is published; the database has its own lock behind this one."""
    if not objet._state.adding:
        raise RegistreScelle(phrase)


class RoleProjet(models.Model):
    """What a person does in one projet only. Its référent·e is a field of the projet: there is one, and only one."""

    class Nom(models.TextChoices):
        EXPERTE = "experte", _("Expert·e")
        ELUE = "elue", _("Élu·e")

    projet = models.ForeignKey(Projet, models.CASCADE, related_name="roles")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles_projets")
    role = models.CharField(_("Rôle"), max_length=12, choices=Nom)

    class Meta:
        verbose_name = _("Rôle dans un projet")
        verbose_name_plural = _("Rôles dans les projets")
        constraints = [
            models.UniqueConstraint(fields=["projet", "personne", "role"], name="role_projet_unique"),
            models.CheckConstraint(condition=Q(role__in=["experte", "elue"]), name="role_projet_connu"),
        ]

    def __str__(self):
        return f"{self.personne}, {self.get_role_display()} de {self.projet}"


#: A sentence names its projet; it has no use for its long texts.
PROJET_SANS_TEXTES = tuple(f"projet__{nom}" for nom in ("description", *Projet.CADRE))


class EtapeQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        return self.filter(projet__in=Projet.objects.visibles_par(personne))

    def pour_phrase(self):
        return self.select_related("projet").defer(*PROJET_SANS_TEXTES)

    def a_ouvrir(self, maintenant):
        """Of a projet that is announced and not over: a draft has promised nothing, a closed one no longer does."""
        return self.filter(etat=Etape.Etat.PREVUE, ouvre_le__lte=maintenant, projet__etat__in=Projet.VIVANTS)

    def a_fermer(self, maintenant):
        return self.filter(etat=Etape.Etat.OUVERTE, ferme_le__lte=maintenant)


class Etape(EtatsProteges):
    """A stage of a projet. Its dates open what it declares; its state records that the clock has passed."""

    class Etat(models.TextChoices):
        PREVUE = "prevue", _("À venir")
        OUVERTE = "ouverte", _("En ce moment")
        CLOSE = "close", _("Terminée")
        ANNULEE = "annulee", _("Annulée")

    #: From here on, nothing of it changes any more.
    FINIES = ("close", "annulee")

    class Genre(models.TextChoices):
        INFORMATION = "information", _("Information")
        CONTRIBUTION = "contribution", _("Contribution en ligne")
        RENCONTRE = "rencontre", _("Rencontre")
        ANALYSE = "analyse", _("Analyse")
        RESTITUTION = "restitution", _("Restitution")
        DECISION = "decision", _("Décision")

    class Fonction(models.TextChoices):
        PROPOSER = "proposer", _("proposer une idée")
        SOUTENIR = "soutenir", _("soutenir une idée")
        COMMENTER = "commenter", _("commenter")
        REPONDRE = "repondre", _("répondre à des questions")
        VOTER = "voter", _("voter")
        INSCRIRE = "inscrire", _("s’inscrire à une rencontre")

    famille = "projets.etape"

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="etapes")
    titre = models.CharField(_("Titre"), max_length=160)
    genre = models.CharField(_("Type"), max_length=14, choices=Genre)
    description = models.TextField(_("Ce qui s’y passe"), max_length=3000, blank=True)
    lieu = models.CharField(_("Lieu"), max_length=200, blank=True)
    ouvre_le = models.DateTimeField(_("Début"))
    ferme_le = models.DateTimeField(_("Fin"))
    ouvre = models.JSONField(_("Ce qu’on peut y faire"), default=list, blank=True)
    etat = FSMField(_("État"), default=Etat.PREVUE, choices=Etat, protected=True)
    motif_annulation = models.CharField(_("Raison de l’annulation"), max_length=500, blank=True, editable=False)

    objects = EtapeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Étape")
        verbose_name_plural = _("Étapes")
        ordering = ["ouvre_le", "pk"]
        indexes = [
            models.Index(fields=["projet", "ouvre_le", "id"], name="etape_du_projet"),
            models.Index(fields=["etat", "ouvre_le"], name="etape_a_ouvrir"),
            models.Index(fields=["etat", "ferme_le"], name="etape_a_fermer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["prevue", "ouverte", "close", "annulee"]), name="etape_etat"),
            models.CheckConstraint(condition=Q(etat="annulee") ^ Q(motif_annulation=""), name="etape_annulee"),
            models.CheckConstraint(
                condition=Q(ferme_le__gt=models.F("ouvre_le")),
                name="etape_dates",
                violation_error_message=_("La fin de l’étape doit venir après son début."),
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return f"{self.projet.get_absolute_url()}#etape-{self.pk}"

    def projet_du_journal(self):
        return self.projet

    def clean(self):
        if not isinstance(self.ouvre, list) or set(self.ouvre) - set(self.Fonction.values):
            raise ValidationError({"ouvre": _("Choisissez parmi les actions proposées.")})

    @property
    def est_ouverte(self) -> bool:
        """Now between its dates: a question of dates, true a second after midnight even if the clock task is late."""
        if self.est_annulee:
            return False
        return self.ouvre_le <= timezone.now() < self.ferme_le and self.projet.etat in Projet.VIVANTS

    @property
    def est_annulee(self) -> bool:
        return self.etat == self.Etat.ANNULEE

    def permet(self, fonction: str) -> bool:
        return fonction in self.ouvre and self.est_ouverte

    @property
    def fonctions(self) -> list[str]:
        """What it opens, in words."""
        return [str(self.Fonction(code).label) for code in self.ouvre]

    @transition(
        de=[Etat.PREVUE],
        vers=Etat.OUVERTE,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Ouvrir l’étape"), automatique=True),
    )
    def ouvrir(self, *, par):
        if timezone.now() < self.ouvre_le:
            raise EtapeInvalide(_("L’étape n’a pas encore commencé."))

    @transition(
        de=[Etat.OUVERTE],
        vers=Etat.CLOSE,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Fermer l’étape"), automatique=True),
    )
    def fermer(self, *, par):
        if timezone.now() < self.ferme_le:
            raise EtapeInvalide(_("L’étape n’est pas terminée."))

    @transition(
        de=[Etat.PREVUE, Etat.OUVERTE],
        vers=Etat.ANNULEE,
        permission=peut_annuler,
        etiquette=Etiquette(
            _("Annuler l’étape"),
            formulaire="reponses.forms.AnnulerForm",
            prevenir=_(
                "L’étape reste écrite, barrée, avec votre raison. Les personnes qui suivent le projet la liront."
            ),
        ),
    )
    def annuler(self, *, par, motif):
        """What was announced is not erased: it stays, with the reason."""
        if not self.projet.est_annonce:
            raise EtapeInvalide(_("Le projet n’est pas encore annoncé : retirez simplement cette étape."))
        if not motif.strip():
            raise EtapeInvalide(_("Écrivez la raison : tout le monde la lira."), champ="motif")
        if rompue := promesses_rompues(self, annulee=True):
            raise EtapeInvalide(rompue)
        self.motif_annulation = motif.strip()
        return {"motif": self.motif_annulation}


class DuProjetQuerySet(models.QuerySet):
    """What is shown with its projet, to whoever may see the projet."""

    def visibles_par(self, personne):
        return self.filter(projet__in=Projet.objects.visibles_par(personne))

    def pour_phrase(self):
        return self.select_related("projet").defer(*PROJET_SANS_TEXTES)


class Document(models.Model):
    """A document of a projet; its file is always one of its versions."""

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="documents")
    titre = models.CharField(_("Titre"), max_length=160)

    objects = DuProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Document")
        verbose_name_plural = _("Documents")
        ordering = ["titre", "pk"]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return f"{self.projet.get_absolute_url()}#document-{self.pk}"

    @property
    def derniere(self):
        """Its present version (prefetch `versions`)."""
        return next(iter(self.versions.all()), None)


def ranger(version, nom) -> str:
    """Where the file of a version is stored: a drawn name, of which only the extension comes from the person."""
    return f"documents/{uuid.uuid4().hex}.{nom.rpartition('.')[2].lower()}"


class VersionDocumentQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        return self.filter(document__projet__in=Projet.objects.visibles_par(personne))


class VersionDocument(models.Model):
    """One version of a document: never replaced, followed by the next one."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Version"))
    fichier = models.FileField(_("Fichier"), upload_to=ranger)
    nom = models.CharField(_("Nom d’origine"), max_length=120)
    taille = models.PositiveIntegerField(_("Taille"))
    empreinte = models.CharField(max_length=64)
    note = models.CharField(_("Ce qui change"), max_length=200, blank=True)
    publiee_le = models.DateTimeField(default=timezone.now)
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = VersionDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Version d’un document")
        verbose_name_plural = _("Versions des documents")
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["document", "numero"], name="version_unique")]

    def __str__(self):
        return f"{self.document}, version {self.numero}"

    def get_absolute_url(self):
        return reverse("projets:document", args=[self.pk])

    def save(self, *args, **kwargs):
        _sceller(self, _("Une version publiée ne se remplace pas : publiez la suivante."))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle(_("Une version publiée ne se supprime pas."))

    @property
    def format(self) -> Format:
        return FORMATS[str(self.fichier.name).rpartition(".")[2]]


class Actualite(models.Model):
    """News of a projet, as it was read on its day: what has to be corrected is another one."""

    projet = models.ForeignKey(Projet, models.PROTECT, related_name="actualites")
    titre = models.CharField(_("Titre"), max_length=160)
    texte = models.TextField(_("Texte"), max_length=10_000)
    publiee_le = models.DateTimeField(_("Publiée le"), default=timezone.now)
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DuProjetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Actualité")
        verbose_name_plural = _("Actualités")
        ordering = ["-publiee_le", "-pk"]
        indexes = [models.Index(fields=["projet", "-publiee_le", "-id"], name="actualite_du_projet")]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("projets:actualite", args=[self.projet.slug, self.pk])

    def save(self, *args, **kwargs):
        _sceller(self, _("Une actualité publiée ne se réécrit pas : publiez la suivante."))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle(_("Une actualité publiée ne se supprime pas."))
