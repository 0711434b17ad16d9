from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from reponses.attentes import cibles_chargees
from reponses.models.echeance import Echeance
from reponses.models.reponse import Reponse
from reponses.permissions import peut_conduire_le_lot, peut_preparer_des_lots
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.permissions import A_UN_COLLEGUE, est_connectee, est_la_sienne
from timeline.etapes import EtapeInvalide, Etiquette, transition

LOT_MIN = 2  # answers; a single one is published from its own dossier
LOT_MAX = 50  # answers published in one transaction


class LotQuerySet(EtatsQuerySet):
    def visibles_par(self, personne):
        """Who prepares it, and an élue while something of it waits for her name. Never the public."""
        if not est_connectee(personne):
            return self.none()
        if personne.est_agent:
            return self
        prepares, a_lire = (getattr(type(self)(self.model), nom)(personne) for nom in ("prepares_par", "a_lire_par"))
        return self.filter(Q(pk__in=prepares.values("pk")) | Q(pk__in=a_lire.values("pk")))

    def prepares_par(self, personne):
        """Who reads all of it, what others decide included: agents, and a référent·e when all of it is hers."""
        if not est_connectee(personne):
            return self.none()
        if personne.est_agent:
            return self
        dedans = PlaceDeLot.objects.actives().filter(lot=OuterRef("pk"))
        siennes, ailleurs = dedans.filter(projet__referente=personne), dedans.exclude(projet__referente=personne)
        return self.filter(~Exists(ailleurs) & (Exists(siennes) | Q(cree_par=personne)))

    def a_lire_par(self, personne):
        """Open ones in which an answer waits for her name, or has it."""
        if not est_connectee(personne):
            return self.none()
        attendent = Reponse.objects.visibles_par(personne).filter(
            signataire=personne,
            etat__in=[Reponse.Etat.A_SIGNER, Reponse.Etat.SIGNEE],
            corrige__isnull=True,
            cible_type=OuterRef("cible_type"),
            cible_id=OuterRef("cible_id"),
        )
        places = PlaceDeLot.objects.actives().filter(lot=OuterRef("pk")).filter(Exists(attendent))
        return self.filter(Exists(places), etat=LotReponses.Etat.OUVERT)

    def pour_phrase(self):
        """What the sentences of the chronology name: the answers that came out together."""
        publiees = PlaceDeLot.objects.filter(reponse__isnull=False).select_related("reponse")
        return self.prefetch_related(
            Prefetch("places", queryset=publiees.prefetch_related("reponse__cible"), to_attr="places_publiees")
        )


