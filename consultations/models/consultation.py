from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from consultations.cheminement import defauts
from consultations.permissions import peut_battre_le_temps, peut_conduire
from consultations.questionnaire import QUESTIONS_D_UN_SONDAGE
from projets.models import DansUneEtape, DansUneEtapeQuerySet, Etape
from socle.etats import EtatsProteges
from timeline.etapes import EtapeInvalide, Etiquette, transition


class ConsultationQuerySet(DansUneEtapeQuerySet):
    def annoncees(self):
        return self.exclude(etat=Consultation.Etat.BROUILLON)

    def a_ouvrir(self, maintenant):
        return self.filter(etat=Consultation.Etat.PROGRAMMEE, ouvre_le__lte=maintenant)

    def a_clore(self, maintenant):
        return self.filter(etat=Consultation.Etat.OUVERTE, ferme_le__lte=maintenant)

    def aux_resultats_visibles(self):
        """As `Consultation.resultats_visibles`."""
        regles, etats = Consultation.Resultats, Consultation.Etat
        finies = (etats.CLOSE, etats.RESTITUEE)
        return self.filter(
            Q(resultats=regles.DIRECT, etat__in=[etats.OUVERTE, *finies])
            | Q(resultats=regles.CLOTURE, etat__in=finies)
            | Q(resultats=regles.RESTITUTION, etat=etats.RESTITUEE)
        )

    def pour_liste(self):
        return super().pour_liste().defer("restitution")


