from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import FSMField

from idees.permissions import (
    est_invitee,
    est_la_coautrice,
    peut_annuler_l_invitation,
    peut_decliner,
    peut_ecarter_de_l_equipe,
    peut_transmettre,
)
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, Etiquette, transition

EQUIPE_MAX = 10  # beside the author; the database counts the places
DUREE_D_INVITATION = timedelta(days=14)


class CoAutriceQuerySet(EtatsQuerySet):
    def acceptees(self):
        return self.filter(etat=CoAutrice.Etat.ACCEPTEE)

    def vivantes(self):
        """Invited or accepted: those who hold a place."""
        return self.filter(etat__in=CoAutrice.ETATS_VIVANTS)

    def perimees(self):
        return self.filter(etat=CoAutrice.Etat.INVITEE, expire_le__lte=timezone.now())

    def visibles_par(self, personne):
        """Those of her own ideas, her own places and invitations; a co-author sees who else has accepted."""
        if not est_connectee(personne):
            return self.none()
        ses_idees = CoAutrice.objects.acceptees().filter(personne=personne).values("idee")
        return self.filter(
            Q(idee__auteur=personne)
            | Q(personne=personne)
            | Q(etat=CoAutrice.Etat.INVITEE, courriel__in=personne.adresses_prouvees)
            | Q(etat=CoAutrice.Etat.ACCEPTEE, idee__in=ses_idees)
        )

    def pour_phrase(self):
        return self.select_related("idee", "personne")


