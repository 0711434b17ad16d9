from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.adhesion import DELAI_D_APPEL, Adhesion, Appel
from communautes.models.panel import Panel
from communautes.models.tirage import Tirage
from communautes.permissions_panel import (
    est_de_la_suite,
    peut_accepter_la_place,
    peut_constater,
    peut_contacter,
    peut_decliner_la_place,
)
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, Etiquette, transition


class SiegeQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Who stands behind a code is for those who conduct the draw, and for herself."""
        if not est_connectee(personne):
            return self.none()
        conduits = Panel.objects.conduits_par(personne).order_by().values("pk")
        return self.filter(Q(tirage__panel__in=conduits) | Q(personne=personne))

    def du_panel(self, panel):
        return self.filter(tirage__panel=panel)

    def vacants(self):
        """Nobody sits there, nobody was drawn instead, and nobody may still come back."""
        return self.filter(etat__in=Siege.VACANTS).exclude(self._de_qui_peut_revenir())

    def reserves(self):
        """Empty after an exclusion that may still be found wrong: nobody is drawn for them."""
        return self.filter(self._de_qui_peut_revenir(), etat=Siege.Etat.RETIREE)

    @staticmethod
    def _de_qui_peut_revenir():
        """Freed by her exclusion, of which an appeal waits for its answer, or there is still time to make one."""
        appels = Appel.objects.filter(adhesion=OuterRef("pk"), depose_le__gte=OuterRef("depuis_le"))
        a_temps = Q(depuis_le__gte=timezone.now() - DELAI_D_APPEL)
        attend = Exists(appels.filter(etat=Appel.Etat.DEPOSE)) | (a_temps & ~Exists(appels))
        la_sienne = Q(
            communaute=OuterRef("tirage__panel__communaute"),
            personne=OuterRef("personne"),
            depuis_le__lte=OuterRef("repondue_le"),
        )
        return Exists(Adhesion.objects.filter(la_sienne, attend, etat=Adhesion.Etat.EXCLUE))

    def tenus(self):
        """By somebody, or waiting for her answer."""
        return self.filter(etat__in=Siege.TENUS)

    def pour_phrase(self):
        return self.select_related("tirage__panel__communaute__projet")


class Siege(EtatsProteges):
    """A seat of a panel and the code that was drawn for it, from the letter to the answer."""

    class Etat(models.TextChoices):
        TIREE = "tiree", _("Tirée, à contacter")
        CONTACTEE = "contactee", _("Contactée")
        ACCEPTEE = "acceptee", _("A accepté")
        DECLINEE = "declinee", _("A refusé, ou n’a pas répondu")
        RETIREE = "retiree", _("A quitté le panel")
        REMPLACEE = "remplacee", _("Remplacée")

    TENUS = (Etat.TIREE, Etat.CONTACTEE, Etat.ACCEPTEE)
    VACANTS = (Etat.DECLINEE, Etat.RETIREE)

    famille = "communautes.siege"
    #: Set for one call by `communautes.panels.places`, and by nothing else: she showed the key of her letter.
    cle_montree = False
    #: Set for one call where a seat follows something that happened elsewhere.
    suit_ce_qui_est_arrive = False

    tirage = models.ForeignKey(Tirage, models.PROTECT, related_name="sieges")
    code = models.CharField(max_length=64)
    valeurs = models.JSONField()
    etat = FSMField(_("État"), default=Etat.TIREE, choices=Etat, protected=True)
    #: SHA-256 of the key of her letter (`socle.secret`); empty before the letter, and once she has answered.
    cle = models.CharField(max_length=64, blank=True, editable=False)
    contactee_le = models.DateTimeField(null=True, blank=True, editable=False)
    #: Her last answer: yes, no, or leaving. Of an empty seat, since when it is empty.
    repondue_le = models.DateTimeField(null=True, blank=True, editable=False)
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="places_tirees", editable=False
    )
    consenti_le = models.DateTimeField(null=True, blank=True, editable=False)
    consentement_version = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    consentement_texte = models.TextField(blank=True, editable=False)
    motif = models.CharField(_("Raison"), max_length=300, blank=True, editable=False)

    objects = SiegeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Place d’un panel")
        verbose_name_plural = _("Places des panels")
        ordering = ["tirage", "code"]
        constraints = [
            models.UniqueConstraint(fields=["tirage", "code"], name="siege_code"),
            models.UniqueConstraint(fields=["tirage", "personne"], name="siege_une_personne_une_place"),
            models.CheckConstraint(
                condition=Q(etat__in=["tiree", "contactee", "acceptee", "declinee", "retiree", "remplacee"]),
                name="siege_etat",
            ),
            models.CheckConstraint(
                condition=Q(consenti_le__isnull=True, consentement_version__isnull=True, consentement_texte="")
                | Q(consenti_le__isnull=False, consentement_version__isnull=False) & ~Q(consentement_texte=""),
                name="siege_consentement",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["acceptee", "retiree"]) | Q(consenti_le__isnull=False), name="siege_accepte"
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["tiree", "contactee", "declinee"]) | Q(consenti_le__isnull=True),
                name="siege_pas_encore_consenti",
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return self.tirage.get_absolute_url()

    def projet_du_journal(self):
        return None

    def communaute_du_journal(self):
        """Who came and who did not says something of a person: nobody outside reads it."""
        return self.tirage.panel.communaute

    @property
    def est_tenu(self) -> bool:
        return self.etat in self.TENUS

    @transition(
        de=[Etat.TIREE, Etat.CONTACTEE],
        vers=Etat.CONTACTEE,
        permission=peut_contacter,
        etiquette=Etiquette(_("Écrire à la personne"), publique=False, automatique=True),
    )
    def contacter(self, *, par, cle):
        """A new letter: the key of the one before opens nothing any more."""
        self.cle, self.contactee_le = cle, timezone.now()

    @transition(
        de=[Etat.CONTACTEE],
        vers=Etat.ACCEPTEE,
        permission=peut_accepter_la_place,
        etiquette=Etiquette(
            _("Accepter ma place"), publique=False, automatique=True, suite="communautes.panels.places.faire_entrer"
        ),
    )
    def accepter(self, *, par, version, texte):
        self._repondre()
        self.personne, self.consenti_le = par, self.repondue_le
        self.consentement_version, self.consentement_texte = version, texte

    @transition(
        de=[Etat.CONTACTEE],
        vers=Etat.DECLINEE,
        permission=peut_decliner_la_place,
        etiquette=Etiquette(_("Refuser ma place"), publique=False, automatique=True),
    )
    def decliner(self, *, par):
        self._repondre()

    @transition(
        de=[Etat.TIREE, Etat.CONTACTEE],
        vers=Etat.DECLINEE,
        permission=peut_constater,
        etiquette=Etiquette(
            _("Noter un refus ou une absence de réponse"),
            publique=False,
            formulaire="communautes.forms.panels.ConstaterForm",
            prevenir=_("La clé de sa lettre n’ouvrira plus rien, et une autre personne pourra être tirée."),
        ),
    )
    def constater(self, *, par, motif):
        if not motif.strip():
            raise EtapeInvalide(_("Dites ce qui a été constaté."), champ="motif")
        self._repondre()
        self.motif = motif

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.RETIREE,
        permission=est_de_la_suite,
        etiquette=Etiquette(_("Libérer la place"), publique=False, automatique=True),
    )
    def liberer(self, *, par):
        """She left the panel, or was excluded: the seat is empty from now on."""
        self.repondue_le = timezone.now()

    @transition(
        de=[Etat.RETIREE],
        vers=Etat.ACCEPTEE,
        permission=est_de_la_suite,
        etiquette=Etiquette(_("Rendre la place"), publique=False, automatique=True),
    )
    def rendre(self, *, par):
        """An appeal was found right before anybody was drawn instead."""
        self.repondue_le = self.consenti_le

    @transition(
        de=[Etat.DECLINEE, Etat.RETIREE],
        vers=Etat.REMPLACEE,
        permission=est_de_la_suite,
        etiquette=Etiquette(_("Remplacer"), publique=False, automatique=True),
    )
    def remplacer(self, *, par):
        """Somebody else was drawn for this seat."""

    def _repondre(self):
        self.repondue_le, self.cle = timezone.now(), ""
