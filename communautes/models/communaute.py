import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.permissions import peut_clore, peut_endormir, peut_ouvrir, peut_retirer, peut_reveiller
from projets.models import Projet
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.moderable import Moderable
from socle.permissions import est_connectee
from timeline.etapes import Etiquette, transition

SLUG_MAX = 100
#: Addresses beside those of the communities.
ADRESSES_PRISES = frozenset({"appels", "proposer"})


class CommunauteQuerySet(EtatsQuerySet):
    def annoncees(self):
        """Open once: the page stays, whatever comes after."""
        return self.filter(etat__in=Communaute.ANNONCEES)

    def dont_est(self, personne):
        """Those in which she is now, whatever her role there."""
        if not est_connectee(personne):
            return self.none()
        return self.filter(Q(pk__in=personne.adhesions.en_cours().order_by().values("communaute")))

    def dont_anime(self, personne):
        if not est_connectee(personne):
            return self.none()
        return self.filter(Q(pk__in=personne.adhesions.en_cours().qui_animent().order_by().values("communaute")))

    def visibles_par(self, personne):
        """That it exists, and its front page: those that everybody may find; hers, with those she is invited to or was
        excluded from; all of them for an agent, who opens and closes them. Says nothing of what is inside."""
        trouvables = Q(etat__in=Communaute.ANNONCEES, acces__in=Communaute.TROUVABLES, masquee_le__isnull=True)
        trouvables &= Q(projet__isnull=True) | Q(projet__in=Projet.objects.annonces().order_by().values("pk"))
        if not est_connectee(personne):
            return self.filter(trouvables)
        if personne.est_agent:
            return self
        if personne.est_moderatrice:
            trouvables |= Q(etat__in=Communaute.ANNONCEES, acces__in=Communaute.TROUVABLES)
        concernee = personne.adhesions.qui_concernent().order_by().values("communaute")
        return self.filter(trouvables | Q(proposee_par=personne) | Q(pk__in=concernee))

    def lues_de_l_interieur_par(self, personne):
        """Those whose inside she reads: where the door is open, and where she is; no role in the house opens the others."""
        trouvees = Communaute.objects.visibles_par(personne).order_by().values("pk")
        ouvertes = Q(etat__in=Communaute.ANNONCEES, acces=Communaute.Acces.PUBLIQUE, pk__in=trouvees)
        if not est_connectee(personne):
            return self.filter(ouvertes)
        return self.filter(ouvertes | Q(pk__in=personne.adhesions.en_cours().order_by().values("communaute")))

    def fermees_aux_autres(self):
        """Those whose inside is for those who are in."""
        return self.exclude(acces=Communaute.Acces.PUBLIQUE)

    def pour_phrase(self):
        return self.select_related("projet", "proposee_par")

    def ecoutables_par(self, personne):
        """Those whose open pages may be told that something changed: that something happens inside is of the inside."""
        return self.lues_de_l_interieur_par(personne)

    def pour_liste(self):
        """Everything a card shows, in one query. The contour of a territory weighs more than the whole page."""
        return self.select_related("projet", "territoire", "thematique").defer(
            "territoire__contour", "description", "charte", "projet__description", *(f"projet__{c}" for c in Projet.CADRE)
        )  # fmt: skip


