from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from reponses.models import Service
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInvalide, Etiquette, transition
from votes.models.option import Option
from votes.models.scrutin import DEJA_ANNONCE, Scrutin
from votes.permissions import peut_conduire, peut_etudier


class EtudeQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Those of the ballots that she prepares; with an announced option, those that were given back."""
        if est_connectee(personne) and personne.est_agent:
            return self
        publiques = Q(etat=Etude.Etat.RENDUE, option__figee_le__isnull=False)
        visibles = Q(option__scrutin__in=Scrutin.objects.visibles_par(personne).values("pk")) & publiques
        if est_connectee(personne):
            visibles |= Q(option__scrutin__etape__projet__referente=personne)
        return self.filter(visibles)

    def attendues(self):
        return self.filter(etat=Etude.Etat.DEMANDEE)

    def publiques(self):
        """Read by everybody with the option, once its list is announced."""
        return self.filter(etat=Etude.Etat.RENDUE, option__figee_le__isnull=False)


class Etude(EtatsProteges):
    """What a service says of an option before the vote: can it be done, for how much, when, and who keeps it up."""

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", _("Attendue")
        RENDUE = "rendue", _("Rendue")

    class Conclusion(models.TextChoices):
        FAISABLE = "faisable", _("Faisable")
        SOUS_CONDITIONS = "sous_conditions", _("Faisable sous conditions")
        NON_FAISABLE = "non_faisable", _("Non faisable")

    famille = "votes.etude"

    option = models.ForeignKey(Option, models.CASCADE, related_name="etudes")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("Service"))
    etat = FSMField(_("État"), default=Etat.DEMANDEE, choices=Etat, protected=True)
    demandee_le = models.DateTimeField(_("Demandée le"), default=timezone.now, editable=False)
    attendue_le = models.DateField(_("Attendue le"))
    rendue_le = models.DateTimeField(_("Rendue le"), null=True, blank=True, editable=False)
    conclusion = models.CharField(_("Conclusion"), max_length=16, choices=Conclusion, blank=True)
    motif = models.TextField(_("Explication"), max_length=3000, blank=True)
    alternative = models.TextField(_("Ce qui serait possible à la place"), max_length=3000, blank=True)
    cout = models.PositiveBigIntegerField(_("Coût estimé, en centimes"), null=True, blank=True)
    cout_motif = models.CharField(_("D’où vient ce coût"), max_length=500, blank=True)
    calendrier = models.CharField(_("Durée et calendrier"), max_length=500, blank=True)
    entretien = models.CharField(_("Entretien : par qui, pour combien"), max_length=500, blank=True)

    objects = EtudeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Étude de faisabilité")
        verbose_name_plural = _("Études de faisabilité")
        ordering = ["attendue_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["option", "service"], name="etude_une_par_service"),
            models.CheckConstraint(condition=Q(etat__in=["demandee", "rendue"]), name="etude_etat"),
            models.CheckConstraint(
                condition=Q(etat="demandee", rendue_le__isnull=True)
                | Q(
                    etat="rendue",
                    rendue_le__isnull=False,
                    conclusion__in=["faisable", "sous_conditions", "non_faisable"],
                )
                & ~Q(motif=""),
                name="etude_rendue",
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="non_faisable") | ~Q(alternative="") & ~Q(motif=""),
                name="etude_non_faisable_avec_alternative",
            ),
            models.CheckConstraint(condition=Q(cout__isnull=True) | ~Q(cout_motif=""), name="etude_cout_explique"),
        ]

    def __str__(self):
        return f"{self.service} : {self.option}"

    def get_absolute_url(self):
        return self.option.get_absolute_url()

    def projet_du_journal(self):
        return self.option.projet_du_journal()

    @property
    def est_lisible(self) -> bool:
        return self.option.est_lisible

    def pourquoi_pas(self, personne) -> str:
        """Whoever conducts the ballot wrote it until the announcement, and no longer."""
        if peut_conduire(self.option.scrutin, personne) and self.option.scrutin.est_annonce:
            return str(DEJA_ANNONCE)
        return ""

    def _tenir_le_brouillon(self):
        """Nobody announces the ballot while one of its studies changes. Raises EtapeImpossible."""
        brouillons = Scrutin.objects.select_for_update().filter(etat=Scrutin.Etat.BROUILLON)
        if not brouillons.filter(pk=self.option.scrutin_id).exists():
            raise EtapeImpossible(str(DEJA_ANNONCE))

    @property
    def est_en_retard(self) -> bool:
        return self.etat == self.Etat.DEMANDEE and timezone.localdate() > self.attendue_le

    @transition(
        de=[Etat.DEMANDEE],
        vers=Etat.RENDUE,
        permission=peut_etudier,
        etiquette=Etiquette(_("Rendre l’étude"), publique=False, formulaire="votes.forms.EtudeForm", principale=True),
    )
    def rendre(self, *, par, conclusion, motif, alternative="", cout=None, cout_motif="", calendrier="", entretien=""):
        self._tenir_le_brouillon()
        if not motif.strip():
            raise EtapeInvalide(gettext("Expliquez cette conclusion : elle sera publique."), champ="motif")
        if conclusion == self.Conclusion.NON_FAISABLE and not alternative.strip():
            raise EtapeInvalide(gettext("Dites ce qui serait possible à la place."), champ="alternative")
        if cout is not None and not cout_motif.strip():
            raise EtapeInvalide(gettext("Dites d’où vient ce coût."), champ="cout_motif")
        self.conclusion, self.motif, self.alternative = conclusion, motif.strip(), alternative.strip()
        self.cout, self.cout_motif = cout, cout_motif.strip()
        self.calendrier, self.entretien = calendrier.strip(), entretien.strip()
        self.rendue_le = timezone.now()

    @transition(
        de=[Etat.RENDUE],
        vers=Etat.DEMANDEE,
        permission=peut_etudier,
        etiquette=Etiquette(_("Reprendre l’étude"), publique=False),
    )
    def reprendre(self, *, par):
        """What it said stays in its fields, to be corrected."""
        self._tenir_le_brouillon()
        self.rendue_le = None
