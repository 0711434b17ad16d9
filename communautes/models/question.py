from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from commentaires.models import Commentaire
from communautes.models.communaute import Communaute
from communautes.permissions import peut_participer
from communautes.permissions_questions import (
    est_autrice,
    est_chargee,
    peut_constater_le_seuil,
    peut_prendre,
    peut_repondre,
)
from projets.models import Projet
from reponses.models import Echeance, Reponse
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.lignes import nombre_de
from socle.moderable import Moderable
from socle.permissions import A_UN_COLLEGUE, est_connectee
from timeline.etapes import EtapeInvalide, Etiquette, franchir, transition
from timeline.models import Entree


class QuestionQuerySet(EtatsQuerySet):
    def publiees(self):
        """Asked in front of everybody, whatever became of it; not those that moderation hides."""
        return self.filter(etat__in=Question.ETATS_PUBLICS, masquee_le__isnull=True)

    def visibles_par(self, personne):
        """A question is public from the day it is asked, as its answer will be: wherever everybody may find its community.

        Also her own; to those who supported it, a withdrawn one with its reason; to those who answer, all of them; to
        moderators, what is hidden.
        """
        lisibles = Q(etat__in=Question.ETATS_PUBLICS, masquee_le__isnull=True) & Q(
            communaute__in=_communautes_lisibles()
        )
        if not est_connectee(personne):
            return self.filter(lisibles)
        if personne.est_agent:
            return self
        vues = lisibles | Question.de_ses_mots(personne) | Q(communaute__projet__referente=personne)
        soutenues = SoutienQuestion.objects.filter(personne=personne).order_by().values("question")
        vues |= Q(etat=Question.Etat.RETIREE, masquee_le__isnull=True, pk__in=soutenues)
        if personne.est_moderatrice:
            trouvees = Communaute.objects.visibles_par(personne).order_by().values("pk")
            vues |= Q(etat__in=Question.ETATS_PUBLICS, communaute__in=trouvees)
        return self.filter(vues)

    def a_repondre_par(self, personne):
        """Due, and hers to answer: not what she has asked."""
        siennes = self.filter(etat=Question.Etat.POSEE).exclude(Question.de_ses_mots(personne))
        return siennes if personne.est_agent else siennes.filter(communaute__projet__referente=personne)

    def adressees_a(self, personne):
        return self.filter(destinataire=personne)

    def en_attente(self):
        """Without their answer, and not withdrawn."""
        return self.filter(etat__in=Question.ETATS_SOUTENABLES)

    def avec_communaute(self):
        """With what its rights, its words and its address ask."""
        return self.select_related("communaute__projet", "auteur").defer(
            "communaute__description", "communaute__charte", "communaute__projet__description",
            *(f"communaute__projet__{nom}" for nom in Projet.CADRE),
        )  # fmt: skip

    pour_repondre = pour_phrase = avec_communaute

    def avec_derniere_etape(self):
        """`etape_le`: when it came to where it stands, as the public journal says."""
        etapes = Entree.objects.filter(
            cible_type=ContentType.objects.get_for_model(Question), cible_id=OuterRef("pk"), est_publique=True
        ).filter(type__startswith="communautes.question.")
        return self.annotate(etape_le=Subquery(etapes.order_by("-survenu_le", "-pk").values("survenu_le")[:1]))

    def pour_liste(self, personne):
        """Everything a card shows, in a constant number of queries."""
        siens = SoutienQuestion.objects.filter(question=OuterRef("pk"))
        clore = Echeance.objects.filter(_sur_elle())
        questions = self.avec_communaute().annotate(
            nb_soutiens=nombre_de(siens),
            due_le=Subquery(clore.values("due_le")[:1]),
            repondue_le=Subquery(clore.values("tenue_le")[:1]),
        )
        if est_connectee(personne):
            return questions.annotate(est_soutenue=Exists(siens.filter(personne=personne)))
        return questions.annotate(est_soutenue=Value(False, output_field=models.BooleanField()))


def _communautes_lisibles():
    """Those whose front page everybody may read: what was asked there is read as long as they are."""
    lisibles = Communaute.objects.filter(
        etat__in=Communaute.ANNONCEES, acces__in=Communaute.TROUVABLES, masquee_le__isnull=True
    ).filter(Q(projet__isnull=True) | Q(projet__in=Projet.objects.annonces().order_by().values("pk")))
    return lisibles.order_by().values("pk")


