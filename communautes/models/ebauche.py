import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from communautes.models.communaute import Communaute
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.permissions import (
    peut_abandonner_l_ebauche,
    peut_deposer_l_ebauche,
    peut_ecrire_l_ebauche,
    peut_reprendre_l_ebauche,
)
from socle.etats import EtatsProteges
from socle.lignes import nombre_de
from socle.moderable import Moderable
from timeline.chaine import canonique, horodatage
from timeline.etapes import Etiquette, transition
from timeline.models import RegistreScelle

#: As an idea has them: what is written here becomes one (`tests/communautes` compares them with those of the boxes).
TITRE_MIN, TITRE_MAX = 8, 120
TEXTE_MIN, TEXTE_MAX = 20, 5000
#: What a version says, in the order of the page.
CONTENU = ("titre", "texte", "thematique", "territoire", "lieu")


class EbaucheQuerySet(DansUneCommunauteQuerySet):
    def pour_liste(self):
        """Everything a card shows; a name counts when it is under the present version, and its owner still in."""
        presentes = Signature.objects.valables().filter(ebauche=OuterRef("pk"))
        return self.select_related("ouverte_par", "thematique").annotate(nb_signatures=nombre_de(presentes))

    def pour_phrase(self):
        return self.select_related("communaute")


class Ebauche(DansUneCommunaute, Moderable, EtatsProteges):
    """An idea that members of a community write together. It says the words of its last version."""

    class Etat(models.TextChoices):
        EN_ECRITURE = "en_ecriture", _("En écriture")
        DEPOSEE = "deposee", _("Déposée")
        ABANDONNEE = "abandonnee", _("Abandonnée")

    famille = "communautes.ebauche"
    a_lire_avec = ("communaute", "ouverte_par")

    communaute = models.ForeignKey(Communaute, models.PROTECT, related_name="ebauches")
    titre = models.CharField(_("Votre idée en quelques mots"), max_length=TITRE_MAX)
    texte = models.TextField(_("Décrivez votre idée"), max_length=TEXTE_MAX)
    thematique = models.ForeignKey(
        "projets.Thematique", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Thème")
    )
    territoire = models.ForeignKey(
        "territoires.Territoire", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Commune ou quartier"),
    )  # fmt: skip
    lieu = models.CharField(_("Adresse ou lieu, en quelques mots"), max_length=200, blank=True)
    # Of its last version: what somebody had before her eyes when she writes, signs or sends.
    numero = models.PositiveSmallIntegerField(default=1, editable=False)
    # Made with each empty form: the same form sent twice opens one draft.
    cle_saisie = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Ouverte par")
    )
    ouverte_le = models.DateTimeField(_("Ouverte le"), default=timezone.now, editable=False)
    ecrite_le = models.DateTimeField(_("Écrite le"), default=timezone.now, editable=False)
    etat = FSMField(_("État"), default=Etat.EN_ECRITURE, choices=Etat, protected=True)
    motif = models.TextField(_("Raison"), max_length=1000, blank=True, editable=False)
    deposee_le = models.DateTimeField(_("Déposée le"), null=True, blank=True, editable=False)

    objects = EbaucheQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Ébauche")
        verbose_name_plural = _("Ébauches")
        ordering = ["-ecrite_le", "-pk"]
        indexes = [
            models.Index(fields=["communaute", "-ecrite_le", "-id"], name="ebauche_liste"),
            models.Index(fields=["ouverte_par", "etat"], name="ebauche_de"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(condition=Q(etat__in=["en_ecriture", "deposee", "abandonnee"]), name="ebauche_etat"),
            models.CheckConstraint(condition=~Q(titre="") & ~Q(texte=""), name="ebauche_complete"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="ebauche_numero"),
            models.CheckConstraint(condition=Q(etat="abandonnee") ^ Q(motif=""), name="ebauche_abandonnee"),
            models.CheckConstraint(condition=Q(etat="deposee") ^ Q(deposee_le__isnull=True), name="ebauche_deposee"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("communautes:ebauche", args=[self.communaute.slug, self.pk])

    @classmethod
    def de_ses_mots(cls, personne) -> Q:
        """Those that she wrote in, or put her name under."""
        ecrites = VersionEbauche.objects.filter(par=personne).order_by().values("ebauche")
        signees = Signature.objects.filter(personne=personne).order_by().values("ebauche")
        return Q(pk__in=ecrites) | Q(pk__in=signees)

    def autrices(self) -> set[int]:
        ecrites = self.versions.filter(par__isnull=False).order_by().values_list("par", flat=True)
        return set(ecrites.union(self.signatures.order_by().values_list("personne", flat=True)))

    def ecrite_par(self, personne) -> bool:
        return personne.pk is not None and personne.pk in self.autrices()

    @property
    def nom_de_l_auteur(self) -> str:
        return self.ouverte_par.pseudonyme if self.ouverte_par else str(_("Participant effacé"))

    def discussion_ouverte(self) -> bool:
        return self.etat == self.Etat.EN_ECRITURE and not self.est_masquee and self.communaute.est_ouverte

    def peut_y_ecrire(self, personne) -> bool:
        """Its discussion is that of the members, also where everybody reads it."""
        return peut_ecrire_l_ebauche(self, personne)

    @property
    def version(self) -> "VersionEbauche":
        return self.versions.select_related("par").get(numero=self.numero)

    @transition(
        de=[Etat.EN_ECRITURE],
        vers=Etat.DEPOSEE,
        permission=peut_deposer_l_ebauche,
        etiquette=Etiquette(_("Déposer dans une boîte"), automatique=True),
    )
    def deposer(self, *, par):
        """Brought by the idea that it becomes: the app of the boxes takes this step with its own, all or nothing."""
        self.deposee_le = timezone.now()
        return {"version": self.numero}

    @transition(
        de=[Etat.EN_ECRITURE],
        vers=Etat.ABANDONNEE,
        permission=peut_abandonner_l_ebauche,
        etiquette=Etiquette(
            _("Abandonner ce texte"),
            formulaire="communautes.forms.MotifForm",
            prevenir=_("Plus personne n’y écrira. Le texte et ses versions restent lisibles ; on pourra le reprendre."),
        ),
    )
    def abandonner(self, *, par, motif):
        self.motif = motif

    @transition(
        de=[Etat.ABANDONNEE],
        vers=Etat.EN_ECRITURE,
        permission=peut_reprendre_l_ebauche,
        etiquette=Etiquette(_("Reprendre l’écriture"), principale=True),
    )
    def reprendre(self, *, par):
        self.motif = ""


class VersionEbauche(models.Model):
    """What a draft said from a date on, who wrote it, and from which version. Append-only, in the database too."""

    ebauche = models.ForeignKey(Ebauche, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField(_("Numéro"))
    titre = models.CharField(max_length=TITRE_MAX)
    texte = models.TextField()
    thematique = models.ForeignKey("projets.Thematique", models.PROTECT, null=True, related_name="+")
    territoire = models.ForeignKey("territoires.Territoire", models.PROTECT, null=True, related_name="+")
    lieu = models.CharField(max_length=200, blank=True)
    # What its author says of it; and the version whose words it brings back, when it does.
    resume = models.CharField(_("Ce qui change"), max_length=200, blank=True)
    reprise_de = models.PositiveSmallIntegerField(null=True)
    le = models.DateTimeField(_("Date"))
    # The only part that the erasure of an account may empty.
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("Version d’une ébauche")
        verbose_name_plural = _("Versions d’une ébauche")
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["ebauche", "numero"], name="version_ebauche_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="version_ebauche_numero"),
            models.CheckConstraint(
                condition=Q(reprise_de__isnull=True) | Q(reprise_de__gte=1, reprise_de__lt=F("numero")),
                name="version_ebauche_reprise",
            ),
        ]

    def __str__(self):
        return f"{self.titre} ({self.numero})"

    def get_absolute_url(self):
        return reverse("communautes:ebauche_version", args=[self.ebauche.communaute.slug, self.ebauche_id, self.numero])

    @property
    def nom_de_l_auteur(self) -> str:
        return self.par.pseudonyme if self.par else str(_("Participant effacé"))

    def empreinte(self) -> str:
        """SHA-256 of its words, written in the journal with the saving."""
        dits = {"ebauche": self.ebauche_id, "numero": self.numero, "le": horodatage(self.le)}
        champs = {champ.name: champ.attname for champ in self._meta.concrete_fields}
        dits |= {nom: getattr(self, champs[nom]) for nom in CONTENU}
        return hashlib.sha256(canonique(dits)).hexdigest()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Une version ne se réécrit pas : on en écrit une autre.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une version ne se supprime pas.")


class SignatureQuerySet(models.QuerySet):
    def valables(self):
        """Under the version that stands, by somebody who is still in."""
        membre = Q(personne__adhesions__communaute=F("ebauche__communaute"), personne__adhesions__etat="acceptee")
        return self.filter(membre, numero=F("ebauche__numero"), personne__is_active=True)


class Signature(models.Model):
    """« J'y mets mon nom »: one row a person and draft, which says which version she has read."""

    ebauche = models.ForeignKey(Ebauche, models.CASCADE, related_name="signatures")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    numero = models.PositiveSmallIntegerField(_("Version lue"))
    le = models.DateTimeField(_("Date"), default=timezone.now)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Signature")
        verbose_name_plural = _("Signatures")
        ordering = ["le", "pk"]
        indexes = [models.Index(fields=["personne", "-le"], name="signature_de")]
        constraints = [
            models.UniqueConstraint(fields=["ebauche", "personne"], name="signature_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="signature_numero"),
        ]

    def __str__(self):
        return f"{self.personne_id} signe {self.ebauche_id} ({self.numero})"
