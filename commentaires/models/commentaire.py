from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from commentaires.permissions import peut_retirer
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.lignes import nombre_de
from socle.moderable import Moderable
from socle.permissions import est_connectee
from timeline.etapes import Etiquette, transition
from timeline.huis_clos import communaute_de


@cache
def modeles_discutes() -> list[type[Any]]:
    """Every kind of thing that can be discussed: it says whether its discussion is open."""
    return [modele for modele in apps.get_models() if hasattr(modele, "discussion_ouverte")]


def prend_position(cible) -> bool:
    """Does one stand for or against this thing? Where people only talk, it says no (`avec_positions`)."""
    return getattr(cible, "avec_positions", True)


class CommentaireQuerySet(EtatsQuerySet):
    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def publies(self):
        """Neither withdrawn nor hidden. Says nothing of their target."""
        return self.filter(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True)

    def visibles_par(self, personne):
        """Published ones and her own, all for a moderator; always on a target that this person may see."""
        cibles = Q(pk__in=[])
        for modele in modeles_discutes():
            vues = modele._default_manager.visibles_par(personne).values("pk")
            cibles |= Q(cible_type=ContentType.objects.get_for_model(modele), cible_id__in=vues)
        return self.filter(cibles).lisibles_par(personne)

    def lisibles_par(self, personne):
        """The same where the target is one that she has been shown: nothing is asked about it again."""
        lisibles = Q(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True)
        if est_connectee(personne):
            if personne.est_moderatrice:
                return self
            lisibles |= Q(auteur=personne)
        return self.filter(lisibles)

    def a_huis_clos(self):
        """Published on things that are read inside a closed community only."""
        cibles = Q(pk__in=[])
        for modele in modeles_discutes():
            if enfermees := getattr(modele._default_manager, "a_huis_clos", None):
                type_cible = ContentType.objects.get_for_model(modele)
                cibles |= Q(cible_type=type_cible, cible_id__in=enfermees().values("pk"))
        return self.filter(cibles, etat=Commentaire.Etat.PUBLIE)

    def a_montrer(self):
        """What a thread shows: the published ones, and the place of those whose answers remain."""
        return self.filter(self._montrables())

    def a_compter(self) -> dict[str, int]:
        """In one query: comments that can be read (`publies`), those of them that changed something (`distingues`), threads
        shown (`fils`), first comments by position.
        """
        publies = Q(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True)
        premiers = publies & Q(parent__isnull=True)
        # One a comment at most (`distinction_unique`): the join multiplies nothing.
        posee = FilteredRelation("distinctions", condition=Q(distinctions__etat="posee"))
        return self.annotate(posee=posee).aggregate(
            publies=Count("pk", filter=publies),
            distingues=Count("posee", filter=publies),
            fils=Count("pk", filter=Q(parent__isnull=True) & self._montrables()),
            **{p.value: Count("pk", filter=premiers & Q(position=p)) for p in Commentaire.Position},
        )

    @staticmethod
    def _montrables() -> Q:
        reponses = Commentaire.objects.publies().filter(parent=OuterRef("pk"))
        return Q(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True) | Q(Exists(reponses))

    def avec_nombre_d_accords(self):
        donnes = nombre_de(Accord.objects.filter(commentaire=OuterRef("pk")))
        return self.annotate(nb_accords=donnes + F("accords_repris"))

    def pour_affichage(self, personne):
        """With author, what it quotes, whom it mentions, number of agreements and hers: a constant number of queries."""
        commentaires = (
            self.select_related("auteur", "cite__auteur").prefetch_related("mentions").avec_nombre_d_accords()
        )
        if est_connectee(personne):
            sien = Accord.objects.filter(commentaire=OuterRef("pk"), personne=personne)
            return commentaires.annotate(suis_d_accord=Exists(sien))
        return commentaires.annotate(suis_d_accord=models.Value(False, output_field=models.BooleanField()))

    def pour_phrase(self):
        """With what they are about: inside a community a sentence names it. One query a kind of thing."""
        dedans = [m._default_manager for m in modeles_discutes() if hasattr(m, "communaute_du_journal")]
        objets = [manager.pour_phrase() for manager in dedans if hasattr(manager, "pour_phrase")]
        return self.prefetch_related(GenericPrefetch("cible", objets))

    def avec_nombre_de_reponses(self):
        return self.annotate(nb_reponses=nombre_de(Commentaire.objects.publies().filter(parent=OuterRef("pk"))))