def _sur_elle() -> Q:
    """Over rows that have a target: those of the outer question."""
    return Q(cible_type__app_label="communautes", cible_type__model="question", cible_id=OuterRef("pk"))


class Question(Moderable, EtatsProteges):
    """One question, one answer: asked in a community, supported by anybody, answered in public before a public date.

    Public from its first day, since its answer will be: it lives in the public journal, and never in that of its community.
    """

    class Etat(models.TextChoices):
        PUBLIEE = "publiee", _("Ouverte aux soutiens")
        POSEE = "posee", _("Réponse attendue")
        REPONDUE = "repondue", _("Répondue")
        RETIREE = "retiree", _("Retirée par son auteur")

    ETATS_PUBLICS = (Etat.PUBLIEE, Etat.POSEE, Etat.REPONDUE)
    ETATS_SOUTENABLES = (Etat.PUBLIEE, Etat.POSEE)

    famille = "communautes.question"
    a_lire_avec = ("auteur", "communaute")
    #: Read by `reponses.regles`: it is answered, and not decided upon.
    pose_une_question = True

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="questions")
    titre = models.CharField(_("Votre question"), max_length=200)
    texte = models.TextField(_("Pourquoi vous la posez"), max_length=2000, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="questions", verbose_name=_("Auteur")
    )
    # Made with each empty form: the same form sent twice is one question.
    cle_saisie = models.UUIDField(unique=True, editable=False)
    # To whom; nobody: to the collectivité. Her name and her mandate are those of the day it was asked.
    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Élu·e")
    )
    destinataire_nom = models.CharField(max_length=120, blank=True, editable=False)
    destinataire_mandat = models.CharField(max_length=200, blank=True, editable=False)
    etat = FSMField(_("État"), default=Etat.PUBLIEE, choices=Etat, protected=True)
    publiee_le = models.DateTimeField(_("Publiée le"), default=timezone.now, editable=False)
    # The rules of that day: what was told to those who support it no longer moves.
    seuil = models.PositiveIntegerField(_("Soutiens qui obligent à répondre"), editable=False)
    delai = models.PositiveSmallIntegerField(_("Délai de réponse, en jours"), editable=False)
    motif_retrait = models.CharField(_("Raison du retrait"), max_length=500, blank=True, editable=False)
    reponses = GenericRelation(Reponse, object_id_field="cible_id", content_type_field="cible_type")
    echeances = GenericRelation(Echeance, object_id_field="cible_id", content_type_field="cible_type")

    objects = QuestionQuerySet.as_manager()

    #: Of `pour_liste()`.
    nb_soutiens: int
    est_soutenue: bool
    due_le: date | None

    class Meta(Moderable.Meta):
        verbose_name = _("Question")
        verbose_name_plural = _("Questions")
        ordering = ["-publiee_le", "-pk"]
        indexes = [
            models.Index(fields=["communaute", "-publiee_le", "-id"], name="question_recentes"),
            models.Index(fields=["auteur", "-publiee_le", "-id"], name="question_de"),
            models.Index(fields=["destinataire", "etat"], name="question_pour"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(etat__in=["publiee", "posee", "repondue", "retiree"]), name="question_etat"
            ),
            models.CheckConstraint(condition=~Q(titre=""), name="question_titre"),
            models.CheckConstraint(condition=Q(seuil__gte=1, delai__gte=1), name="question_regles"),
            models.CheckConstraint(condition=Q(etat="retiree") ^ Q(motif_retrait=""), name="question_retrait"),
            # Named with her mandate, or not at all; an account that is gone leaves both.
            models.CheckConstraint(
                condition=Q(destinataire__isnull=True, destinataire_nom="", destinataire_mandat="")
                | (~Q(destinataire_nom="") & ~Q(destinataire_mandat="")),
                name="question_destinataire",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("communautes:question", args=[self.pk])

    def projet_du_journal(self):
        return self.communaute.projet

    def communaute_du_journal(self):
        """Public: its entries are read by everybody, whatever the door of its community."""
        return

    @property
    def est_lisible(self) -> bool:
        return self.etat in self.ETATS_PUBLICS and not self.est_masquee and self.communaute.est_lisible

    @property
    def a_qui(self) -> str:
        """To whom it is asked, as people read it."""
        if not self.destinataire_nom:
            return str(_("la collectivité"))
        return f"{self.destinataire_nom}, {self.destinataire_mandat}"

    def peut_etre_instruite_par(self, personne) -> bool:
        return est_chargee(self, personne) and not est_autrice(self, personne)

    def pourquoi_pas(self, personne) -> str:
        """She is of the team, and it is her own question."""
        if not est_connectee(personne) or not est_autrice(self, personne):
            return ""
        return str(A_UN_COLLEGUE) if personne.est_moderatrice or est_chargee(self, personne) else ""

    def discussion_ouverte(self) -> bool:
        """Until it is answered, while its community is open."""
        return self.etat in self.ETATS_SOUTENABLES and self.est_lisible and self.communaute.est_ouverte

    def peut_y_ecrire(self, personne) -> bool:
        """Everybody where the door is open, else those who are in: what is said there is said by the community."""
        return self.communaute.est_publique or peut_participer(self.communaute, personne)

    def pourquoi_ne_pas_y_ecrire(self) -> str:
        return str(_("Cette discussion est celle des membres de la communauté. Tout le monde peut la lire."))

    def attend_reponse(self) -> bool:
        return self.etat == self.Etat.POSEE

    def en_bref(self) -> dict:
        """What an elected official reads of it before she signs its answer."""
        lisibles = Commentaire.objects.sur(self).filter(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True)
        chiffres = [(_("Soutiens"), self.soutiens.count()), (_("Commentaires"), lisibles.count())]
        return {"titre": self.titre, "texte": self.texte, "chiffres": chiffres}

    def soutien_ouvert(self) -> bool:
        return self.etat in self.ETATS_SOUTENABLES and self.est_lisible and self.communaute.est_ouverte

    def soutien_repris_possible(self) -> bool:
        """A support may be taken back until the answer is before whoever signs it: she signs for those who asked."""
        avancees = (Reponse.Etat.A_SIGNER, *Reponse.ETATS_SCELLES)
        return self.soutien_ouvert() and not Reponse.objects.sur(self).filter(etat__in=avancees).exists()

    def seuil_atteint(self) -> bool:
        return self.soutiens.count() >= self.seuil

    @property
    def echeance(self):
        """Its answer clock, once started (prefetch `echeances`)."""
        return next(iter(self.echeances.all()), None)

    def reponse_publiee(self):
        return self.reponses.publiees().filter(corrige__isnull=True).first()

    def recevoir_reponse(self, reponse, *, par):
        """Called when its official answer is published."""
        franchir(self.repondre, par=par, donnees={"reponse": reponse.pk})

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.POSEE,
        permission=peut_constater_le_seuil,
        etiquette=Etiquette(
            _("Atteindre le seuil"), suite="communautes.actions_questions.lancer_l_horloge", automatique=True
        ),
    )
    def atteindre_seuil(self, *, par):
        if not self.seuil_atteint():
            raise EtapeInvalide(_("Le seuil n’est pas atteint."))
        return {"seuil": self.seuil}

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.POSEE,
        permission=peut_prendre,
        etiquette=Etiquette(
            _("Répondre sans attendre le seuil"),
            formulaire="communautes.forms.questions.PrendreForm",
            suite="communautes.actions_questions.lancer_l_horloge",
            prevenir=_("Une réponse sera due, à une date que tout le monde lira et qui ne bougera plus."),
            principale=True,
        ),
    )
    def prendre(self, *, par, service=None):
        """By whoever answers, or by the élue to whom it is asked."""

    @transition(
        de=[Etat.POSEE],
        vers=Etat.REPONDUE,
        permission=peut_repondre,
        etiquette=Etiquette(_("Répondre"), automatique=True),
    )
    def repondre(self, *, par):
        """Brought by its published answer."""

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.RETIREE,
        permission=est_autrice,
        etiquette=Etiquette(
            _("Retirer ma question"),
            formulaire="communautes.forms.questions.RetirerForm",
            prevenir=_(
                "Votre question ne sera plus publique. Les personnes qui la soutiennent pourront encore la lire, avec votre raison."
            ),
        ),
    )
    def retirer(self, *, par, motif):
        """Possible until an answer is due: from then on, those who support it await it too."""
        self.motif_retrait = motif


class SoutienQuestion(models.Model):
    """« Moi aussi, j’attends la réponse »: one row per person and question; the count is the number of rows."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="soutiens")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="soutiens_de_questions")
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Soutien d’une question")
        verbose_name_plural = _("Soutiens des questions")
        ordering = ["-cree_le", "-pk"]
        constraints = [models.UniqueConstraint(fields=["question", "personne"], name="soutien_question_unique")]
        indexes = [models.Index(fields=["personne", "-cree_le", "-id"], name="soutien_question_de")]

    def __str__(self):
        return f"{self.personne_id} soutient {self.question_id}"
