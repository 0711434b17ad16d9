from datetime import date, datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat, StrIndex
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from comptes.models import Mandat, Role
from reponses.models.echeance import Echeance
from reponses.permissions import est_chargee, est_signataire, peut_instruire, peut_publier, peut_signer
from reponses.regles import MOTIFS_DU_NON, MOTIFS_DU_OUI, defauts, pose_une_question
from reponses.sceau import fichier, sceau, version, versions
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import A_UN_COLLEGUE, autrices_de, est_connectee, est_la_sienne
from timeline.etapes import EtapeImpossible, EtapeInvalide, Etiquette, raison, transition
from timeline.models import Entree, RegistreScelle

SCELLEE = _("Une réponse signée ne change plus. Pour la préciser, écrivez une correction.")


def projets_de(personne, role):
    """Those that name her in this role."""
    return personne.roles_projets.filter(role=role).values("projet")


class ReponseQuerySet(EtatsQuerySet):
    """Answers. A signed one cannot be changed in bulk either; the database has its own lock behind this one."""

    def publiees(self):
        return self.filter(etat=Reponse.Etat.PUBLIEE)

    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def visibles_par(self, personne):
        """Published ones; all for an agent, those of her projets for a référent·e or an expert, those that wait for her
        name for an élue."""
        publiees = Q(etat=Reponse.Etat.PUBLIEE)
        if not est_connectee(personne):
            return self.filter(publiees)
        if personne.est_agent:
            return self
        a_elle = Q(signataire=personne, etat__in=[Reponse.Etat.A_SIGNER, Reponse.Etat.SIGNEE])
        if not personne.est_elue:
            a_elle &= Q(projet__in=projets_de(personne, "elue"))
        prepare = Q(projet__referente=personne) | Q(projet__in=projets_de(personne, "experte"))
        return self.filter(publiees | a_elle | prepare)

    def a_instruire_par(self, personne):
        """Those whose instruction is this person's work."""
        if not est_connectee(personne):
            return self.none()
        return self if personne.est_agent else self.filter(projet__referente=personne)

    def avec_echeance(self):
        """With the clock of their target: `due_le` and `tenue_le`. None for a correction: the first answer stopped the clock."""
        echeance = Echeance.objects.filter(cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"))
        premiere = Q(corrige__isnull=True)
        return self.annotate(
            due_le=Case(When(premiere, then=Subquery(echeance.values("due_le")))),
            tenue_le=Case(When(premiere, then=Subquery(echeance.values("tenue_le")))),
        )

    def en_retard(self):
        """Given after the date that was promised."""
        return self.avec_echeance().filter(tenue_le__date__gt=F("due_le"))

    def a_temps(self):
        return self.avec_echeance().filter(tenue_le__date__lte=F("due_le"))

    def pour_phrase(self):
        """What the sentences of the chronology name, fetched for a whole page of it at once."""
        return self.select_related("corrige").prefetch_related("cible")

    def update(self, **champs):
        if self.filter(etat__in=Reponse.ETATS_SCELLES).exists():
            raise RegistreScelle(str(SCELLEE))
        return super().update(**champs)

    def delete(self):
        if self.filter(etat__in=Reponse.ETATS_SCELLES).exists():
            raise RegistreScelle("Une réponse signée ne se supprime pas.")
        return super().delete()


class Reponse(EtatsProteges):
    """The official go / no-go on something. Signed, it is sealed: a correction is another answer that names this one."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("En rédaction")
        EN_CONSULTATION = "en_consultation", _("Services consultés")
        A_SIGNER = "a_signer", _("À signer")
        SIGNEE = "signee", _("Signée")
        PUBLIEE = "publiee", _("Publiée")

    class Sens(models.TextChoices):
        GO = "go", _("Oui")
        GO_CONDITIONS = "go_conditions", _("Oui, sous conditions")
        NO_GO = "no_go", _("Non")
        # To a question: neither a yes nor a no.
        REPONSE = "reponse", _("Réponse")

    class Motif(models.TextChoices):
        INTERET_GENERAL = "interet_general", _("Utile à tout le monde")
        DEJA_PREVU = "deja_prevu", _("Rejoint un projet déjà prévu")
        EXPERIMENTATION = "experimentation", _("À essayer d’abord")
        COUT = "cout", _("Trop cher par rapport au service rendu")
        TECHNIQUE = "technique", _("Impossible techniquement")
        COMPETENCE = "competence", _("Relève d’une autre collectivité")
        REGLE = "regle", _("La loi ou un règlement l’empêche")
        DEJA_FAIT = "deja_fait", _("Existe déjà")
        PRIORITE = "priorite", _("D’autres actions passent avant")

    #: What the agent writes; the signature adds a name, a mandate and a date (`reponses.sceau`).
    CONTENU = (
        "sens", "motif", "texte", "conditions", "cout_estime", "cout_justification", "cout_le", "premiere_etape",
        "premiere_etape_le", "alternative", "acte_conseil",
    )  # fmt: skip
    ETATS_SCELLES = ("signee", "publiee")

    famille = "reponses"

    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    # That of its target, kept here so that the référent·e's answers are one query away.
    projet = models.ForeignKey(
        "projets.Projet", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    corrige = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("Corrige")
    )
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    sens = models.CharField(_("Décision"), max_length=14, choices=Sens)
    motif = models.CharField(_("Raison principale"), max_length=20, choices=Motif, blank=True)
    texte = models.TextField(_("La réponse, en mots simples"), max_length=5000)
    conditions = models.TextField(_("Conditions"), max_length=2000, blank=True)
    cout_estime = models.PositiveIntegerField(_("Coût estimé, en euros"), null=True, blank=True)
    # Published with the figure: a cost without its reason and its day cannot be discussed.
    cout_justification = models.CharField(_("D’où vient ce coût"), max_length=500, blank=True)
    cout_le = models.DateField(_("Coût estimé le"), null=True, blank=True)
    premiere_etape = models.CharField(_("Première étape"), max_length=200, blank=True)
    premiere_etape_le = models.DateField(_("Date de la première étape"), null=True, blank=True)
    alternative = models.TextField(_("Ce que nous proposons à la place"), max_length=2000, blank=True)
    acte_conseil = models.CharField(
        _("Acte du conseil"),
        max_length=200,
        blank=True,
        help_text=_("Numéro et date de la délibération, s’il y en a une."),
    )
    redigee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Rédigée par")
    )
    modifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Modifiée par"),
    )
    modifiee_le = models.DateTimeField(_("Modifiée le"), null=True, editable=False)
    signataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reponses_a_signer",
        verbose_name=_("Élu·e qui signe"),
    )
    #: In whose name she signed. The words are copied below, since a mandate may be renamed; this says that there was one.
    mandat = models.ForeignKey(
        Mandat, models.PROTECT, to_field="cle", null=True, blank=True, related_name="+", editable=False
    )
    signataire_nom = models.CharField(max_length=120, blank=True, editable=False)
    signataire_mandat = models.CharField(max_length=200, blank=True, editable=False)
    retour = models.TextField(_("Ce que l’élu·e demande de revoir"), blank=True, editable=False)
    cree_le = models.DateTimeField(default=timezone.now)
    signee_le = models.DateTimeField(_("Signée le"), null=True, blank=True, editable=False)
    publiee_le = models.DateTimeField(_("Publiée le"), null=True, blank=True, editable=False)

    objects = ReponseQuerySet.as_manager()

    #: Of `avec_echeance()`.
    due_le: date | None
    tenue_le: datetime | None

    class Meta:
        verbose_name = _("Réponse officielle")
        verbose_name_plural = _("Réponses officielles")
        ordering = ["-publiee_le", "-pk"]
        indexes = [
            models.Index(fields=["cible_type", "cible_id"], name="reponse_cible"),
            models.Index(fields=["-publiee_le", "-id"], name="reponse_recentes"),
            models.Index(fields=["signataire", "etat"], name="reponse_signataire"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cible_type", "cible_id"],
                condition=Q(corrige__isnull=True),
                name="reponse_unique",
                violation_error_message=_("Une réponse existe déjà. Pour la préciser, écrivez une correction."),
            ),
            models.UniqueConstraint(
                fields=["corrige"],
                condition=Q(corrige__isnull=False) & ~Q(etat="publiee"),
                name="correction_unique",
                violation_error_message=_("Une correction de cette réponse est déjà en cours d’écriture."),
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "en_consultation", "a_signer", "signee", "publiee"]),
                name="reponse_etat",
            ),
            models.CheckConstraint(
                condition=Q(sens__in=["go", "go_conditions", "no_go", "reponse"]), name="reponse_sens"
            ),
            models.CheckConstraint(condition=(Q(sens="reponse") ^ ~Q(motif="")) & ~Q(texte=""), name="reponse_motivee"),
            models.CheckConstraint(
                condition=Q(etat="brouillon")
                | Q(sens="reponse")
                | Q(sens="no_go", motif__in=MOTIFS_DU_NON)
                | (~Q(sens="no_go") & Q(motif__in=MOTIFS_DU_OUI)),
                name="reponse_motif",
            ),
            # The answers of before these two columns have a figure alone; `reponses.regles` asks the others for its reason.
            models.CheckConstraint(
                condition=Q(cout_justification="", cout_le__isnull=True)
                | (Q(cout_estime__isnull=False, cout_le__isnull=False) & ~Q(cout_justification="")),
                name="reponse_cout",
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon")
                | Q(sens__in=["no_go", "reponse"])
                | (~Q(premiere_etape="") & Q(premiere_etape_le__isnull=False)),
                name="reponse_premiere_etape",
            ),
            models.CheckConstraint(
                condition=~Q(sens="reponse")
                | Q(
                    conditions="",
                    cout_estime__isnull=True,
                    premiere_etape="",
                    premiere_etape_le__isnull=True,
                    alternative="",
                ),
                name="reponse_a_une_question",
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon") | ~Q(sens="no_go") | ~Q(alternative=""), name="reponse_alternative"
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon") | ~Q(sens="go_conditions") | ~Q(conditions=""), name="reponse_conditions"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "en_consultation"]) | Q(signataire__isnull=False),
                name="reponse_signataire",
            ),
            models.CheckConstraint(
                condition=(
                    Q(etat__in=["signee", "publiee"], signee_le__isnull=False, mandat__isnull=False)
                    & ~Q(signataire_nom="")
                    & ~Q(signataire_mandat="")
                )
                | (
                    ~Q(etat__in=["signee", "publiee"])
                    & Q(signee_le__isnull=True, mandat__isnull=True, signataire_nom="", signataire_mandat="")
                ),
                name="reponse_signature",
            ),
            # The mandate is that of the person who signs: its key begins with hers.
            models.CheckConstraint(
                condition=Q(mandat__isnull=True)
                | Q(
                    Exact(
                        StrIndex(
                            Cast("mandat", models.CharField()),
                            Concat(Cast("signataire", models.CharField()), Value(":")),
                        ),
                        1,
                    )
                ),
                name="reponse_mandat",
            ),
            models.CheckConstraint(
                condition=Q(etat="publiee", publiee_le__isnull=False)
                | (~Q(etat="publiee") & Q(publiee_le__isnull=True)),
                name="reponse_publication",
            ),
        ]

    def __str__(self):
        return str(_("Réponse officielle n° %s")) % self.pk

    def get_absolute_url(self):
        return reverse("reponses:detail", args=[self.pk])

    def projet_du_journal(self):
        return self.projet

    @property
    def est_scellee(self) -> bool:
        return self.etat in self.ETATS_SCELLES

    @property
    def est_favorable(self) -> bool:
        return self.sens in {self.Sens.GO, self.Sens.GO_CONDITIONS}

    @property
    def repond_a_une_question(self) -> bool:
        """Rather than deciding on something."""
        return self.cible is not None and pose_une_question(type(self.cible))

    @property
    def cible_lisible(self) -> bool:
        """May everybody read what it answers? What moderation has hidden is not named by its answer either."""
        return self.cible is not None and getattr(self.cible, "est_lisible", True)

    @property
    def jours_de_retard(self) -> int:
        """Days between the promised date and the answer, or today. Needs `avec_echeance()`; 0 when on time, or without a clock."""
        if self.due_le is None:
            return 0
        fin = timezone.localdate(self.tenue_le) if self.tenue_le else timezone.localdate()
        return max(0, (fin - self.due_le).days)

    def pourquoi_pas(self, personne) -> str:
        """She would answer herself."""
        chargee = est_chargee(self, personne) or est_signataire(self, personne)
        return str(A_UN_COLLEGUE) if chargee and est_la_sienne(self.cible, personne) else ""

    def derniere_main(self) -> dict[str, str]:
        """Who wrote last in it, and when, as a sentence says it: `qui`, `quand`."""
        qui = self.modifiee_par or self.redigee_par
        return {
            "qui": qui.pseudonyme if qui else str(_("Quelqu’un")),
            "quand": date_format(timezone.localtime(self.modifiee_le or self.cree_le), "j F Y, H:i"),
        }

    def ce_qui_est_choisi(self) -> str:
        """For whoever comes second to the same step: what the first one chose."""
        if self.etat != self.Etat.A_SIGNER or self.signataire is None:
            return ""
        return str(_("La signature est demandée à %(nom)s.")) % {"nom": self.signataire.pseudonyme}

    def signataires_possibles(self):
        """Elected officials whose mandate is current, by their role or named in the projet, with `mandats_en_cours`.

        Not those who proposed what is answered, alone or together: `peut_signer` would refuse them. What is asked of one
        of them (`destinataire_id`) is answered by her alone, as long as she may sign.
        """
        elues = Q(pk__in=Role.objects.filter(role=Role.Nom.ELUE).values("personne"))
        if self.projet_id:
            elues |= Q(roles_projets__projet=self.projet_id, roles_projets__role="elue")
        en_cours = Mandat.objects.en_cours().order_by("-debut", "-pk")
        possibles = (
            get_user_model()
            .objects.filter(elues, pk__in=en_cours.values("personne"), is_active=True)
            .exclude(pk__in=autrices_de(self.cible))
            .distinct()
            .prefetch_related(Prefetch("mandats", queryset=en_cours, to_attr="mandats_en_cours"))
        )
        demandee = getattr(self.cible, "destinataire_id", None)
        if demandee and possibles.filter(pk=demandee).exists():
            return possibles.filter(pk=demandee)
        return possibles

    def save(self, *args, **kwargs):
        """A sealed answer is saved by `franchir` alone (publication); anything else is refused."""
        if self._state.adding:
            self.projet = self.cible.projet_du_journal() if self.cible else None
        elif not getattr(self, "_franchit", False):
            scellee = type(self).objects.filter(pk=self.pk, etat__in=self.ETATS_SCELLES).exists()
            if scellee:
                raise RegistreScelle(str(SCELLEE))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.est_scellee:
            raise RegistreScelle("Une réponse signée ne se supprime pas.")
        return super().delete(*args, **kwargs)

    def clean(self):
        defauts(self, lever=True)

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.EN_CONSULTATION,
        permission=peut_instruire,
        etiquette=Etiquette(
            _("Consulter les services"),
            publique=False,
            formulaire="reponses.forms.ConsulterForm",
            suite="reponses.actions.demander_avis",
            principale=True,
        ),
    )
    def consulter(self, *, par, services, attendu_le=None, lue=""):
        """`lue`, here and below: the `version()` that was on the screen. Nobody sends on a text that she has not read."""
        self._exiger_lue(lue)
        self._exiger_complete()
        self._exiger_attendue()
        if not services and not self.avis.exists():
            raise EtapeInvalide(_("Choisissez au moins un service à consulter."), champ="services")
        if services and attendu_le is None:
            raise EtapeInvalide(_("Dites pour quand vous attendez les avis."), champ="attendu_le")
        if services and attendu_le < timezone.localdate():
            raise EtapeInvalide(_("Cette date est passée : choisissez une date à venir."), champ="attendu_le")
        return {"services": len(services)}

    @transition(
        de=[Etat.EN_CONSULTATION],
        vers=Etat.A_SIGNER,
        permission=peut_instruire,
        etiquette=Etiquette(
            _("Envoyer à la signature"), publique=False, formulaire="reponses.forms.SignataireForm", principale=True
        ),
    )
    def presenter(self, *, par, signataire, lue=""):
        self._exiger_lue(lue)
        self._exiger_complete()
        self._exiger_attendue()
        if self.avis.attendus().exists():
            raise EtapeInvalide(_("Un service n’a pas encore rendu son avis, et sa date n’est pas passée."))
        if not self.signataires_possibles().filter(pk=signataire.pk).exists():
            raise EtapeInvalide(
                _("Cette personne n’est pas élue, son mandat n’est pas en cours, ou c’est sa proposition."),
                champ="signataire",
            )
        self.signataire, self.retour = signataire, ""

    @transition(
        de=[Etat.EN_CONSULTATION, Etat.A_SIGNER],
        vers=Etat.BROUILLON,
        permission=peut_instruire,
        etiquette=Etiquette(_("Reprendre la rédaction"), publique=False),
    )
    def reprendre(self, *, par):
        """Until it is signed. The opinions already given stay in the file."""
        self.signataire = None

    @transition(
        de=[Etat.A_SIGNER],
        vers=Etat.BROUILLON,
        permission=peut_signer,
        etiquette=Etiquette(_("Renvoyer à l’agent"), publique=False, formulaire="reponses.forms.RenvoyerForm"),
    )
    def renvoyer(self, *, par, retour):
        if not retour.strip():
            raise EtapeInvalide(_("Dites ce qu’il faut revoir."), champ="retour")
        self.retour, self.signataire = retour, None

    @transition(
        de=[Etat.A_SIGNER],
        vers=Etat.SIGNEE,
        permission=peut_signer,
        etiquette=Etiquette(
            _("Signer"),
            publique=False,
            prevenir=_("Une réponse signée ne change plus. Relisez-la avant de confirmer."),
            formulaire="reponses.forms.SignerForm",
            principale=True,
        ),
    )
    def signer(self, *, par, lue="", mandat=None):
        """`lue` is the `version()` that she read: another text than that one is not signed. `mandat`: when she has several."""
        if lue and lue != self.version():
            raise EtapeImpossible(_("Le texte a changé depuis que vous l’avez lu. Relisez-le avant de signer."))
        self._exiger_complete()
        self._exiger_attendue()
        mandats = Mandat.objects.en_cours().filter(personne=par).order_by("-debut", "-pk")
        mandat = mandats.filter(pk=mandat.pk).first() if mandat else mandats.first()
        if mandat is None:
            raise EtapeInvalide(_("Votre mandat n’est pas en cours : vous ne pouvez pas signer."))
        self.mandat = mandat
        self.signataire_nom, self.signataire_mandat = mandat.nom_officiel, mandat.intitule
        self.signee_le = timezone.now()

    @transition(
        de=[Etat.SIGNEE],
        vers=Etat.PUBLIEE,
        permission=peut_publier,
        etiquette=Etiquette(
            _("Publier la réponse"),
            prevenir=_("Tout le monde lira cette réponse. Elle ne pourra plus être retirée."),
            suite="reponses.actions.appliquer",
            principale=True,
        ),
    )
    def publier(self, *, par, lot=None):
        """`lot`: the one that publishes it with the others."""
        self._exiger_hors_d_un_autre_lot(lot)
        if self.corrige_id:
            # It may delay a step (`reponses.actions.appliquer`): locked before the chain of the journal, as every step is.
            jalons = self._meta.apps.get_model("reponses.Jalon").objects.filter(reponse=self.corrige_id)
            list(jalons.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        self.publiee_le = timezone.now()
        return {"sens": self.sens, "motif": self.motif, "corrige": self.corrige_id, "sceau": self.sceau()}

    def _exiger_lue(self, lue):
        if lue and lue != self.version():
            raise EtapeImpossible(
                _("%(qui)s a changé ce texte le %(quand)s, depuis que vous l’avez lu. Relisez-le avant de continuer.")
                % self.derniere_main()
            )

    def _exiger_complete(self):
        for champ, phrase in defauts(self).items():
            raise EtapeInvalide(str(phrase), champ=champ)

    def _exiger_attendue(self):
        """Nobody signs an answer that its target can no longer receive."""
        if self.corrige_id is None and not (self.cible and self.cible.attend_reponse()):
            raise EtapeImpossible(raison(self.cible or self))

    def _exiger_hors_d_un_autre_lot(self, lot):
        """What is prepared together is published together."""
        places = self._meta.apps.get_model("reponses.PlaceDeLot").objects.actives()
        places = places.filter(cible_type=self.cible_type_id, cible_id=self.cible_id)
        if self.corrige_id is None and places.exclude(lot=lot.pk if lot else None).exists():
            raise EtapeImpossible(
                _("Cette réponse est dans un lot : elle se publie avec les autres. Sinon, retirez-la du lot d’abord.")
            )

    def sceau(self) -> str:
        """SHA-256 of what the seal covers: written in the journal at publication, so that anybody can compare."""
        return sceau(self)

    def contenu_scelle(self) -> bytes:
        """What was signed, to the byte."""
        return fichier(self)

    def version(self) -> str:
        """Fingerprint of the words as they stand now: who edits or signs can tell that they changed meanwhile."""
        return version(self)

    def versions(self) -> dict[str, str]:
        """The same, field by field."""
        return versions(self)

    def publication(self):
        """Its entry in the journal, with the seal; None before publication."""
        return Entree.objects.sur(self).filter(type="reponses.publier").first()
