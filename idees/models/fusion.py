from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from idees.models.idee import Idee, Soutien
from idees.permissions import est_autrice
from idees.permissions_fusion import (
    peut_abandonner,
    peut_accepter,
    peut_defaire,
    peut_demander_la_separation,
    peut_effectuer,
    peut_imposer,
    peut_refuser,
)
from notifications.models import Abonnement
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, Etiquette, transition


def empechement(source, cible) -> str:
    """Why the source cannot join the target now, as a sentence; empty when it can."""
    if source.pk == cible.pk:
        return str(_("Choisissez deux idées différentes."))
    if source.etat == Idee.Etat.EN_ETUDE:
        return _("L’idée n° %(n)s est à l’étude : elle attend sa propre réponse.") % {"n": source.pk}
    fermee = source if source.etat != Idee.Etat.PUBLIEE or source.est_masquee else None
    if cible.etat not in Idee.ETATS_SOUTENABLES or cible.est_masquee:
        fermee = cible
    return _("L’idée n° %(n)s n’est plus ouverte : on ne peut pas la réunir.") % {"n": fermee.pk} if fermee else ""


class FusionQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Whoever sees one of the two ideas; pages show the words of those that she sees."""
        vues = Idee.objects.visibles_par(personne).values("pk")
        return self.filter(Q(source__in=vues) | Q(cible__in=vues))

    def autour(self, idee):
        return self.filter(Q(source=idee) | Q(cible=idee))

    def entre(self, une, autre):
        """Of these two, whichever joins the other."""
        return self.filter(Q(source=une, cible=autre) | Q(source=autre, cible=une))

    def effectives(self):
        return self.filter(etat=Fusion.Etat.EFFECTIVE)

    def pour_phrase(self):
        return self.select_related("source", "cible")


class Fusion(EtatsProteges):
    """One idea (the source) joins another (the target): proposed, agreed or not, effective, undone. Its row is the record."""

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", _("Proposée")
        EFFECTIVE = "effective", _("Réunies")
        REFUSEE = "refusee", _("Refusée")
        ABANDONNEE = "abandonnee", _("Abandonnée")
        DEFAITE = "defaite", _("Défaite")

    class Voie(models.TextChoices):
        AGENT = "agent", _("proposée par la collectivité")
        AUTRICES = "autrices", _("proposée par l’auteur d’une des deux idées")

    famille = "idees.fusion"

    source = models.ForeignKey(Idee, models.PROTECT, related_name="fusions_sortantes")
    cible = models.ForeignKey(Idee, models.PROTECT, related_name="fusions_entrantes")
    voie = models.CharField(max_length=8, choices=Voie)
    etat = FSMField(_("État"), default=Etat.PROPOSEE, choices=Etat, protected=True)
    motif = models.CharField(_("Pourquoi les réunir"), max_length=500)
    # Said by the agent who does not wait for the authors; empty otherwise.
    urgence = models.CharField(_("Pourquoi sans attendre"), max_length=500, blank=True)
    proposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    proposee_le = models.DateTimeField(default=timezone.now)
    # Of an agent: takes effect then, if nobody said no. Of an author: lapses then, if nobody answered.
    echeance_le = models.DateTimeField()
    accord_source_le = models.DateTimeField(null=True, blank=True)
    accord_cible_le = models.DateTimeField(null=True, blank=True)
    effective_le = models.DateTimeField(null=True, blank=True)
    # Until then, supporters of the source may keep their support out of the target.
    refus_jusqu_au = models.DateTimeField(null=True, blank=True)
    separation_source_le = models.DateTimeField(null=True, blank=True)
    separation_cible_le = models.DateTimeField(null=True, blank=True)
    close_le = models.DateTimeField(null=True, blank=True)
    close_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    motif_fin = models.CharField(_("Raison de la fin"), max_length=500, blank=True)

    objects = FusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Réunion de deux idées")
        verbose_name_plural = _("Réunions d’idées")
        ordering = ["-proposee_le", "-pk"]
        indexes = [models.Index(fields=["etat", "echeance_le"], name="fusion_horloge")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "effective", "refusee", "abandonnee", "defaite"]), name="fusion_etat"
            ),
            models.CheckConstraint(condition=Q(voie__in=["agent", "autrices"]), name="fusion_voie"),
            models.CheckConstraint(condition=~Q(source=F("cible")), name="fusion_deux_idees"),
            models.CheckConstraint(condition=~Q(motif=""), name="fusion_motivee"),
            models.CheckConstraint(
                condition=Q(etat__in=["effective", "defaite"], effective_le__isnull=False, refus_jusqu_au__isnull=False)
                | (Q(effective_le__isnull=True, refus_jusqu_au__isnull=True) & ~Q(etat__in=["effective", "defaite"])),
                name="fusion_effective",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "effective"]) ^ Q(close_le__isnull=False), name="fusion_close"
            ),
            models.CheckConstraint(condition=~Q(etat="defaite") | ~Q(motif_fin=""), name="fusion_defaite_motivee"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(etat__in=["proposee", "effective"]), name="fusion_une_par_source"
            ),
            # In one direction or in the other: who says no to one cannot be united by the other.
            models.UniqueConstraint(
                Least("source", "cible"),
                Greatest("source", "cible"),
                condition=Q(etat__in=["proposee", "effective"]),
                name="fusion_une_par_paire",
            ),
        ]

    def __str__(self):
        return _("Réunion des idées n° %(source)s et n° %(cible)s") % {"source": self.source_id, "cible": self.cible_id}

    def get_absolute_url(self):
        return reverse("idees:fusion", args=[self.pk])

    def projet_du_journal(self):
        """The chain of the target; the source has an entry of its own in its own (`idees.fusionner`, `idees.separer`)."""
        return self.cible.projet

    @property
    def est_lisible(self) -> bool:
        return self.source.est_lisible and self.cible.est_lisible

    def accords_reunis(self) -> bool:
        return self.accord_source_le is not None and self.accord_cible_le is not None

    def separations_reunies(self) -> bool:
        return self.separation_source_le is not None and self.separation_cible_le is not None

    def est_echue(self) -> bool:
        return self.voie == self.Voie.AGENT and self.echeance_le <= timezone.now()

    def refus_ouvert(self) -> bool:
        """May supporters of the source still keep their support out of the target?"""
        return (
            self.etat == self.Etat.EFFECTIVE
            and self.refus_jusqu_au is not None
            and timezone.now() < self.refus_jusqu_au
        )

    def regle_en_clair(self) -> str:
        """What happens next, for everybody to read while it is proposed."""
        jour = {"jour": date_format(timezone.localtime(self.echeance_le), "j F Y")}
        if self.voie == self.Voie.AGENT:
            return (
                _(
                    "Les auteurs des deux idées peuvent dire non jusqu’au %(jour)s. Sans refus, elles sont réunies ce "
                    "jour-là, ou dès que les deux auteurs sont d’accord. La collectivité peut les réunir plus tôt, en "
                    "disant pourquoi."
                )
                % jour
            )
        return (
            _(
                "Les deux idées seront réunies quand leurs deux auteurs seront d’accord. Sans réponse le %(jour)s, la "
                "proposition s’éteint."
            )
            % jour
        )

    def verrouiller_les_idees(self):
        """Read both again under a lock, always in the same order: two merges of the same ideas cannot wait for each other.

        Not the strongest lock: a support that is being given at this moment must be able to end.
        """
        relues = Idee.objects.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=[self.source_id, self.cible_id]
        )
        par_cle = {idee.pk: idee for idee in relues.order_by("pk")}
        self.source, self.cible = par_cle[self.source_id], par_cle[self.cible_id]

    # --- While it is proposed ------------------------------------------------------------------------------------

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.PROPOSEE,
        permission=peut_accepter,
        etiquette=Etiquette(_("Je suis d’accord"), suite="idees.fusion.conclure_si_d_accord", principale=True),
    )
    def accepter(self, *, par):
        """One who wrote both agrees for both."""
        if empeche := empechement(self.source, self.cible):
            raise EtapeImpossible(empeche)
        if est_autrice(self.source, par):
            self.accord_source_le = self.accord_source_le or timezone.now()
        if est_autrice(self.cible, par):
            self.accord_cible_le = self.accord_cible_le or timezone.now()

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.REFUSEE,
        permission=peut_refuser,
        etiquette=Etiquette(_("Je ne suis pas d’accord"), formulaire="idees.forms.fusion.FinForm"),
    )
    def refuser(self, *, par, motif=""):
        """From now on nobody else may propose to unite these two, in one direction or in the other."""
        self.verrouiller_les_idees()  # who proposes at this very moment waits, then reads this no
        self._clore(par, motif)

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.ABANDONNEE,
        permission=peut_abandonner,
        etiquette=Etiquette(_("Abandonner cette proposition"), formulaire="idees.forms.fusion.FinForm"),
    )
    def abandonner(self, *, par, motif=""):
        self._clore(par, motif)

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.EFFECTIVE,
        permission=peut_effectuer,
        etiquette=Etiquette(_("Réunir les deux idées"), suite="idees.fusion.prendre_effet", automatique=True),
    )
    def effectuer(self, *, par):
        """Brought by the second agreement, or by the clock."""
        return self._prendre_effet()

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.EFFECTIVE,
        permission=peut_imposer,
        etiquette=Etiquette(
            _("Réunir sans attendre"),
            formulaire="idees.forms.fusion.ImposerForm",
            suite="idees.fusion.prendre_effet",
            prevenir=_("Les auteurs et les personnes qui soutiennent les deux idées liront votre raison."),
        ),
    )
    def imposer(self, *, par, urgence):
        self.urgence = urgence
        return self._prendre_effet()

    # --- Once it has taken effect --------------------------------------------------------------------------------

    @transition(
        de=[Etat.EFFECTIVE],
        vers=Etat.EFFECTIVE,
        permission=peut_demander_la_separation,
        etiquette=Etiquette(
            _("Demander à séparer les deux idées"),
            formulaire="idees.forms.fusion.SeparerForm",
            suite="idees.fusion.separer_si_demande",
            prevenir=_("Elles sont séparées quand les deux auteurs le demandent, ou quand la collectivité le décide."),
        ),
    )
    def demander(self, *, par, motif):
        self._exiger_separable()
        self.motif_fin = self.motif_fin or motif
        if est_autrice(self.source, par):
            self.separation_source_le = self.separation_source_le or timezone.now()
        if est_autrice(self.cible, par):
            self.separation_cible_le = self.separation_cible_le or timezone.now()

    @transition(
        de=[Etat.EFFECTIVE],
        vers=Etat.DEFAITE,
        permission=peut_defaire,
        etiquette=Etiquette(
            _("Séparer les deux idées"),
            formulaire="idees.forms.fusion.SeparerForm",
            suite="idees.fusion.rendre_tout",
            prevenir=_(
                "Chaque idée retrouve ses soutiens et ses abonnés. Si l’idée qui continue est à l’étude, elle y reste : "
                "une réponse promise est due."
            ),
        ),
    )
    def defaire(self, *, par, motif):
        self._exiger_separable()
        self._clore(par, motif)
        return {"source": self.source_id, "cible": self.cible_id}

    # --- What these steps share ----------------------------------------------------------------------------------

    def _prendre_effet(self):
        self.verrouiller_les_idees()
        if empeche := empechement(self.source, self.cible):
            raise EtapeImpossible(empeche)
        self.effective_le = timezone.now()
        self.refus_jusqu_au = self.effective_le + timedelta(days=settings.FUSION_JOURS_REFUS)
        return {"source": self.source_id, "cible": self.cible_id}

    def _exiger_separable(self):
        """As long as the target is open. One that joined a third must leave it first: the last merge is undone first."""
        self.verrouiller_les_idees()
        if self.cible.etat == Idee.Etat.FUSIONNEE:
            raise EtapeImpossible(
                _("L’idée n° %(n)s est elle-même réunie avec une autre : séparez d’abord ces deux-là.")
                % {"n": self.cible_id}
            )
        if self.cible.etat not in Idee.ETATS_SOUTENABLES:
            raise EtapeImpossible(_("L’idée n° %(n)s a sa réponse : on ne sépare plus.") % {"n": self.cible_id})

    def _clore(self, par, motif):
        self.close_le, self.close_par, self.motif_fin = (
            timezone.now(),
            par if est_connectee(par) and par.pk else None,
            motif,
        )


class SoutienPorte(models.Model):
    """A support of the source, as the merge carried it to the target: what makes an undoing exact.

    `soutien` is the row of the target that exists by merges only: none when she supported the target by herself, or
    refused. Several merges may carry the same person: they share the row, which goes with the last of them. No
    constraint in the database: a support is hers, and goes when she says so; its number is never given again.
    """

    fusion = models.ForeignKey(Fusion, models.CASCADE, related_name="soutiens_portes")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    soutien = models.ForeignKey(
        Soutien, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="portages"
    )
    refuse_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Soutien porté")
        verbose_name_plural = _("Soutiens portés")
        constraints = [
            models.UniqueConstraint(fields=["fusion", "personne"], name="soutien_porte_unique"),
            models.CheckConstraint(
                condition=Q(refuse_le__isnull=True) | Q(soutien__isnull=True), name="soutien_porte_refuse"
            ),
        ]

    def __str__(self):
        return f"{self.fusion_id} : {self.personne_id}"


class SuiviPorte(models.Model):
    """A follower of the source who follows the target by the merge: same rules as `SoutienPorte`."""

    fusion = models.ForeignKey(Fusion, models.CASCADE, related_name="suivis_portes")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    abonnement = models.ForeignKey(
        Abonnement, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="portages"
    )

    class Meta:
        verbose_name = _("Suivi porté")
        verbose_name_plural = _("Suivis portés")
        constraints = [models.UniqueConstraint(fields=["fusion", "personne"], name="suivi_porte_unique")]

    def __str__(self):
        return f"{self.fusion_id} : {self.personne_id}"
