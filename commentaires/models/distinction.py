from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from commentaires.models.commentaire import Commentaire
from commentaires.permissions import peut_retirer_la_distinction
from socle.etats import EtatsProteges, EtatsQuerySet
from timeline.etapes import Etiquette, transition


class DistinctionQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        return self.filter(commentaire__in=Commentaire.objects.visibles_par(personne).values("pk"))

    def posees(self):
        return self.filter(etat=Distinction.Etat.POSEE)

    def de_la_discussion(self, cible):
        """Those that stand on comments that can be read, with what the block of the page shows."""
        return (
            self.posees()
            .filter(commentaire__in=Commentaire.objects.sur(cible).publies())
            .select_related("commentaire__auteur")
            .order_by("posee_le", "pk")
        )


class Distinction(EtatsProteges):
    """« A fait évoluer l’idée »: an argument that changed something, and what it changed."""

    class Etat(models.TextChoices):
        POSEE = "posee", _("A fait évoluer")
        RETIREE = "retiree", _("Mention retirée")

    class Titre(models.TextChoices):
        AUTRICE = "autrice", _("la personne qui a proposé")
        COLLECTIVITE = "collectivite", _("la collectivité")

    LONGUEUR_MAX = 300  # characters

    famille = "commentaires.distinction"

    commentaire = models.ForeignKey(Commentaire, models.PROTECT, related_name="distinctions")
    ce_qui_change = models.CharField(_("Ce qui a changé grâce à cet argument"), max_length=LONGUEUR_MAX)
    titre = models.CharField(_("Au titre de"), max_length=12, choices=Titre)
    etat = FSMField(_("État"), default=Etat.POSEE, choices=Etat, protected=True)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    posee_le = models.DateTimeField(_("Le"), default=timezone.now)
    retiree_le = models.DateTimeField(_("Retirée le"), null=True, blank=True, editable=False)
    motif_retrait = models.CharField(_("Raison du retrait"), max_length=LONGUEUR_MAX, blank=True, editable=False)

    objects = DistinctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Argument qui a fait évoluer")
        verbose_name_plural = _("Arguments qui ont fait évoluer")
        ordering = ["posee_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commentaire"], condition=Q(etat="posee"), name="distinction_unique"),
            models.CheckConstraint(condition=Q(etat__in=["posee", "retiree"]), name="distinction_etat"),
            models.CheckConstraint(condition=~Q(ce_qui_change=""), name="distinction_motivee"),
            models.CheckConstraint(condition=Q(titre__in=["autrice", "collectivite"]), name="distinction_titre"),
            models.CheckConstraint(
                condition=Q(etat="posee", retiree_le__isnull=True, motif_retrait="")
                | (Q(etat="retiree", retiree_le__isnull=False) & ~Q(motif_retrait="")),
                name="distinction_retiree",
            ),
        ]

    def __str__(self):
        return str(_("Argument qui a fait évoluer (%s)")) % self.commentaire

    def get_absolute_url(self):
        return self.commentaire.get_absolute_url()

    def projet_du_journal(self):
        return self.commentaire.projet_du_journal()

    def communaute_du_journal(self):
        return self.commentaire.communaute_du_journal()

    @property
    def est_lisible(self) -> bool:
        return self.commentaire.est_lisible

    @transition(
        de=[Etat.POSEE],
        vers=Etat.RETIREE,
        permission=peut_retirer_la_distinction,
        etiquette=Etiquette(
            _("Retirer la mention « a fait évoluer »"),
            formulaire="commentaires.forms.RetirerLaDistinctionForm",
            suite="commentaires.distinctions.rafraichir",
        ),
    )
    def retirer(self, *, par, motif):
        self.retiree_le, self.motif_retrait = timezone.now(), motif
