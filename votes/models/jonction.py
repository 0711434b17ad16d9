from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from idees.models import Idee
from idees.permissions import est_autrice
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, Etiquette, transition
from votes.models.option import Option
from votes.models.scrutin import DEJA_ANNONCE, Scrutin
from votes.permissions import (
    peut_abandonner_la_jonction,
    peut_accepter_la_jonction,
    peut_effectuer_la_jonction,
    peut_refuser_la_jonction,
)


class JonctionQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Those who prepare the vote, and the authors who are asked."""
        tenues = getattr(personne, "tenues", ())
        siennes = Q(idee_gardee__in=tenues, idee_gardee__auteur=None) | Q(
            idee_jointe__in=tenues, idee_jointe__auteur=None
        )
        if not est_connectee(personne):
            return self.filter(siennes)
        if personne.est_agent:
            return self
        return self.filter(
            Q(idee_gardee__auteur=personne)
            | Q(idee_jointe__auteur=personne)
            | Q(scrutin__etape__projet__referente=personne)
        )

    def proposees(self):
        return self.filter(etat=Jonction.Etat.PROPOSEE)

    def effectives(self):
        return self.filter(etat=Jonction.Etat.EFFECTIVE)

    def pour_phrase(self):
        return self.select_related("scrutin", "gardee__scrutin")


class Jonction(EtatsProteges):
    """One option for two ideas, asked of the authors of both. The ideas, and their answers, stay as they are.

    Ideas still open are united by `idees.fusion`, supports included. An idea that has its answer does not change any more; its
    author may still agree that it goes to the vote together with another.
    """

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", _("Proposée aux auteurs")
        EFFECTIVE = "effective", _("Acceptée")
        REFUSEE = "refusee", _("Refusée")
        ABANDONNEE = "abandonnee", _("Abandonnée")

    famille = "votes.jonction"

    scrutin = models.ForeignKey(Scrutin, models.CASCADE, related_name="jonctions")
    # What was asked, and answered, stays when an option leaves the list; the joined one does so when the two are joined.
    gardee = models.ForeignKey(
        Option, models.SET_NULL, null=True, related_name="jonctions", verbose_name=_("Proposition gardée")
    )
    jointe = models.ForeignKey(
        Option, models.SET_NULL, null=True, related_name="+", verbose_name=_("Proposition jointe")
    )
    titre_garde = models.CharField(max_length=200, editable=False)
    titre_joint = models.CharField(max_length=200, editable=False)
    idee_gardee = models.ForeignKey(Idee, models.PROTECT, related_name="+")
    idee_jointe = models.ForeignKey(Idee, models.PROTECT, related_name="jonctions")
    motif = models.TextField(_("Pourquoi"), max_length=1000)
    etat = FSMField(_("État"), default=Etat.PROPOSEE, choices=Etat, protected=True)
    accord_gardee_le = models.DateTimeField(null=True, blank=True, editable=False)
    accord_jointe_le = models.DateTimeField(null=True, blank=True, editable=False)
    proposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Proposée par")
    )
    proposee_le = models.DateTimeField(_("Proposée le"), default=timezone.now, editable=False)
    close_le = models.DateTimeField(_("Close le"), null=True, blank=True, editable=False)
    motif_fin = models.CharField(_("Raison de la fin"), max_length=500, blank=True, editable=False)

    objects = JonctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Jonction de deux propositions")
        verbose_name_plural = _("Jonctions de propositions")
        ordering = ["-proposee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "effective", "refusee", "abandonnee"]), name="jonction_etat"
            ),
            models.CheckConstraint(condition=~Q(motif=""), name="jonction_motivee"),
            models.CheckConstraint(condition=~Q(idee_gardee=F("idee_jointe")), name="jonction_de_deux"),
            models.CheckConstraint(condition=Q(etat="proposee") ^ Q(close_le__isnull=False), name="jonction_close"),
            models.CheckConstraint(
                condition=~Q(etat="effective") | Q(accord_gardee_le__isnull=False, accord_jointe_le__isnull=False),
                name="jonction_consentie",
            ),
            # One question at a time about an option.
            models.UniqueConstraint(fields=["gardee"], condition=Q(etat="proposee"), name="jonction_une_par_gardee"),
            models.UniqueConstraint(fields=["jointe"], condition=Q(etat="proposee"), name="jonction_une_par_jointe"),
        ]

    def __str__(self):
        return gettext("« %(une)s » et « %(autre)s » ensemble au vote") % {
            "une": self.titre_garde,
            "autre": self.titre_joint,
        }

    def get_absolute_url(self):
        return reverse("votes:jonction", args=[self.pk])

    def projet_du_journal(self):
        return self.scrutin.projet_du_journal()

    @property
    def est_lisible(self) -> bool:
        """Between the team and the authors."""
        return False

    def accords_reunis(self) -> bool:
        return self.accord_gardee_le is not None and self.accord_jointe_le is not None

    def attendues(self) -> list[Idee]:
        """Ideas whose author has not answered."""
        dites = ((self.idee_gardee, self.accord_gardee_le), (self.idee_jointe, self.accord_jointe_le))
        return [idee for idee, le in dites if le is None]

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.PROPOSEE,
        permission=peut_accepter_la_jonction,
        etiquette=Etiquette(
            _("Je suis d’accord"), publique=False, suite="votes.jonction.conclure_si_d_accord", principale=True
        ),
    )
    def accepter(self, *, par):
        """One who wrote both agrees for both."""
        self._exiger_possible()
        maintenant = timezone.now()
        if est_autrice(self.idee_gardee, par):
            self.accord_gardee_le = self.accord_gardee_le or maintenant
        if est_autrice(self.idee_jointe, par):
            self.accord_jointe_le = self.accord_jointe_le or maintenant

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.EFFECTIVE,
        permission=peut_effectuer_la_jonction,
        etiquette=Etiquette(_("Joindre"), publique=False, automatique=True, suite="votes.jonction.prendre_effet"),
    )
    def effectuer(self, *, par):
        self._exiger_possible()
        self.close_le = timezone.now()

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.REFUSEE,
        permission=peut_refuser_la_jonction,
        etiquette=Etiquette(_("Je ne suis pas d’accord"), publique=False, formulaire="votes.forms.FinDeJonctionForm"),
    )
    def refuser(self, *, par, motif=""):
        """Both options stay; it is not asked again for this vote."""
        self._clore(motif)

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.ABANDONNEE,
        permission=peut_abandonner_la_jonction,
        etiquette=Etiquette(_("Ne plus demander"), publique=False, formulaire="votes.forms.FinDeJonctionForm"),
    )
    def abandonner(self, *, par, motif=""):
        self._clore(motif)

    def _clore(self, motif):
        self.close_le, self.motif_fin = timezone.now(), motif

    def _exiger_possible(self):
        """Nobody announces the vote while its list changes. Raises EtapeImpossible."""
        brouillons = Scrutin.objects.select_for_update(of=("self",)).filter(etat=Scrutin.Etat.BROUILLON)
        if not brouillons.filter(pk=self.scrutin_id).exists():
            raise EtapeImpossible(str(DEJA_ANNONCE))
        if self.gardee_id is None or self.jointe_id is None:
            raise EtapeImpossible(gettext("Une de ces propositions n’est plus dans la liste."))
        if self.idee_gardee.est_masquee or self.idee_jointe.est_masquee:
            raise EtapeImpossible(gettext("La modération a masqué une de ces deux idées."))