class LotReponses(EtatsProteges):
    """Answers prepared together and published together, or not at all. Inside only: what the public reads is each answer."""

    class Etat(models.TextChoices):
        OUVERT = "ouvert", _("En préparation")
        PUBLIE = "publie", _("Publié")
        DISSOUS = "dissous", _("Dissous")

    famille = "reponses.lot"

    titre = models.CharField(_("Nom du lot"), max_length=120)
    etat = FSMField(_("État"), default=Etat.OUVERT, choices=Etat, protected=True)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cree_le = models.DateTimeField(default=timezone.now)
    clos_le = models.DateTimeField(_("Publié ou dissous le"), null=True, blank=True, editable=False)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("Lot de réponses")
        verbose_name_plural = _("Lots de réponses")
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["-cree_le", "-id"], name="lot_recents")]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=["ouvert", "publie", "dissous"]), name="lot_etat"),
            models.CheckConstraint(condition=~Q(titre=""), name="lot_titre"),
            models.CheckConstraint(
                condition=Q(etat="ouvert", clos_le__isnull=True) | (~Q(etat="ouvert") & Q(clos_le__isnull=False)),
                name="lot_clos",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("reponses:lot", args=[self.pk])

    def projet_du_journal(self):
        """That of all its answers; the general chain when they are of several."""
        projets = {place.projet_id: place.projet for place in self.places.actives().select_related("projet")}
        return next(iter(projets.values())) if len(projets) == 1 else None

    def pourquoi_pas(self, personne) -> str:
        """Her own proposal is among them."""
        if not peut_preparer_des_lots(personne):
            return ""
        sienne = any(est_la_sienne(place.cible, personne) for place in self.places_actives())
        return str(A_UN_COLLEGUE) if sienne else ""

    def places_actives(self) -> list["PlaceDeLot"]:
        """What it gathers now, with its targets: a constant number of queries."""
        return list(self.places.actives().select_related("projet").prefetch_related(cibles_chargees()))

    def contenu(self) -> list["PlaceDeLot"]:
        """The same, each with its answer (`reponse_en_cours`, or None) and its date, the most urgent first."""
        places = list(
            self.places.actives()
            .avec_echeance()
            .select_related("projet")
            .prefetch_related(cibles_chargees())
            .order_by(models.F("due_le").asc(nulls_last=True), "pk")
        )
        reponses = {
            (r.cible_type_id, r.cible_id): r
            for r in Reponse.objects.filter(_de(places), corrige__isnull=True)
            .avec_echeance()
            .select_related("signataire", "redigee_par", "projet")
            .prefetch_related("avis__service")
        }
        for place in places:
            place.reponse_en_cours = reponses.get((place.cible_type_id, place.cible_id))
            if place.reponse_en_cours is not None:
                place.reponse_en_cours.cible = place.cible
        return places

    def verrouiller_les_reponses(self):
        """Its answers, then what they answer, before the chain of the journal: the order of every other step."""
        places = list(self.places.actives().select_related("cible_type"))
        list(Reponse.objects.select_for_update(of=("self",)).filter(_de(places)).order_by("pk").values_list("pk"))
        for genre in sorted({place.cible_type for place in places}, key=lambda genre: genre.pk):
            cles = [place.cible_id for place in places if place.cible_type_id == genre.pk]
            cibles = genre.model_class()._base_manager.select_for_update(of=("self",))
            list(cibles.filter(pk__in=cles).order_by("pk").values_list("pk"))

    @transition(
        de=[Etat.OUVERT],
        vers=Etat.PUBLIE,
        permission=peut_conduire_le_lot,
        etiquette=Etiquette(
            _("Publier ces réponses ensemble"),
            prevenir=_("Tout le monde lira ces réponses. Elles paraissent toutes, ou aucune, et ne se retirent plus."),
            formulaire="reponses.forms_lots.PublierLotForm",
            suite="reponses.lots.publier_les_reponses",
            principale=True,
        ),
    )
    def publier(self, *, par):
        self.verrouiller_les_reponses()
        places = self.contenu()
        if manques := manques_de(places):
            raise EtapeInvalide(" ".join([str(_("Rien n’est publié.")), *manques]))
        self.clos_le = timezone.now()
        return {"reponses": [place.reponse_en_cours.pk for place in places if place.reponse_en_cours]}

    @transition(
        de=[Etat.OUVERT],
        vers=Etat.DISSOUS,
        permission=peut_conduire_le_lot,
        etiquette=Etiquette(
            _("Dissoudre le lot"),
            publique=False,
            prevenir=_("Les réponses restent où elles en sont. Chacune suit de nouveau son propre chemin."),
            suite="reponses.lots.liberer",
        ),
    )
    def dissoudre(self, *, par):
        self.clos_le = timezone.now()


class PlaceQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(retiree_le__isnull=True)

    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def avec_echeance(self):
        echeance = Echeance.objects.filter(cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"))
        return self.annotate(due_le=Subquery(echeance.values("due_le")))


class PlaceDeLot(models.Model):
    """One thing to answer, in a lot. It may have no answer yet; once taken out, the row stays and counts no more."""

    lot = models.ForeignKey(LotReponses, models.PROTECT, related_name="places")
    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    # That of its target, as in Reponse: whose lot it is is one query away.
    projet = models.ForeignKey("projets.Projet", models.PROTECT, null=True, blank=True, related_name="+")
    #: Written when the lot is published.
    reponse = models.ForeignKey(Reponse, models.PROTECT, null=True, blank=True, related_name="+")
    retiree_le = models.DateTimeField(_("Retirée du lot le"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    #: Of `LotReponses.contenu()`.
    reponse_en_cours: Reponse | None

    class Meta:
        verbose_name = _("Place dans un lot")
        verbose_name_plural = _("Places dans un lot")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cible_type", "cible_id"], condition=Q(retiree_le__isnull=True), name="place_unique"
            ),
            models.CheckConstraint(
                condition=Q(reponse__isnull=True) | Q(retiree_le__isnull=True), name="place_publiee_reste"
            ),
        ]

    def __str__(self):
        return f"{self.lot_id}:{self.cible_type_id}:{self.cible_id}"

    @property
    def modele(self) -> str:
        """Kind of its target, as addresses write it."""
        return self.cible._meta.label_lower if self.cible else ""

    @property
    def manque(self) -> str:
        """One sentence: why it cannot be published now; empty when it is ready. Needs `contenu()`."""
        titre, reponse = {"titre": str(self.cible)}, self.reponse_en_cours
        if reponse is None:
            return str(_("« %(titre)s » n’a pas encore de réponse.") % titre)
        if reponse.etat == Reponse.Etat.SIGNEE:
            return ""
        etat = reponse.get_etat_display()
        return str(_("« %(titre)s » n’est pas signée : son état est « %(etat)s ».") % {**titre, "etat": etat})


def manques_de(places) -> list[str]:
    """Why a lot cannot be published now."""
    if len(places) < LOT_MIN:
        return [str(_("Un lot réunit au moins deux réponses. Une réponse seule se publie depuis son dossier."))]
    return [place.manque for place in places if place.manque]


def _de(places) -> Q:
    """The answers of these targets."""
    par_type: dict[int, list[int]] = {}
    for place in places:
        par_type.setdefault(place.cible_type_id, []).append(place.cible_id)
    condition = Q(pk__in=[])
    for type_pk, cles in par_type.items():
        condition |= Q(cible_type=type_pk, cible_id__in=cles)
    return condition
