from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.permissions import (
    a_laisse_sa_place,
    est_la_sienne,
    peut_accueillir,
    peut_animer,
    peut_entrer,
    peut_etre_membre,
    peut_exclure,
    peut_frapper,
    peut_inviter,
    peut_lire_les_membres,
    peut_quitter,
    peut_reintegrer,
    peut_repondre_a_l_invitation,
    peut_se_raviser,
    peut_trancher_l_appel,
)
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import est_connectee
from socle.templatetags.composants import jour
from timeline.etapes import EtapeInterdite, EtapeInvalide, Etiquette, transition
from timeline.models import Entree

#: After an exclusion, time to appeal before the seat of a panel is drawn again.
DELAI_D_APPEL = timedelta(days=15)


def peut_inviter_de_nouveau(adhesion, personne) -> bool:
    return not est_la_sienne(adhesion, personne) and peut_inviter(adhesion.communaute, personne)


def exiger_une_place(communaute, personne, role) -> None:
    """Of a member of a panel: the seat that was drawn for her, whatever the road by which she comes. Raises EtapeInterdite."""
    if role == Adhesion.Role.MEMBRE and not peut_etre_membre(communaute, personne):
        raise EtapeInterdite(_("Les membres de ce panel sont tirés au sort : on n’y invite que des expert·es."))


class AdhesionQuerySet(EtatsQuerySet):
    def en_cours(self):
        return self.filter(etat=Adhesion.Etat.ACCEPTEE)

    def qui_animent(self):
        return self.filter(role__in=Adhesion.ROLES_QUI_ANIMENT)

    def par_role(self):
        """Those who lead first, then the earliest in."""
        rang = models.Case(
            models.When(role=Adhesion.Role.REFERENTE, then=0),
            models.When(role=Adhesion.Role.ANIMATRICE, then=1),
            models.When(role=Adhesion.Role.EXPERTE, then=2),
            default=3,
        )
        return self.order_by(rang, "depuis_le", "pk")

    def demandees(self):
        return self.filter(etat=Adhesion.Etat.DEMANDEE)

    def qui_concernent(self):
        """Those for which the person still has a reason to find the front page: in, invited, asking, refused or excluded."""
        return self.exclude(etat__in=[Adhesion.Etat.QUITTEE, Adhesion.Etat.DECLINEE])

    def qui_peuvent_se_raviser(self):
        """Invitations declined of late, which their person may still take up: `peut_se_raviser`, in the database."""
        declinees = self.filter(
            etat=Adhesion.Etat.DECLINEE,
            depuis_le__date__gt=timezone.localdate() - Adhesion.REPIT,
            communaute__etat__in=[Communaute.Etat.OUVERTE, Communaute.Etat.EN_SOMMEIL],
        )
        return declinees.exclude(communaute__acces=Communaute.Acces.PUBLIQUE)

    def visibles_par(self, personne):
        """Her own; of the others, those who are in for those who are in, and the rest for those who lead."""
        if not est_connectee(personne):
            return self.none()
        dedans = Q(etat=Adhesion.Etat.ACCEPTEE, communaute__in=Communaute.objects.dont_est(personne).values("pk"))
        anime = Q(communaute__in=Communaute.objects.dont_anime(personne).values("pk"))
        return self.filter(Q(personne=personne) | dedans | anime)

    def pour_phrase(self):
        return self.select_related("communaute", "personne")


