from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.permissions import peut_voter_comme_membre
from projets.models import DansUneEtape, DansUneEtapeQuerySet, Etape
from socle.etats import EtatsProteges
from timeline.etapes import EtapeInvalide, Etiquette, transition
from votes.permissions import peut_battre_le_temps, peut_conduire, peut_depouiller, peut_reprendre
from votes.reglement import defauts, empreinte_de, rediger

DEJA_ANNONCE = _("Ce vote est annoncé : son règlement et sa liste sont publics, et ne changent plus.")


#: A past vote whose ballots are being read from their file.
EN_REPRISE = Q(etat="brouillon", origine="fichier")


@dataclass(frozen=True)
class Refus:
    """Why a rule does not admit an account. `lien`: the page where she can mend it, or read more; empty when none helps."""

    ADRESSE: ClassVar = "adresse"
    PROFIL: ClassVar = "profil"
    COMMUNAUTE: ClassVar = "communaute"

    phrase: str
    lien: str = ""

    @property
    def se_repare(self) -> bool:
        """Is it hers alone to mend, by saying something of herself? To belong somewhere is for others to decide."""
        return self.lien in {self.ADRESSE, self.PROFIL}


class ScrutinQuerySet(DansUneEtapeQuerySet):
    def visibles_par(self, personne):
        """What is announced; drafts for those who conduct them, once they are written whole."""
        return super().visibles_par(personne).exclude(EN_REPRISE)

    def a_conduire_par(self, personne):
        return super().a_conduire_par(personne).exclude(EN_REPRISE)

    def en_reprise(self):
        """Read from a file at this moment, lot after lot, or left half-written by a process that died."""
        return self.filter(EN_REPRISE)

    def annonces(self):
        return self.exclude(etat=Scrutin.Etat.BROUILLON)

    def a_ouvrir(self, maintenant):
        return self.filter(etat=Scrutin.Etat.ANNONCE, ouvre_le__lte=maintenant)

    def a_clore(self, maintenant):
        return self.filter(etat=Scrutin.Etat.OUVERT, ferme_le__lte=maintenant)

    def pour_phrase(self):
        return super().pour_phrase().defer("reglement")