class Commentaire(Moderable, EtatsProteges):
    """A contribution to a discussion on anything; answers are one level deep."""

    class Etat(models.TextChoices):
        PUBLIE = "publie", _("Publié")
        RETIRE = "retire", _("Retiré par son auteur")

    class Position(models.TextChoices):
        POUR = "pour", _("Pour")
        CONTRE = "contre", _("Contre")
        NEUTRE = "neutre", _("Sans avis tranché")

    LONGUEUR_MAX = 3000  # characters

    famille = "commentaires"
    a_lire_avec = ("auteur", "cible", "parent")

    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reponses")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("Auteur")
    )
    texte = models.TextField(_("Votre commentaire"), max_length=LONGUEUR_MAX)
    position = models.CharField(_("Votre position"), max_length=6, choices=Position, default=Position.NEUTRE)
    # Said once, when written, with the capacity of that day: a role lost later does not change who spoke.
    voix_officielle = models.BooleanField(_("Au nom de la collectivité"), default=False)
    qualite = models.CharField(_("En qualité de"), max_length=340, blank=True)
    # Taken over from another platform: its name, and a figure of agreements without persons.
    repris_de = models.CharField(max_length=200, blank=True, editable=False)
    accords_repris = models.PositiveIntegerField(default=0, editable=False)
    etat = FSMField(_("État"), default=Etat.PUBLIE, choices=Etat, protected=True)
    publie_le = models.DateTimeField(_("Publié le"), default=timezone.now)
    # Set by each correction; what was written before is in its `versions`.
    modifie_le = models.DateTimeField(_("Modifié le"), null=True, blank=True, editable=False)
    # What it quotes is shown from there: words that moderation hides are hidden in quotations too.
    cite = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CommentaireQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Commentaire")
        verbose_name_plural = _("Commentaires")
        ordering = ["publie_le", "pk"]
        indexes = [
            models.Index(fields=["cible_type", "cible_id", "publie_le", "id"], name="commentaire_fil"),
            models.Index(fields=["parent", "publie_le", "id"], name="commentaire_reponses"),
            models.Index(fields=["auteur", "-publie_le", "-id"], name="commentaire_de"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(condition=Q(etat__in=["publie", "retire"]), name="commentaire_etat"),
            models.CheckConstraint(condition=~Q(texte=""), name="commentaire_texte"),
            models.CheckConstraint(condition=Q(position__in=["pour", "contre", "neutre"]), name="commentaire_position"),
            models.CheckConstraint(condition=Q(voix_officielle=True) ^ Q(qualite=""), name="commentaire_qualite"),
            models.CheckConstraint(
                condition=Q(modifie_le__isnull=True) | Q(modifie_le__gte=models.F("publie_le")),
                name="commentaire_modifie",
            ),
            models.CheckConstraint(condition=~Q(repris_de="") | Q(accords_repris=0), name="commentaire_repris"),
        ]

    def __str__(self):
        return _("Commentaire n° %(n)s") % {"n": self.pk}

    def get_absolute_url(self):
        """A page that leads to the discussion, at the page where this comment stands."""
        return reverse("commentaires:voir", args=[self.pk])

    def projet_du_journal(self):
        return self.cible.projet_du_journal() if self.cible else None

    def communaute_du_journal(self):
        return communaute_de(self.cible)

    def pages_concernees(self):
        return [self.cible]

    @property
    def est_lisible(self) -> bool:
        return self.etat == self.Etat.PUBLIE and not self.est_masquee

    @transition(
        de=[Etat.PUBLIE],
        vers=Etat.RETIRE,
        permission=peut_retirer,
        etiquette=Etiquette(
            _("Retirer mon commentaire"),
            publique=False,
            prevenir=_("Votre commentaire ne sera plus visible. Les réponses des autres personnes restent."),
            suite="commentaires.actions.rafraichir",
        ),
    )
    def retirer(self, *, par):
        """The text stays in the base for an appeal; nobody but moderators reads it."""


class Accord(models.Model):
    """« D'accord » : one row per person."""

    commentaire = models.ForeignKey(Commentaire, models.CASCADE, related_name="accords")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("D’accord")
        verbose_name_plural = _("D’accord")
        constraints = [models.UniqueConstraint(fields=["commentaire", "personne"], name="accord_unique")]
        indexes = [models.Index(fields=["personne", "-cree_le", "-id"], name="accord_de")]

    def __str__(self):
        return f"{self.personne_id} d'accord avec {self.commentaire_id}"
