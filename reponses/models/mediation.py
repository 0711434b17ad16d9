from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from reponses.models.reponse import Reponse
from reponses.permissions import peut_clore, peut_prendre_en_mediation, peut_relire, peut_rendre
from reponses.utilite import Utilite, utilite_de
from socle.etats import EtatsProteges, EtatsQuerySet
from timeline.etapes import EtapeInvalide, Etiquette, transition


class SecondeLectureQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Public, as the answers that they read again are."""
        return self.filter(reponse__in=Reponse.objects.visibles_par(personne))

    def en_cours(self):
        return self.filter(etat__in=SecondeLecture.ETATS_OUVERTS)

    def en_retard(self):
        return self.filter(etat=SecondeLecture.Etat.A_PRECISER, due_le__lt=timezone.localdate())


class SecondeLecture(EtatsProteges):
    """A published answer is read again by the mediator: it is clear as it is, or it must be made precise by a date.

    It changes nothing of the answer: what makes it precise is a correction, on the road of all corrections.
    """

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", _("Demandée")
        EN_LECTURE = "en_lecture", _("En lecture")
        MAINTENUE = "maintenue", _("La réponse est claire et complète")
        A_PRECISER = "a_preciser", _("La réponse est à préciser")
        PRECISEE = "precisee", _("La réponse est précisée")

    class Origine(models.TextChoices):
        AUTRICE = "autrice", _("La personne qui a proposé l’idée la demande")
        NIVEAU = "niveau", _("Trop de personnes ne la trouvent pas utile")

    ETATS_OUVERTS = ("demandee", "en_lecture", "a_preciser")
    LONGUEUR_MAX = 2000  # characters

    famille = "reponses.mediation"

    reponse = models.ForeignKey(Reponse, models.PROTECT, related_name="secondes_lectures")
    etat = FSMField(_("État"), default=Etat.DEMANDEE, choices=Etat, protected=True)
    origine = models.CharField(_("Pourquoi"), max_length=8, choices=Origine)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Demandée par"),
    )
    #: For the mediator and the team only: somebody's own words, forgotten with her account.
    raison = models.TextField(_("Ce qui manque"), max_length=LONGUEUR_MAX, blank=True)
    demandee_le = models.DateTimeField(_("Demandée le"), default=timezone.now)
    mediatrice = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Médiatrice")
    )
    conclusion = models.TextField(_("Ce que dit la médiatrice"), max_length=LONGUEUR_MAX, blank=True, editable=False)
    conclue_le = models.DateTimeField(_("Dit le"), null=True, blank=True, editable=False)
    #: « Réponse utile ? » on the day of the conclusion: what she read. Opinions go on, hers to give and to change; a figure
    #: that follows them alone would rewrite why the answer was read again.
    utiles_lus = models.PositiveIntegerField(_("Avis « utile » ce jour-là"), null=True, blank=True, editable=False)
    avis_lus = models.PositiveIntegerField(_("Avis donnés ce jour-là"), null=True, blank=True, editable=False)
    due_le = models.DateField(_("Précision attendue le"), null=True, blank=True, editable=False)
    precisee_le = models.DateTimeField(_("Précisée le"), null=True, blank=True, editable=False)

    objects = SecondeLectureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Seconde lecture")
        verbose_name_plural = _("Secondes lectures")
        ordering = ["demandee_le", "pk"]
        indexes = [models.Index(fields=["etat", "demandee_le", "id"], name="seconde_lecture_file")]
        constraints = [
            models.UniqueConstraint(
                fields=["reponse"],
                condition=Q(etat__in=["demandee", "en_lecture", "a_preciser"]),
                name="seconde_lecture_unique",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["demandee", "en_lecture", "maintenue", "a_preciser", "precisee"]),
                name="seconde_lecture_etat",
            ),
            models.CheckConstraint(condition=Q(origine__in=["autrice", "niveau"]), name="seconde_lecture_origine"),
            models.CheckConstraint(
                condition=Q(etat__in=["demandee", "en_lecture"], conclusion="", conclue_le__isnull=True)
                | (Q(etat__in=["maintenue", "a_preciser", "precisee"], conclue_le__isnull=False) & ~Q(conclusion="")),
                name="seconde_lecture_conclue",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["a_preciser", "precisee"], due_le__isnull=False)
                | Q(etat__in=["demandee", "en_lecture", "maintenue"], due_le__isnull=True),
                name="seconde_lecture_due",
            ),
            models.CheckConstraint(
                condition=Q(etat="precisee", precisee_le__isnull=False)
                | (~Q(etat="precisee") & Q(precisee_le__isnull=True)),
                name="seconde_lecture_precisee",
            ),
            models.CheckConstraint(
                condition=Q(utiles_lus__isnull=True, avis_lus__isnull=True)
                | Q(
                    utiles_lus__lte=F("avis_lus"),
                    utiles_lus__isnull=False,
                    avis_lus__isnull=False,
                    conclue_le__isnull=False,
                ),
                name="seconde_lecture_avis_lus",
            ),
        ]

    def __str__(self):
        return str(_("Seconde lecture de la réponse n° %s")) % self.reponse_id

    def get_absolute_url(self):
        return f"{self.reponse.get_absolute_url()}#seconde-lecture"

    def projet_du_journal(self):
        return self.reponse.projet_du_journal()

    @property
    def est_lisible(self) -> bool:
        return self.reponse.cible_lisible

    @property
    def est_en_retard(self) -> bool:
        return self.etat == self.Etat.A_PRECISER and self.due_le is not None and self.due_le < timezone.localdate()

    @property
    def jours_restants(self) -> int | None:
        """Days before the precision is due; negative when late, None while none is asked for."""
        return (self.due_le - timezone.localdate()).days if self.due_le else None

    @property
    def utilite_lue(self) -> Utilite | None:
        """What people said of the answer on the day of the conclusion; None before it, or when they were too few to say."""
        if self.utiles_lus is None or self.avis_lus is None:
            return None
        lue = Utilite(self.utiles_lus, self.avis_lus)
        return lue if lue.se_dit else None

    @transition(
        de=[Etat.DEMANDEE],
        vers=Etat.EN_LECTURE,
        permission=peut_prendre_en_mediation,
        etiquette=Etiquette(_("Relire cette réponse"), publique=False, principale=True),
    )
    def prendre(self, *, par):
        self.mediatrice = par

    @transition(
        de=[Etat.EN_LECTURE],
        vers=Etat.DEMANDEE,
        permission=peut_rendre,
        etiquette=Etiquette(_("Laisser à quelqu’un d’autre"), publique=False),
    )
    def rendre(self, *, par):
        """By her who took it; by another one, when she may no longer read it: nothing waits for somebody who left."""
        self.mediatrice = None

    @transition(
        de=[Etat.EN_LECTURE],
        vers=Etat.MAINTENUE,
        permission=peut_relire,
        etiquette=Etiquette(
            _("Dire qu’elle est claire et complète"), formulaire="reponses.forms_mediation.ConclureForm"
        ),
    )
    def maintenir(self, *, par, conclusion):
        self._conclure(conclusion)

    @transition(
        de=[Etat.EN_LECTURE],
        vers=Etat.A_PRECISER,
        permission=peut_relire,
        etiquette=Etiquette(
            _("Demander une précision"), formulaire="reponses.forms_mediation.ConclureForm", principale=True
        ),
    )
    def faire_preciser(self, *, par, conclusion):
        self._conclure(conclusion)
        self.due_le = timezone.localdate() + timedelta(days=settings.MEDIATION_JOURS)

    @transition(
        de=[Etat.A_PRECISER],
        vers=Etat.PRECISEE,
        permission=peut_clore,
        etiquette=Etiquette(_("Clore la seconde lecture"), automatique=True),
    )
    def clore(self, *, par):
        """Taken by the publication of a correction."""
        self.precisee_le = timezone.now()

    def _conclure(self, conclusion):
        if not conclusion.strip():
            raise EtapeInvalide(_("Écrivez ce que vous avez lu : tout le monde le lira."), champ="conclusion")
        self.conclusion, self.conclue_le = conclusion.strip(), timezone.now()
        lus = utilite_de(self.reponse)
        self.utiles_lus, self.avis_lus = lus.utile, lus.total