class Scrutin(DansUneEtape, EtatsProteges):
    """A vote: what is chosen, by whom, how it is counted. Its rules are frozen and published before it opens."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("En préparation")
        ANNONCE = "annonce", _("À venir")
        OUVERT = "ouvert", _("Ouvert")
        CLOS = "clos", _("Terminé, à compter")
        DEPOUILLE = "depouille", _("Compté, à proclamer")
        PROCLAME = "proclame", _("Résultats proclamés")
        ANNULE = "annule", _("Annulé")

    class Regle(models.TextChoices):
        """The names of `votes.regles.catalogue`, in plain words."""

        CHOIX_UNIQUE = "choix-unique", _("Un seul choix : la proposition qui a le plus de voix l’emporte")
        OUI_NON = "oui-non", _("Oui, non ou blanc")
        APPROBATION = "approbation", _("Plusieurs choix : chacun compte une voix")
        POINTS = "points", _("Des points à répartir")
        JUGEMENT_MAJORITAIRE = "jugement-majoritaire", _("Jugement majoritaire : une mention pour chaque proposition")
        SCHULZE = "schulze", _("Classement, compté par duels (méthode Schulze)")
        VOTE_ALTERNATIF = "vote-alternatif", _("Classement, compté par éliminations (vote alternatif)")
        PRIORITES = "priorites", _("Priorités : quels sujets, et à quel moment")
        PLUS_VOTES = "plus-votes", _("Budget : les plus votés d’abord, en sautant ce qui ne tient plus")
        PLUS_VOTES_SANS_SAUT = (
            "plus-votes-sans-saut",
            _("Budget : les plus votés d’abord, arrêt au premier qui ne tient plus"),
        )
        PARTS_EGALES = "parts-egales", _("Budget : parts égales (Method of Equal Shares)")

    class Forme(models.TextChoices):
        """How the ballot is filled in."""

        CHOIX = "choix", _("un seul choix")
        APPROBATION = "approbation", _("cocher des propositions")
        SAC = "sac", _("remplir le budget")
        POINTS = "points", _("répartir des points")
        MENTIONS = "mentions", _("donner une mention à chaque proposition")
        CLASSEMENT = "classement", _("classer les propositions")

    class Qui(models.TextChoices):
        INSCRITES = "inscrites", _("toute personne qui a un compte, avec une adresse e-mail vérifiée")
        HABITANTES = "habitantes", _("les personnes qui habitent le territoire, avec une adresse e-mail vérifiée")
        MEMBRES = "membres", _("les membres d’une communauté, avec une adresse e-mail vérifiée")

    class Origine(models.TextChoices):
        SITE = "site", _("Vote du site")
        FICHIER = "fichier", _("Vote passé, repris d’un fichier")

    famille = "votes"

    titre = models.CharField(_("Titre"), max_length=140)
    slug = models.SlugField(max_length=160, unique=True)
    question = models.CharField(_("La question posée"), max_length=300)
    description = models.TextField(_("Pourquoi ce vote ?"), max_length=5000, blank=True)
    etape = models.ForeignKey(
        Etape, models.PROTECT, null=True, blank=True, related_name="scrutins", verbose_name=_("Étape du projet")
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    regle = models.CharField(_("Façon de compter"), max_length=24, choices=Regle, default=Regle.PLUS_VOTES)
    #: Fields of the rule's `Parametres`, where they differ from what it does by itself.
    parametres = models.JSONField(_("Réglages de la façon de compter"), default=dict, blank=True)
    forme = models.CharField(_("Façon de voter"), max_length=12, choices=Forme, default=Forme.APPROBATION)
    choix_min = models.PositiveSmallIntegerField(_("Choix au moins"), default=0)
    choix_max = models.PositiveSmallIntegerField(_("Choix au plus"), null=True, blank=True)
    points_total = models.PositiveSmallIntegerField(_("Points à répartir"), null=True, blank=True)
    points_max = models.PositiveSmallIntegerField(_("Points au plus pour une proposition"), null=True, blank=True)
    #: Names of the grades, the worst first.
    mentions = models.JSONField(_("Mentions"), default=list, blank=True)
    qui = models.CharField(_("Qui peut voter"), max_length=10, choices=Qui, default=Qui.INSCRITES)
    #: Whose members vote, where the rule says so. It is published: a community that nobody may know of is not one of them.
    communaute = models.ForeignKey(
        "communautes.Communaute",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scrutins",
        verbose_name=_("Communauté"),
    )
    age_min = models.PositiveSmallIntegerField(
        _("Âge minimal"), null=True, blank=True, help_text=_("Laissez vide si tout le monde peut voter.")
    )
    ouvre_le = models.DateTimeField(_("Ouverture"))
    ferme_le = models.DateTimeField(_("Fin"))
    origine = models.CharField(_("Origine"), max_length=8, choices=Origine, default=Origine.SITE, editable=False)
    #: What the file said and that has no place of its own here, kept for `exporter_pb`.
    entete = models.JSONField(default=dict, blank=True, editable=False)
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    #: The rules as announced, the whole list and the lot drawn to decide ties: `votes.reglement`.
    reglement = models.JSONField(null=True, blank=True, editable=False)
    empreinte = models.CharField(_("Empreinte du règlement"), max_length=64, blank=True, editable=False)
    annonce_le = models.DateTimeField(_("Annoncé le"), null=True, blank=True, editable=False)
    depouille_le = models.DateTimeField(_("Compté le"), null=True, blank=True, editable=False)
    proclame_le = models.DateTimeField(_("Proclamé le"), null=True, blank=True, editable=False)
    motif_annulation = models.TextField(_("Raison de l’annulation"), max_length=1000, blank=True, editable=False)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScrutinQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vote")
        verbose_name_plural = _("Votes")
        ordering = ["-ouvre_le", "-pk"]
        indexes = [
            models.Index(fields=["-ouvre_le", "-id"], name="scrutin_recents"),
            models.Index(fields=["etat", "ouvre_le"], name="scrutin_a_ouvrir"),
            models.Index(fields=["etat", "ferme_le"], name="scrutin_a_clore"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=["brouillon", "annonce", "ouvert", "clos", "depouille", "proclame", "annule"]),
                name="scrutin_etat",
            ),
            models.CheckConstraint(
                condition=Q(ferme_le__gt=F("ouvre_le")),
                name="scrutin_dates",
                violation_error_message=_("La fin doit venir après l’ouverture."),
            ),
            models.CheckConstraint(
                condition=~Q(qui="habitantes") | Q(territoire__isnull=False),
                name="scrutin_habitantes",
                violation_error_message=_("Choisissez le territoire dont les habitantes et habitants peuvent voter."),
            ),
            models.CheckConstraint(
                condition=Q(qui="membres", communaute__isnull=False) | ~Q(qui="membres") & Q(communaute__isnull=True),
                name="scrutin_membres",
                violation_error_message=_("Choisissez la communauté dont les membres peuvent voter."),
            ),
            models.CheckConstraint(
                condition=Q(choix_max__isnull=True) | Q(choix_max__gte=1) & Q(choix_max__gte=F("choix_min")),
                name="scrutin_choix",
                violation_error_message=_("Le nombre de choix au plus doit atteindre le nombre de choix au moins."),
            ),
            models.CheckConstraint(
                condition=Q(etat="brouillon", annonce_le__isnull=True, empreinte="", reglement__isnull=True)
                | ~Q(etat="brouillon") & Q(annonce_le__isnull=False, reglement__isnull=False) & ~Q(empreinte=""),
                name="scrutin_annonce",
            ),
            models.CheckConstraint(
                condition=Q(etat="annule") & ~Q(motif_annulation="") | ~Q(etat="annule") & Q(motif_annulation=""),
                name="scrutin_annule",
            ),
            models.CheckConstraint(
                condition=Q(etat="proclame", proclame_le__isnull=False, depouille_le__isnull=False)
                | ~Q(etat="proclame") & Q(proclame_le__isnull=True),
                name="scrutin_proclame",
            ),
            # A vote of this site belongs to a stage, which says when one may vote.
            models.CheckConstraint(
                condition=Q(etape__isnull=False) | Q(origine="fichier") | Q(etat="brouillon"), name="scrutin_etape"
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("votes:detail", args=[self.slug])

    @property
    def est_annonce(self) -> bool:
        return self.etat != self.Etat.BROUILLON

    @property
    def est_repris(self) -> bool:
        return self.origine == self.Origine.FICHIER

    @property
    def est_proclame(self) -> bool:
        return self.etat == self.Etat.PROCLAME

    @property
    def depense(self) -> bool:
        """Does it spend a budget?"""
        return self.regle in {self.Regle.PLUS_VOTES, self.Regle.PLUS_VOTES_SANS_SAUT, self.Regle.PARTS_EGALES}

    @property
    def est_ouvert(self) -> bool:
        """As the page shows it, to the second. Voting itself asks the clock of the database (`votes.voter`)."""
        if self.etat not in {self.Etat.ANNONCE, self.Etat.OUVERT}:
            return False
        if not self.ouvre_le <= timezone.now() < self.ferme_le:
            return False
        return self.etape is None or self.etape.permet(Etape.Fonction.VOTER)

    @property
    def etat_a_l_heure(self) -> "Scrutin.Etat":
        """The state to show: what the clock is about to write, while it has not passed yet."""
        if self.est_ouvert:
            return self.Etat.OUVERT
        if self.est_fini and self.etat in {self.Etat.ANNONCE, self.Etat.OUVERT}:
            return self.Etat.CLOS
        return self.Etat(self.etat)

    def nombre_de_votantes(self) -> int:
        """People who have voted, the one figure that everybody may read at any time; of a past vote taken over, ballots."""
        return self.bulletins.count() if self.est_repris else self.emargements.nombre_de_votantes()

    @property
    def est_fini(self) -> bool:
        """Nobody votes any more; to the second, whether or not the clock has passed."""
        return self.etat not in {self.Etat.BROUILLON, self.Etat.ANNONCE, self.Etat.OUVERT} or (
            self.est_annonce and timezone.now() >= self.ferme_le
        )

    def refus(self, personne) -> Refus | None:
        """Why the rule does not admit this account; None when it does. What she cannot mend is said before what she can:
        nobody completes her profile to read then that this vote is not hers."""
        raisons = list(self._raisons(personne))
        return next((refus for refus in raisons if not refus.se_repare), raisons[0] if raisons else None)

    def raison_du_refus(self, personne) -> str:
        """The same, in one sentence; empty when the rule admits her."""
        refus = self.refus(personne)
        return refus.phrase if refus else ""

    def _raisons(self, personne) -> Iterator[Refus]:
        if not personne.adresses_prouvees:
            yield Refus(gettext("Pour voter, vérifiez d’abord votre adresse e-mail."), Refus.ADRESSE)
        if self.qui == self.Qui.HABITANTES:
            lieu = {"lieu": self.territoire}
            if personne.commune is None:
                phrase = gettext(
                    "Ce vote est celui des habitantes et habitants de %(lieu)s. Dites dans votre profil où vous habitez."
                )
                yield Refus(phrase % lieu, Refus.PROFIL)
            elif not self.concerne(personne.commune):
                phrase = gettext(
                    "Ce vote est celui des habitantes et habitants de %(lieu)s. Votre profil dit que vous habitez ailleurs."
                )
                yield Refus(phrase % lieu)
        # Nobody belongs to a community before an address is hers: that one is asked first.
        ailleurs = self.communaute is not None and not peut_voter_comme_membre(self.communaute, personne)
        if ailleurs and personne.adresses_prouvees:
            phrase = gettext("Ce vote est celui des membres de la communauté « %(nom)s ».")
            yield Refus(phrase % {"nom": self.communaute}, Refus.COMMUNAUTE)
        if self.age_min:
            age = {"age": self.age_min}
            if personne.annee_naissance is None:
                phrase = gettext(
                    "Ce vote est ouvert à partir de %(age)s ans. Dites dans votre profil votre année de naissance."
                )
                yield Refus(phrase % age, Refus.PROFIL)
            elif timezone.localtime(self.ferme_le).year - personne.annee_naissance < self.age_min:
                phrase = gettext(
                    "Ce vote est ouvert à partir de %(age)s ans. Votre profil dit que vous êtes plus jeune."
                )
                yield Refus(phrase % age)

    # --- Steps -------------------------------------------------------------------------------------------------------

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.ANNONCE,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Annoncer le vote"),
            prevenir=_(
                "Le règlement et la liste deviennent publics et ne changeront plus. Le vote s’ouvrira à sa date."
            ),
            suite="votes.jonction.figer",
            principale=True,
        ),
    )
    def annoncer(self, *, par):
        if self.ouvre_le <= timezone.now():
            raise EtapeInvalide(gettext("Son ouverture est déjà passée : choisissez une date à venir."))
        if torts := defauts(self):
            raise EtapeInvalide(" ".join(torts[:3]))
        self.annonce_le = timezone.now()
        self.reglement = rediger(self)
        self.empreinte = empreinte_de(self.reglement)
        return {"empreinte": self.empreinte}

    @transition(
        de=[Etat.ANNONCE],
        vers=Etat.OUVERT,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Ouvrir le vote"), automatique=True),
    )
    def ouvrir(self, *, par):
        if timezone.now() < self.ouvre_le:
            raise EtapeInvalide(gettext("Ce n’est pas encore l’heure."))

    @transition(
        de=[Etat.OUVERT],
        vers=Etat.CLOS,
        permission=peut_battre_le_temps,
        etiquette=Etiquette(_("Fermer le vote"), automatique=True),
    )
    def clore(self, *, par):
        if timezone.now() < self.ferme_le:
            raise EtapeInvalide(gettext("Ce n’est pas encore l’heure."))
        return {"votantes": self.emargements.nombre_de_votantes()}

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.CLOS,
        permission=peut_reprendre,
        etiquette=Etiquette(
            _("Reprendre ce vote passé"),
            prevenir=_("Le vote a eu lieu ailleurs : ses bulletins viennent de son fichier et ne changeront plus."),
            suite="votes.reglement.figer",
        ),
    )
    def reprendre(self, *, par):
        self.annonce_le = timezone.now()
        self.reglement = rediger(self)
        self.empreinte = empreinte_de(self.reglement)
        return {"empreinte": self.empreinte, "bulletins": self.bulletins.count()}

    @transition(
        de=[Etat.CLOS],
        vers=Etat.DEPOUILLE,
        permission=peut_depouiller,
        etiquette=Etiquette(_("Compter les bulletins"), automatique=True),
    )
    def depouiller(self, *, par, empreinte):
        """Brought by the end of its count (`votes.comptage`), whose fingerprint binds what will be proclaimed."""
        self.depouille_le = timezone.now()
        return {"resultat": empreinte}

    @transition(
        de=[Etat.DEPOUILLE],
        vers=Etat.PROCLAME,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Proclamer les résultats"),
            prevenir=_("Les résultats deviennent publics, pour tout le monde en même temps, et ne se réécrivent pas."),
            suite="votes.resultats.marquer_les_elues",
            principale=True,
        ),
    )
    def proclamer(self, *, par):
        self.proclame_le = timezone.now()

    @transition(
        de=[Etat.ANNONCE, Etat.OUVERT, Etat.CLOS, Etat.DEPOUILLE],
        vers=Etat.ANNULE,
        permission=peut_conduire,
        etiquette=Etiquette(
            _("Annuler le vote"),
            formulaire="votes.forms.AnnulerForm",
            prevenir=_(
                "Le vote et la raison de son annulation restent publics. Les bulletins ne seront jamais comptés."
            ),
        ),
    )
    def annuler(self, *, par, motif):
        if not motif.strip():
            raise EtapeInvalide(gettext("Dites pourquoi : tout le monde lira cette raison."), champ="motif")
        self.motif_annulation = motif.strip()
        return {"motif": self.motif_annulation}