class Consultation(DansUneEtape, EtatsProteges):
    """Questions asked to people for a time. Its dates open and close it, its state records that they have passed."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("En préparation")
        PROGRAMMEE = "programmee", _("À venir")
        OUVERTE = "ouverte", _("Ouverte")
        CLOSE = "close", _("Terminée")
        RESTITUEE = "restituee", _("Résultats commentés")

    class Genre(models.TextChoices):
        QUESTIONNAIRE = "questionnaire", _("Questionnaire")
        SONDAGE = "sondage", _("Mini-sondage, trois questions au plus")

    class Qui(models.TextChoices):
        TOUTES = "toutes", _("toute personne, même sans compte")
        INSCRITES = "inscrites", _("toute personne qui a un compte")
        HABITANTES = "habitantes", _("les personnes qui habitent le territoire")

    class Resultats(models.TextChoices):
        DIRECT = "direct", _("pendant la consultation")
        CLOTURE = "cloture", _("à la fin de la consultation")
        RESTITUTION = "restitution", _("avec le bilan de la collectivité")

    class Presentation(models.TextChoices):
        PAGES = "pages", _("une page à la fois")
        ENSEMBLE = "ensemble", _("tout sur une seule page")

    #: Its questionnaire may still change, by a new version.
    VIVANTES = ("brouillon", "programmee", "ouverte")
    #: What a copy takes over (`consultations.actions.dupliquer`).
    REGLES = ("genre", "description", "territoire", "qui", "est_modifiable", "resultats", "presentation", "profil")

    famille = "consultations"

    titre = models.CharField(_("Titre"), max_length=140)
    slug = models.SlugField(max_length=160, unique=True)
    description = models.TextField(_("Pourquoi ces questions ?"), max_length=5000, blank=True)
    genre = models.CharField(_("Type"), max_length=14, choices=Genre, default=Genre.QUESTIONNAIRE)
    etape = models.ForeignKey(
        Etape,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("Étape du projet"),
        help_text=_("Laissez vide pour une consultation qui ne dépend d’aucun projet."),
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    qui = models.CharField(_("Qui peut répondre"), max_length=10, choices=Qui, default=Qui.TOUTES)
    est_modifiable = models.BooleanField(_("On peut changer sa réponse jusqu’à la fin"), default=True)
    resultats = models.CharField(_("Résultats visibles"), max_length=11, choices=Resultats, default=Resultats.CLOTURE)
    presentation = models.CharField(_("Présentation"), max_length=8, choices=Presentation, default=Presentation.PAGES)
    profil = models.BooleanField(
        _("Demander la commune et la tranche d’âge, sans obligation"),
        default=True,
        help_text=_("Pour savoir qui n’a pas encore répondu. Jamais publié pour un groupe de moins de dix personnes."),
    )
    ouvre_le = models.DateTimeField(_("Ouverture"))
    ferme_le = models.DateTimeField(_("Fin"))
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    restitution = models.TextField(_("Bilan"), max_length=20_000, blank=True, editable=False)
    restituee_le = models.DateTimeField(_("Bilan publié le"), null=True, blank=True, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Consultation")
        verbose_name_plural = _("Consultations")
        ordering = ["-ouvre_le", "-pk"]
        indexes = [
            models.Index(fields=["-ouvre_le", "-id"], name="consultation_recentes"),
            models.Index(fields=["etat", "ouvre_le"], name="consultation_a_ouvrir"),
            models.Index(fields=["etat", "ferme_le"], name="consultation_a_clore"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "programmee", "ouverte", "close", "restituee"]),
                name="consultation_etat",
            ),
            models.CheckConstraint(
                condition=Q(ferme_le__gt=F("ouvre_le")),
                name="consultation_dates",
                violation_error_message=_("La fin doit venir après l’ouverture."),
            ),
            models.CheckConstraint(
                condition=~Q(qui="habitantes") | Q(territoire__isnull=False),
                name="consultation_habitantes",
                violation_error_message=_(
                    "Choisissez le territoire dont les habitantes et habitants peuvent répondre."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(genre="sondage") | Q(qui="toutes", presentation="ensemble", profil=False),
                name="consultation_sondage",
                violation_error_message=_(
                    "Un mini-sondage est ouvert à toutes et tous, tient sur une page et ne demande rien d’autre."
                ),
            ),
            models.CheckConstraint(
                condition=Q(etat="restituee", restituee_le__isnull=False) & ~Q(restitution="")
                | ~Q(etat="restituee") & Q(restituee_le__isnull=True, restitution=""),
                name="consultation_restituee",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("consultations:detail", args=[self.slug])

    @property
    def est_annoncee(self) -> bool:
        return self.etat != self.Etat.BROUILLON

    @property
    def est_sondage(self) -> bool:
        return self.genre == self.Genre.SONDAGE

    @property
    def est_ouverte(self) -> bool:
        """Now between its dates, and its stage too: true to the second, even if the clock task is late."""
        if self.etat not in {self.Etat.PROGRAMMEE, self.Etat.OUVERTE}:
            return False
        if not self.ouvre_le <= timezone.now() < self.ferme_le:
            return False
        return self.etape is None or self.etape.permet(Etape.Fonction.REPONDRE)

    @property
    def est_finie(self) -> bool:
        """Nobody can answer any more."""
        return self.etat in {self.Etat.CLOSE, self.Etat.RESTITUEE}

    @property
    def resultats_visibles(self) -> bool:
        """For everybody alike, by the rule that was announced."""
        if self.resultats == self.Resultats.DIRECT:
            return self.est_finie or self.etat == self.Etat.OUVERTE
        return self.est_finie if self.resultats == self.Resultats.CLOTURE else self.etat == self.Etat.RESTITUEE

    @property
    def version(self):
        """The published questionnaire, the one that people answer; None before there is one."""
        return self.versions.filter(publiee_le__isnull=False).order_by("-numero").first()

    def regles_en_clair(self) -> str:
        """The rules as sentences, for everybody to read before answering."""
        phrases = [
            gettext("Peut répondre : %(qui)s, une fois par personne.") % {"qui": self.get_qui_display()},
            gettext("Vous pouvez changer ou retirer votre réponse jusqu’à la fin.")
            if self.est_modifiable
            else gettext("Une réponse envoyée ne se change plus ; vous pouvez la retirer jusqu’à la fin."),
            gettext("Fin le %(quand)s.") % {"quand": date_format(timezone.localtime(self.ferme_le), "j F Y, H:i")},
            gettext("Résultats visibles %(quand)s.") % {"quand": self.get_resultats_display()},
        ]
        if self.resultats == self.Resultats.RESTITUTION:
            phrases.append(gettext("L’équipe les lit dès la fin, pour écrire ce bilan."))
        return " ".join(phrases)

    # --- Steps -------------------------------------------------------------------------------------------------------

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.PROGRAMMEE,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Annoncer la consultation"),
            prevenir=_("Ses questions et ses règles seront publiques. Elle s’ouvrira et se fermera à ses dates."),
            suite="consultations.composition.publier_la_premiere",
            principale=True,
        ),
    )
    def programmer(self, *, par):
        if self.ferme_le <= timezone.now():
            raise EtapeInvalide(gettext("Sa fin est déjà passée : choisissez une date à venir."))
        self._exiger_une_etape_qui_l_accueille()
        version = self.versions.order_by("-numero").first()
        if version is None:
            raise EtapeInvalide(gettext("Il n’y a encore aucune question."))
        self.exiger_un_questionnaire(version.questionnaire)

    @transition(
        de=[Etat.PROGRAMMEE],
        vers=Etat.BROUILLON,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Reprendre la préparation"),
            prevenir=_("Elle ne sera plus annoncée. Son annonce et ce retour restent écrits dans la chronologie."),
        ),
    )
    def reprendre(self, *, par):
        if self.ouvre_le <= timezone.now():
            raise EtapeInvalide(gettext("Elle a commencé : des personnes sont peut-être en train de répondre."))

    @transition(
        de=[Etat.PROGRAMMEE],
        vers=Etat.OUVERTE,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Ouvrir la consultation"), automatique=True),
    )
    def ouvrir(self, *, par):
        if timezone.now() < self.ouvre_le:
            raise EtapeInvalide(gettext("Ce n’est pas encore l’heure."))

    @transition(
        de=[Etat.OUVERTE],
        vers=Etat.CLOSE,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Fermer la consultation"), automatique=True),
    )
    def clore(self, *, par):
        if timezone.now() < self.ferme_le:
            raise EtapeInvalide(gettext("Ce n’est pas encore l’heure."))

    @transition(
        de=[Etat.CLOSE],
        vers=Etat.RESTITUEE,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Publier le bilan"),
            formulaire="consultations.forms.RestituerForm",
            prevenir=_("Le bilan est public et ne se réécrit pas."),
            principale=True,
        ),
    )
    def restituer(self, *, par, bilan):
        if not bilan.strip():
            raise EtapeInvalide(gettext("Dites ce que vous retenez des réponses, et la suite."), champ="bilan")
        self.restitution = bilan.strip()
        self.restituee_le = timezone.now()

    def _exiger_une_etape_qui_l_accueille(self):
        etape = self.etape
        if etape is None:
            return
        if not etape.projet.est_annonce:
            raise EtapeInvalide(gettext("Son projet n’est pas encore annoncé."))
        if Etape.Fonction.REPONDRE not in etape.ouvre or etape.est_annulee:
            raise EtapeInvalide(
                gettext("L’étape « %(etape)s » ne permet pas de répondre à des questions.") % {"etape": etape.titre}
            )
        if self.ouvre_le < etape.ouvre_le or self.ferme_le > etape.ferme_le:
            raise EtapeInvalide(
                gettext("Ses dates doivent tenir dans celles de l’étape « %(etape)s ».") % {"etape": etape.titre}
            )

    def exiger_un_questionnaire(self, questionnaire) -> None:
        """Raises EtapeInvalide when these questions cannot be asked as they are."""
        torts = defauts(questionnaire)
        if torts:
            raise EtapeInvalide(" ".join(tort.phrase for tort in torts[:3]))
        if self.est_sondage and len(questionnaire.questions) > QUESTIONS_D_UN_SONDAGE:
            raise EtapeInvalide(gettext("Un mini-sondage a %(n)s questions au plus.") % {"n": QUESTIONS_D_UN_SONDAGE})
        if self.est_sondage and len(questionnaire.pages) > 1:
            raise EtapeInvalide(gettext("Un mini-sondage tient sur une seule page."))