class Adhesion(EtatsProteges):
    """One person's place in one community, from the request to the day she leaves. One row, whatever happens."""

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", _("Demandée")
        INVITEE = "invitee", _("Invitée")
        ACCEPTEE = "acceptee", _("Membre")
        REFUSEE = "refusee", _("Refusée")
        DECLINEE = "declinee", _("Invitation déclinée")
        QUITTEE = "quittee", _("Partie")
        EXCLUE = "exclue", _("Exclue")

    class Role(models.TextChoices):
        MEMBRE = "membre", _("Membre")
        ANIMATRICE = "animatrice", _("Animation")
        REFERENTE = "referente", _("Référent·e de la collectivité")
        EXPERTE = "experte", _("Expert·e")

    ROLES_QUI_ANIMENT = (Role.ANIMATRICE, Role.REFERENTE)
    #: Whoever declined is left in peace by the same community. She alone may go back on it meanwhile: a wrong click is mended
    #: without anybody writing to her again.
    REPIT = timedelta(days=30)

    famille = "communautes.adhesion"

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="adhesions")
    personne = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="adhesions", verbose_name=_("Personne")
    )
    role = models.CharField(_("Rôle"), max_length=12, choices=Role, default=Role.MEMBRE)
    message = models.TextField(_("Votre message"), max_length=1000, blank=True)
    etat = FSMField(_("État"), default=Etat.DEMANDEE, choices=Etat, protected=True)
    motif = models.TextField(_("Raison"), max_length=1000, blank=True, editable=False)
    # Who decided last about somebody else: she does not judge the appeal.
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    depuis_le = models.DateTimeField(_("Depuis le"), default=timezone.now, editable=False)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Adhésion")
        verbose_name_plural = _("Adhésions")
        ordering = ["depuis_le", "pk"]
        indexes = [
            models.Index(fields=["communaute", "etat", "depuis_le", "id"], name="adhesion_liste"),
            models.Index(fields=["personne", "etat"], name="adhesion_de"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["communaute", "personne"], name="adhesion_unique"),
            models.CheckConstraint(
                condition=Q(etat__in=["demandee", "invitee", "acceptee", "refusee", "declinee", "quittee", "exclue"]),
                name="adhesion_etat",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["membre", "animatrice", "referente", "experte"]), name="adhesion_role"
            ),
            models.CheckConstraint(condition=Q(etat__in=["refusee", "exclue"]) ^ Q(motif=""), name="adhesion_motivee"),
            # A role is held inside; whoever goes out comes back as anybody.
            models.CheckConstraint(
                condition=Q(role="membre") | Q(etat__in=["acceptee", "invitee"]), name="adhesion_role_tenu"
            ),
            models.UniqueConstraint(
                fields=["communaute"], condition=Q(role="referente", etat="acceptee"), name="adhesion_une_referente"
            ),
        ]

    def __str__(self):
        return f"{self.personne} : {self.communaute}"

    def get_absolute_url(self):
        return self.communaute.get_absolute_url()

    def adresse_apres(self, personne):
        """Whoever decides about others works through the list of members; whoever leaves may read the front page no more."""
        if not est_la_sienne(self, personne) and peut_lire_les_membres(self.communaute, personne):
            return reverse("communautes:membres", args=[self.communaute.slug])
        if not Communaute.objects.visibles_par(personne).filter(pk=self.communaute_id).exists():
            return f"{reverse('communautes:liste')}?liste=miennes"
        return ""

    def prevenir_de(self, etape):
        """Leaving is told as what it is by each door: one comes back by oneself, by asking, by being asked, or never."""
        return " ".join(map(str, [_("Ce que vous y avez écrit reste."), self._revenir()])) if etape == "quitter" else ""

    def _revenir(self):
        if self.personne.places_tirees.filter(tirage__panel__communaute=self.communaute_id).exists():
            return _(
                "Votre place ira à une autre personne tirée au sort : vous ne pourrez pas revenir. C’est un choix définitif."
            )
        if not self.communaute.est_ouverte:
            return _("Cette communauté n’accueille personne en ce moment : vous ne pourrez pas revenir maintenant.")
        return {
            Communaute.Acces.PUBLIQUE: _("Vous pourrez revenir quand vous voudrez."),
            Communaute.Acces.SUR_DEMANDE: _("Vous pourrez demander à revenir."),
        }.get(Communaute.Acces(self.communaute.acces), _("Vous ne pourrez revenir que si l’on vous invite de nouveau."))

    def nomme_qui(self, entree, personne):
        """What was decided about her is said by the community, as on her own page: those who lead there know by whom."""
        return est_la_sienne(self, entree.par) or peut_animer(self.communaute, personne)

    def projet_du_journal(self):
        return None

    def communaute_du_journal(self):
        """Belonging says something of a person: nobody outside reads who asked, came or left."""
        return self.communaute

    @property
    def est_en_cours(self) -> bool:
        return self.etat == self.Etat.ACCEPTEE

    @property
    def invitable_le(self) -> date | None:
        """The day from which she may be invited again, when she declined not long ago; None: at once."""
        fin = timezone.localdate(self.depuis_le) + self.REPIT
        return fin if self.etat == self.Etat.DECLINEE and fin > timezone.localdate() else None

    @property
    def anime(self) -> bool:
        return self.est_en_cours and self.role in self.ROLES_QUI_ANIMENT

    @transition(
        de=[Etat.DEMANDEE, Etat.INVITEE, Etat.REFUSEE, Etat.DECLINEE, Etat.QUITTEE],
        vers=Etat.ACCEPTEE,
        permission=peut_entrer,
        etiquette=Etiquette(_("Rejoindre"), publique=False, suite="communautes.actions.recevoir", principale=True),
    )
    def entrer(self, *, par):
        self._entrer()

    @transition(
        de=[Etat.REFUSEE, Etat.DECLINEE, Etat.QUITTEE],
        vers=Etat.DEMANDEE,
        permission=peut_frapper,
        etiquette=Etiquette(
            _("Demander à entrer"), publique=False, formulaire="communautes.forms.DemanderForm", principale=True
        ),
    )
    def redemander(self, *, par, message=""):
        self._passer()
        self.message = message

    @transition(
        de=[Etat.DEMANDEE],
        vers=Etat.ACCEPTEE,
        permission=peut_accueillir,
        etiquette=Etiquette(_("Accueillir"), publique=False, suite="communautes.actions.recevoir", principale=True),
    )
    def accueillir(self, *, par):
        self._entrer(par=par)

    @transition(
        de=[Etat.DEMANDEE],
        vers=Etat.REFUSEE,
        permission=peut_accueillir,
        etiquette=Etiquette(_("Refuser"), publique=False, formulaire="communautes.forms.MotifForm"),
    )
    def refuser(self, *, par, motif):
        self._passer(par=par, motif=motif)

    @transition(
        de=[Etat.REFUSEE, Etat.DECLINEE, Etat.QUITTEE],
        vers=Etat.INVITEE,
        permission=peut_inviter_de_nouveau,
        etiquette=Etiquette(_("Inviter de nouveau"), publique=False),
    )
    def inviter(self, *, par, role=Role.MEMBRE):
        self._exiger_la_fin_du_repit()
        self._entrer(par=par, role=role)
        return {"role": role}

    @transition(
        de=[Etat.INVITEE],
        vers=Etat.ACCEPTEE,
        permission=peut_repondre_a_l_invitation,
        etiquette=Etiquette(
            _("Accepter l’invitation"), publique=False, suite="communautes.actions.recevoir", principale=True
        ),
    )
    def accepter(self, *, par):
        self._entrer(role=self.role)

    @transition(
        de=[Etat.INVITEE],
        vers=Etat.DECLINEE,
        permission=est_la_sienne,
        etiquette=Etiquette(_("Décliner l’invitation"), publique=False),
    )
    def decliner(self, *, par):
        self._passer()

    @transition(
        de=[Etat.DECLINEE],
        vers=Etat.INVITEE,
        permission=peut_se_raviser,
        etiquette=Etiquette(_("Revenir sur ma réponse"), publique=False),
    )
    def se_raviser(self, *, par):
        """As what she was invited: the journal knows, the row forgot when she declined."""
        invitation = Entree.objects.sur(self).filter(type="communautes.adhesion.inviter").first()
        self._entrer(role=invitation.donnees.get("role", self.Role.MEMBRE) if invitation else self.Role.MEMBRE)

    @transition(
        de=[Etat.DEMANDEE],
        vers=Etat.QUITTEE,
        permission=est_la_sienne,
        etiquette=Etiquette(_("Retirer ma demande"), publique=False),
    )
    def renoncer(self, *, par):
        self._passer()
        self.message = ""

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.QUITTEE,
        permission=peut_quitter,
        etiquette=Etiquette(
            _("Quitter la communauté"),
            publique=False,
            prevenir=_("Ce que vous y avez écrit reste."),
            suite="communautes.actions.laisser_partir",
        ),
    )
    def quitter(self, *, par):
        self._passer()

    @transition(
        de=[Etat.ACCEPTEE],
        vers=Etat.EXCLUE,
        permission=peut_exclure,
        etiquette=Etiquette(
            _("Exclure"),
            publique=False,
            formulaire="communautes.forms.MotifForm",
            suite="communautes.actions.laisser_partir",
            prevenir=_("La personne lira votre raison, et pourra faire appel auprès d’une autre personne que vous."),
        ),
    )
    def exclure(self, *, par, motif):
        self._passer(par=par, motif=motif)

    @transition(
        de=[Etat.EXCLUE],
        vers=Etat.ACCEPTEE,
        permission=peut_reintegrer,
        etiquette=Etiquette(_("Réintégrer"), publique=False, automatique=True, suite="communautes.actions.recevoir"),
    )
    def reintegrer(self, *, par):
        """Brought by an appeal found right: to her seat, in a panel, or beside those who sit if she had none."""
        retrouve = not self.communaute.est_tiree or a_laisse_sa_place(self)
        self._passer(par=par, role=self.Role.MEMBRE if retrouve else self.Role.EXPERTE)

    def _entrer(self, *, par=None, role=Role.MEMBRE):
        """Come in, or be asked to."""
        exiger_une_place(self.communaute, self.personne, role)
        self._passer(par=par, role=role)

    def _exiger_la_fin_du_repit(self) -> None:
        if (le := self.invitable_le) is not None:
            raise EtapeInvalide(
                _(
                    "Cette personne a décliné l’invitation. Vous pourrez l’inviter de nouveau à partir du %(jour)s. "
                    "Si elle change d’avis avant, elle peut revenir d’elle-même."
                )
                % {"jour": jour(le)},
                champ="pseudonyme",
            )

    def _passer(self, *, par=None, motif="", role=Role.MEMBRE):
        self.depuis_le, self.motif, self.role, self.decidee_par = timezone.now(), motif, role, par


class AppelQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Whoever made it, those who may have to decide on one, and those who lead there: what was answered concerns them."""
        if not est_connectee(personne):
            return self.none()
        if personne.est_mediatrice or personne.est_agent:
            return self
        anime = Q(adhesion__communaute__in=Communaute.objects.dont_anime(personne).values("pk"))
        return self.filter(Q(adhesion__personne=personne) | anime)

    def a_trancher(self):
        return self.filter(etat=Appel.Etat.DEPOSE)

    def pour_phrase(self):
        return self.select_related("adhesion__communaute", "adhesion__personne")


class Appel(EtatsProteges):
    """Somebody who was excluded asks another person to look at it again."""

    class Etat(models.TextChoices):
        DEPOSE = "depose", _("À examiner")
        FONDE = "fonde", _("Fondé : la personne est réintégrée")
        REJETE = "rejete", _("Rejeté : l’exclusion est maintenue")

    famille = "communautes.appel"

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="appels")
    texte = models.TextField(_("Pourquoi cette exclusion n’est pas juste"), max_length=2000)
    # What is judged, as it was said: the row of the place changes when she comes back.
    motif_conteste = models.TextField(editable=False)
    etat = FSMField(_("État"), default=Etat.DEPOSE, choices=Etat, protected=True)
    reponse = models.TextField(_("Réponse motivée"), max_length=2000, blank=True, editable=False)
    depose_le = models.DateTimeField(_("Déposé le"), default=timezone.now, editable=False)
    tranche_le = models.DateTimeField(_("Tranché le"), null=True, blank=True, editable=False)
    tranche_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = AppelQuerySet.as_manager()

    class Meta:
        verbose_name = _("Appel d’une exclusion")
        verbose_name_plural = _("Appels d’exclusions")
        ordering = ["depose_le", "pk"]
        indexes = [models.Index(fields=["etat", "depose_le", "id"], name="appel_file")]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["depose", "fonde", "rejete"]), name="appel_etat"),
            models.CheckConstraint(condition=~Q(texte=""), name="appel_texte"),
            models.CheckConstraint(
                condition=Q(etat="depose", tranche_le__isnull=True, reponse="")
                | (~Q(etat="depose") & Q(tranche_le__isnull=False) & ~Q(reponse="")),
                name="appel_tranche",
            ),
            models.UniqueConstraint(fields=["adhesion"], condition=Q(etat="depose"), name="appel_un_a_la_fois"),
        ]

    def __str__(self):
        return str(_("Appel de %s")) % self.adhesion

    def get_absolute_url(self):
        return reverse("communautes:appel", args=[self.pk])

    def projet_du_journal(self):
        return None

    def communaute_du_journal(self):
        return self.adhesion.communaute

    def nomme_qui(self, entree, personne):
        """Nobody's page says who answered it."""
        return est_la_sienne(self.adhesion, entree.par) or peut_trancher_l_appel(self, personne)

    @transition(
        de=[Etat.DEPOSE],
        vers=Etat.FONDE,
        permission=peut_trancher_l_appel,
        etiquette=Etiquette(
            _("Donner raison et réintégrer"),
            publique=False,
            formulaire="communautes.forms.TrancherForm",
            suite="communautes.actions.reintegrer",
            principale=True,
        ),
    )
    def accorder(self, *, par, reponse):
        self._trancher(par, reponse)

    @transition(
        de=[Etat.DEPOSE],
        vers=Etat.REJETE,
        permission=peut_trancher_l_appel,
        etiquette=Etiquette(_("Maintenir l’exclusion"), publique=False, formulaire="communautes.forms.TrancherForm"),
    )
    def rejeter(self, *, par, reponse):
        self._trancher(par, reponse)

    def _trancher(self, par, reponse):
        self.reponse, self.tranche_par, self.tranche_le = reponse, par, timezone.now()