class CoAutrice(EtatsProteges):
    """A place beside the author of an idea: an invitation first, by account or by address, then a name on the page."""

    class Etat(models.TextChoices):
        INVITEE = "invitee", gettext_lazy("Invitée")
        ACCEPTEE = "acceptee", gettext_lazy("Acceptée")
        DECLINEE = "declinee", gettext_lazy("Déclinée")
        ANNULEE = "annulee", gettext_lazy("Annulée")
        PARTIE = "partie", gettext_lazy("Terminée")

    ETATS_VIVANTS = ("invitee", "acceptee")

    famille = "idees.equipe"

    idee = models.ForeignKey("idees.Idee", models.CASCADE, related_name="coautrices")
    # The invited account, or the one that answered for the invited address.
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="coecritures"
    )
    # Kept while the invitation waits, and no longer.
    courriel = models.EmailField(gettext_lazy("Adresse e-mail"), blank=True)
    # One of ten: two invitations sent at once cannot both take the last one.
    place = models.PositiveSmallIntegerField()
    etat = FSMField(gettext_lazy("État"), default=Etat.INVITEE, choices=Etat, protected=True)
    invitee_le = models.DateTimeField(gettext_lazy("Invitée le"), default=timezone.now)
    # Whoever sends many invitations is slowed down, whatever her idea.
    invitee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expire_le = models.DateTimeField(gettext_lazy("Valable jusqu’au"))
    repondue_le = models.DateTimeField(gettext_lazy("Répondue le"), null=True, blank=True)

    objects = CoAutriceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("Co-auteur")
        verbose_name_plural = gettext_lazy("Co-auteurs")
        ordering = ["repondue_le", "pk"]
        indexes = [
            models.Index(fields=["personne", "etat"], name="coautrice_de"),
            models.Index(fields=["courriel", "etat"], name="coautrice_adresse"),
            models.Index(fields=["etat", "expire_le"], name="coautrice_perimee"),
            models.Index(fields=["invitee_par", "invitee_le"], name="coautrice_invitante"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["invitee", "acceptee", "declinee", "annulee", "partie"]), name="coautrice_etat"
            ),
            models.CheckConstraint(condition=Q(place__range=(1, EQUIPE_MAX)), name="coautrice_dix_places"),
            models.UniqueConstraint(
                fields=["idee", "place"], condition=Q(etat__in=["invitee", "acceptee"]), name="coautrice_place"
            ),
            models.UniqueConstraint(
                fields=["idee", "personne"], condition=Q(etat="acceptee"), name="coautrice_une_fois"
            ),
            models.UniqueConstraint(
                fields=["idee", "personne"], condition=Q(etat="invitee"), name="coautrice_invitee_une_fois"
            ),
            models.UniqueConstraint(
                fields=["idee", "courriel"],
                condition=Q(etat="invitee") & ~Q(courriel=""),
                name="coautrice_adresse_une_fois",
            ),
            # While it waits, an invitation is for an account or for an address, and never for both.
            models.CheckConstraint(
                condition=~Q(etat="invitee") | (Q(personne__isnull=True) ^ Q(courriel="")), name="coautrice_invitee_qui"
            ),
            models.CheckConstraint(condition=Q(etat="invitee") | Q(courriel=""), name="coautrice_sans_adresse"),
            models.CheckConstraint(
                condition=~Q(etat__in=["acceptee", "partie"]) | Q(personne__isnull=False), name="coautrice_nommee"
            ),
            models.CheckConstraint(
                condition=Q(etat="invitee") ^ Q(repondue_le__isnull=False), name="coautrice_repondue"
            ),
        ]

    def __str__(self):
        """Who it is, in the words of whoever sent the invitation: an address does not tell whose account it is."""
        return self.courriel or (self.personne.pseudonyme if self.personne else _("une personne invitée"))

    def get_absolute_url(self):
        if self.etat == self.Etat.INVITEE:
            return reverse("idees:mon_invitation", args=[self.pk])
        if self.etat == self.Etat.PARTIE and self.idee.est_lisible:
            return self.idee.get_absolute_url()
        if self.etat == self.Etat.PARTIE:
            return reverse("portail:mon_espace")
        return reverse("idees:equipe", args=[self.idee_id])

    def projet_du_journal(self):
        return self.idee.projet

    @property
    def est_lisible(self) -> bool:
        return self.idee.est_lisible

    @property
    def est_masquee(self) -> bool:
        return self.idee.est_masquee

    @property
    def est_perimee(self) -> bool:
        return timezone.now() >= self.expire_le

    @transition(
        de=[Etat.INVITEE],
        vers=Etat.ACCEPTEE,
        permission=est_invitee,
        etiquette=Etiquette(
            gettext_lazy("Accepter l’invitation"), publique=False, suite="idees.equipe.accueillir", principale=True
        ),
    )
    def accepter(self, *, par):
        if self.est_perimee:
            raise EtapeInvalide(_("Cette invitation n’est plus valable. Demandez-en une autre à l’auteur de l’idée."))
        if not self.idee.accueille_des_coautrices():
            raise EtapeInvalide(_("Cette idée ne peut plus recevoir de co-auteur."))
        if self.idee.ecrite_par(par):
            raise EtapeInvalide(_("Vous êtes déjà parmi les auteurs de cette idée."))
        self.personne, self.courriel, self.repondue_le = par, "", timezone.now()

    @transition(
        de=[Etat.INVITEE],
        vers=Etat.DECLINEE,
        permission=peut_decliner,
        etiquette=Etiquette(gettext_lazy("Décliner l’invitation"), publique=False),
    )
    def decliner(self, *, par):
        """By whoever holds the letter, with or without an account."""
        self.courriel, self.repondue_le = "", timezone.now()

    @transition(
        de=[Etat.INVITEE],
        vers=Etat.ANNULEE,
        permission=peut_annuler_l_invitation,
        etiquette=Etiquette(gettext_lazy("Annuler l’invitation"), publique=False),
    )
    def annuler(self, *, par):
        """By the author, or by the house once its time has passed."""
        self.courriel, self.repondue_le = "", timezone.now()

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.PARTIE,
        permission=est_la_coautrice,
        etiquette=Etiquette(
            gettext_lazy("Quitter cette idée"),
            publique=False,
            prevenir=gettext_lazy("Votre nom ne sera plus sur la page, et vous ne pourrez plus modifier l’idée."),
            suite="idees.equipe.raccompagner",
        ),
    )
    def partir(self, *, par):
        """Of her own will."""

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.PARTIE,
        permission=peut_ecarter_de_l_equipe,
        etiquette=Etiquette(
            gettext_lazy("Retirer ce co-auteur"),
            publique=False,
            prevenir=gettext_lazy("Cette personne ne pourra plus modifier l’idée. Elle sera prévenue."),
            suite="idees.equipe.raccompagner",
        ),
    )
    def ecarter(self, *, par):
        """By the author."""

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.PARTIE,
        permission=peut_transmettre,
        etiquette=Etiquette(gettext_lazy("Devenir l’auteur"), publique=False, automatique=True),
    )
    def heriter(self, *, par):
        """The author has closed her account: the place ends because its holder is now the author."""