class Communaute(Moderable, EtatsProteges):
    """A place where people who share something meet. Its front page may be public while what is inside is not."""

    class Etat(models.TextChoices):
        PROPOSEE = "proposee", _("Proposée")
        OUVERTE = "ouverte", _("Ouverte")
        EN_SOMMEIL = "en_sommeil", _("En sommeil")
        CLOSE = "close", _("Fermée")
        REFUSEE = "refusee", _("Non ouverte")
        RETIREE = "retiree", _("Retirée")

    class Acces(models.TextChoices):
        PUBLIQUE = "publique", _("Ouverte à tout le monde : on lit librement, on entre quand on veut")
        SUR_DEMANDE = "sur_demande", _("Sur demande : la page est publique, l’intérieur est réservé aux membres")
        SUR_INVITATION = "sur_invitation", _("Sur invitation : personne d’autre ne sait qu’elle existe")
        TIRAGE = "tirage", _("Par tirage au sort : la page est publique, l’intérieur est réservé aux personnes tirées")

    class Genre(models.TextChoices):
        COMMUNAUTE = "communaute", _("Communauté")
        GROUPE = "groupe", _("Groupe de travail")
        PANEL = "panel", _("Panel citoyen")

    ANNONCEES = (Etat.OUVERTE, Etat.EN_SOMMEIL, Etat.CLOSE)
    #: Everybody may know that these exist.
    TROUVABLES = (Acces.PUBLIQUE, Acces.SUR_DEMANDE, Acces.TIRAGE)
    #: From the widest door to the narrowest: words written behind a door never find it wider afterwards.
    ORDRE_DES_ACCES = (Acces.PUBLIQUE, Acces.SUR_DEMANDE, Acces.SUR_INVITATION)

    famille = "communautes"
    a_lire_avec = ("proposee_par",)

    nom = models.CharField(_("Nom"), max_length=80)
    slug = models.SlugField(max_length=120, unique=True, editable=False)
    genre = models.CharField(_("Genre"), max_length=10, choices=Genre, default=Genre.COMMUNAUTE, editable=False)
    resume = models.CharField(_("En une phrase"), max_length=300)
    description = models.TextField(_("Description"), max_length=10_000)
    charte = models.TextField(
        _("Charte"),
        max_length=5000,
        help_text=_("Comment on se parle ici, ce qu’on fait ensemble, ce qu’on ne fait pas."),
    )
    acces = models.CharField(_("Qui peut entrer"), max_length=14, choices=Acces, default=Acces.PUBLIQUE)
    # Attached to one of these, or to nothing.
    projet = models.ForeignKey(
        "projets.Projet", models.PROTECT, null=True, blank=True, related_name="communautes", verbose_name=_("Projet")
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Territoire")
    )
    thematique = models.ForeignKey(
        "projets.Thematique", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Thème")
    )
    # Encoded again by us, as every picture of the site; with its words.
    image = models.FileField(upload_to="communautes/", blank=True, editable=False)
    image_alternative = models.CharField(_("Ce que montre l’image"), max_length=200, blank=True)
    etat = FSMField(_("État"), default=Etat.PROPOSEE, choices=Etat, protected=True)
    motif = models.TextField(_("Raison"), max_length=1000, blank=True, editable=False)
    proposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Proposée par")
    )
    proposee_le = models.DateTimeField(_("Proposée le"), default=timezone.now, editable=False)
    ouverte_le = models.DateTimeField(_("Ouverte le"), null=True, blank=True, editable=False)
    close_le = models.DateTimeField(_("Fermée le"), null=True, blank=True, editable=False)
    # Refreshed by `tic` from what happens inside: sorts the list, and lets a silent community fall asleep.
    active_le = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommunauteQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Communauté")
        verbose_name_plural = _("Communautés")
        ordering = ["-active_le", "-pk"]
        indexes = [
            models.Index(fields=["-active_le", "-id"], name="communaute_actives"),
            models.Index(fields=["etat", "proposee_le", "id"], name="communaute_file"),
            models.Index(fields=["etat", "active_le"], name="communaute_a_endormir"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(etat__in=["proposee", "ouverte", "en_sommeil", "close", "refusee", "retiree"]),
                name="communaute_etat",
            ),
            models.CheckConstraint(
                condition=Q(acces__in=["publique", "sur_demande", "sur_invitation"], genre__in=["communaute", "groupe"])
                | Q(acces="tirage", genre="panel"),
                name="communaute_acces",
            ),
            models.CheckConstraint(condition=Q(genre__in=["communaute", "groupe", "panel"]), name="communaute_genre"),
            models.CheckConstraint(
                condition=~Q(nom="") & ~Q(resume="") & ~Q(description="") & ~Q(charte=""), name="communaute_complete"
            ),
            models.CheckConstraint(
                condition=Q(projet__isnull=True, territoire__isnull=True)
                | Q(projet__isnull=True, thematique__isnull=True)
                | Q(territoire__isnull=True, thematique__isnull=True),
                name="communaute_un_rattachement",
                violation_error_message=_("Choisissez un seul rattachement : un projet, un territoire ou un thème."),
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["refusee", "close"]) ^ Q(motif=""),
                name="communaute_motivee",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=["ouverte", "en_sommeil", "close"]) ^ Q(ouverte_le__isnull=True),
                name="communaute_ouverte",
            ),
            models.CheckConstraint(condition=Q(etat="close") ^ Q(close_le__isnull=True), name="communaute_close"),
            models.CheckConstraint(condition=Q(image="") ^ ~Q(image_alternative=""), name="communaute_image"),
        ]

    def __str__(self):
        return self.nom

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = self._slug_libre()
        super().save(*args, **kwargs)

    def _slug_libre(self) -> str:
        """Readable where the page is public; one that nobody can guess, nor collide with, where it is not."""
        debut = slugify(self.nom)[:SLUG_MAX].strip("-") or "communaute"
        prise = debut in ADRESSES_PRISES or Communaute.objects.filter(slug=debut).exists()
        if prise or self.acces == self.Acces.SUR_INVITATION:
            return f"{debut}-{secrets.token_hex(6)}"
        return debut

    def get_absolute_url(self):
        return reverse("communautes:detail", args=[self.slug])

    @property
    def est_publique(self) -> bool:
        """May everybody read what is inside?"""
        return self.acces == self.Acces.PUBLIQUE

    @property
    def est_tiree(self) -> bool:
        return self.acces == self.Acces.TIRAGE

    @property
    def est_trouvable(self) -> bool:
        return self.acces in self.TROUVABLES

    @property
    def est_annoncee(self) -> bool:
        return self.etat in self.ANNONCEES

    @property
    def est_ouverte(self) -> bool:
        return self.etat == self.Etat.OUVERTE

    @property
    def est_lisible(self) -> bool:
        """May everybody read its front page?"""
        return (
            self.est_annoncee
            and self.est_trouvable
            and not self.est_masquee
            and (self.projet is None or self.projet.est_lisible)
        )

    @property
    def est_lisible_dedans(self) -> bool:
        return not self.est_masquee

    @property
    def texte(self) -> str:
        """All its words, for whoever has to judge them."""
        return "\n\n".join([self.resume, self.description, self.charte])

    @property
    def rattachement(self):
        """The projet, the place or the theme that it is attached to, or None."""
        return self.projet or self.territoire or self.thematique

    @classmethod
    def de_ses_mots(cls, personne) -> Q:
        return Q(proposee_par=personne)

    def ecrite_par(self, personne) -> bool:
        return self.proposee_par_id == personne.pk

    def autrices(self) -> set[int]:
        return {self.proposee_par_id} if self.proposee_par_id else set()

    @property
    def nom_de_l_auteur(self) -> str:
        return self.proposee_par.pseudonyme if self.proposee_par else str(_("Participant effacé"))

    def projet_du_journal(self):
        """Its own life is told where it is attached, for all to read; what happens inside never is."""
        return self.projet

    def communaute_du_journal(self):
        """A place that nobody may know of keeps even its own life to itself."""
        return None if self.est_trouvable else self

    def animation(self) -> list:
        """Those who lead it, the référent·e of the city first: they are named to whoever may read this page."""
        return list(self.adhesions.en_cours().qui_animent().par_role().select_related("personne"))

    def adhesion_de(self, personne):
        """Her place in it, whatever its state, or None; asked once of this object."""
        connues = self.__dict__.setdefault("_adhesions_de", {})
        if personne.pk not in connues:
            connues[personne.pk] = self.adhesions.filter(personne=personne).first()
        return connues[personne.pk]

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self.oublier_les_adhesions_lues()

    def oublier_les_adhesions_lues(self) -> None:
        """After a place changed hands, and before a decision that must not rest on what was read earlier."""
        self.__dict__.pop("_adhesions_de", None)

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.OUVERTE,
        permission=peut_ouvrir,
        etiquette=Etiquette(
            _("Ouvrir la communauté"),
            formulaire="communautes.forms.OuvrirForm",
            suite="communautes.actions.installer",
            principale=True,
        ),
    )
    def ouvrir(self, *, par, referente):
        self.ouverte_le = self.active_le = timezone.now()

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.REFUSEE,
        permission=peut_ouvrir,
        etiquette=Etiquette(_("Ne pas l’ouvrir"), publique=False, formulaire="communautes.forms.MotifForm"),
    )
    def refuser(self, *, par, motif):
        self.motif = motif

    @transition(
        de=[Etat.PROPOSEE],
        vers=Etat.RETIREE,
        permission=peut_retirer,
        etiquette=Etiquette(_("Retirer ma proposition"), publique=False),
    )
    def retirer(self, *, par):
        """She changed her mind before anybody came."""

    @transition(
        de=[Etat.OUVERTE],
        vers=Etat.EN_SOMMEIL,
        permission=peut_endormir,
        etiquette=Etiquette(
            _("Mettre en sommeil"), prevenir=_("On pourra la lire, plus y écrire, jusqu’à son réveil.")
        ),
    )
    def endormir(self, *, par):
        """Nothing is lost; nobody writes until it wakes."""

    @transition(
        de=[Etat.EN_SOMMEIL],
        vers=Etat.OUVERTE,
        permission=peut_reveiller,
        etiquette=Etiquette(_("Réveiller"), principale=True),
    )
    def reveiller(self, *, par):
        self.active_le = timezone.now()

    @transition(
        de=[Etat.OUVERTE, Etat.EN_SOMMEIL],
        vers=Etat.CLOSE,
        permission=peut_clore,
        etiquette=Etiquette(
            _("Fermer définitivement"),
            formulaire="communautes.forms.MotifForm",
            prevenir=_("Ce qui a été écrit reste lisible par les mêmes personnes. Plus personne n’y écrira."),
        ),
    )
    def clore(self, *, par, motif):
        self.motif, self.close_le = motif, timezone.now()
