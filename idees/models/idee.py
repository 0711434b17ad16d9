from functools import cache

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from commentaires.models import Commentaire
from idees.completude import manque_a
from idees.models.boite import Boite
from idees.models.equipe import CoAutrice
from idees.models.fiche import Fiche
from idees.permissions import (
    est_autrice,
    est_chargee,
    peut_conclure,
    peut_constater_le_seuil,
    peut_etudier,
    peut_mettre_en_file,
    peut_moderer,
    peut_publier,
    peut_renoncer,
    peut_soumettre,
)
from idees.permissions_fusion import peut_fusionner, peut_separer
from moderation.models import Moderable, Motif
from projets.models import Etape, Projet, Thematique
from reponses.models import Echeance, Jalon, Reponse
from socle.etats import EtatsProteges, EtatsQuerySet
from socle.lignes import nombre_de
from socle.permissions import A_UN_COLLEGUE, est_connectee
from timeline.etapes import EtapeInvalide, Etiquette, franchir, transition


def nombre_de_commentaires():
    """Of the outer idea, those that everybody reads."""
    ici = ContentType.objects.get_for_model(Idee)
    return nombre_de(Commentaire.objects.publies().filter(cible_type=ici, cible_id=OuterRef("pk")))


@cache
def _nombres(type_idee: int) -> dict[str, Subquery]:
    """What a card counts: the same for everybody, written once."""
    return {
        "nb_soutiens": nombre_de(Soutien.objects.filter(idee=OuterRef("pk"))),
        "nb_commentaires": nombre_de_commentaires(),
        "nb_rejointes": nombre_de(Idee.objects.filter(fusionnee_dans=OuterRef("pk"), masquee_le__isnull=True)),
    }


class IdeeQuerySet(EtatsQuerySet):
    def publiees(self):
        return self.filter(etat__in=Idee.ETATS_PUBLICS, masquee_le__isnull=True)

    def ecrites_par(self, personne):
        """Hers, alone or with others."""
        # Two ways in, each by its index: an « or » over both would read the whole table.
        seule = Idee.objects.filter(auteur=personne).order_by().values("pk")
        avec = CoAutrice.objects.acceptees().filter(personne=personne).order_by().values("idee")
        return self.filter(pk__in=seule.union(avec, all=True))

    def visibles_par(self, personne):
        """Published and not hidden, in a projet she may see; her own, with or without an account, alone or with others;
        what waits for a moderator; a withdrawn one that she supported, with its reason; all for an agent."""
        publiques = Q(etat__in=Idee.ETATS_PUBLICS, masquee_le__isnull=True) & (
            Q(projet__isnull=True) | ~Q(projet__etat="brouillon")
        )
        if not est_connectee(personne):
            tenues = getattr(personne, "tenues", ())
            return self.filter(publiques | Q(pk__in=tenues, auteur__isnull=True) if tenues else publiques)
        if personne.est_agent:
            return self.exclude(Idee.jamais_envoyees() & ~Idee.de_ses_mots(personne))
        miennes = publiques | Idee.de_ses_mots(personne) | Q(projet__referente=personne, etat__in=Idee.ETATS_PUBLICS)
        soutenues = Soutien.objects.filter(personne=personne).values("idee")
        miennes |= Q(etat=Idee.Etat.RETIREE, masquee_le__isnull=True, pk__in=soutenues)
        if personne.est_moderatrice:
            miennes |= Q(etat__in=[Idee.Etat.A_MODERER, Idee.Etat.REFUSEE, *Idee.ETATS_PUBLICS])
        return self.filter(miennes)

    def a_relire(self, personne):
        """What waits for a moderator, oldest first, with what its card shows."""
        attente = self.visibles_par(personne).filter(etat=Idee.Etat.A_MODERER)
        return (
            attente.select_related("auteur", "boite", "thematique", "projet", "depot")
            .prefetch_related("photos", "coautrices__personne")
            .order_by("soumise_le", "pk")
        )

    def a_repondre_par(self, personne):
        """In study, and hers to answer: not what she has written, alone or with others."""
        siennes = self.filter(etat=Idee.Etat.EN_ETUDE).exclude(Idee.de_ses_mots(personne))
        return siennes if personne.est_agent else siennes.filter(projet__referente=personne)

    def pour_repondre(self):
        """With what its rights, its answer and a model's words ask."""
        return (
            self.select_related("projet", "territoire__parent")
            .defer("territoire__contour", "territoire__parent__contour")
            .prefetch_related("coautrices__personne")
        )

    def pour_liste(self, personne):
        """Everything that is shown of an idea among others, in a constant number of queries."""
        return self.pour_cartes(personne).prefetch_related("photos")

    def pour_cartes(self, personne):
        """The same without its pictures, of which a card shows one (`idees.liste.avec_image`)."""
        idees = (
            # One clock at most (`echeance_unique`): it comes with the idea, and its key says that it was looked for.
            self.annotate(horloge=FilteredRelation("echeances"), horloge_pk=F("horloge__pk"))
            .select_related(
                "boite__etape__projet", "thematique", "territoire", "auteur", "projet", "depot", "horloge__service"
            )
            .defer("territoire__contour")
            .prefetch_related(models.Prefetch("coautrices", CoAutrice.objects.select_related("personne")))
            .annotate(**_nombres(ContentType.objects.get_for_model(Idee).pk))
        )
        if est_connectee(personne):
            mien = Soutien.objects.filter(idee=OuterRef("pk"), personne=personne)
            return idees.annotate(est_soutenue=Exists(mien))
        return idees.annotate(est_soutenue=models.Value(False, output_field=models.BooleanField()))


class Idee(Moderable, EtatsProteges):
    """An idea, from « Madame la Maire, j'ai une idée » to its answer and what became of it."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", _("Brouillon")
        SOUMISE = "soumise", _("Envoyée")
        A_MODERER = "a_moderer", _("En relecture")
        PUBLIEE = "publiee", _("Ouverte aux soutiens")
        EN_ETUDE = "en_etude", _("À l’étude")
        RETENUE = "retenue", _("Retenue")
        NON_RETENUE = "non_retenue", _("Non retenue")
        EN_REALISATION = "en_realisation", _("En réalisation")
        REALISEE = "realisee", _("Réalisée")
        RETIREE = "retiree", _("Retirée par son auteur")
        REFUSEE = "refusee", _("Refusée par la modération")
        FUSIONNEE = "fusionnee", _("Réunie avec une autre")

    ETATS_PUBLICS = ("publiee", "en_etude", "retenue", "non_retenue", "en_realisation", "realisee", "fusionnee")
    ETATS_SOUTENABLES = ("publiee", "en_etude")

    famille = "idees"
    a_lire_avec = ("auteur", "boite", "thematique", "photos", "depot", "coautrices__personne")
    #: Why an idea that nobody else has read is « retirée »: her draft, or what waited for a moderator.
    BROUILLON_ABANDONNE, ENVOI_ABANDONNE = "brouillon", "abandon"
    #: Sent, and not yet under study.
    ETATS_CORRIGEABLES = ("a_moderer", "publiee")
    #: States in which an idea may still be written by several hands.
    ETATS_DE_L_EQUIPE = ("brouillon", "a_moderer", "publiee", "en_etude")

    boite = models.ForeignKey(Boite, models.PROTECT, related_name="idees", verbose_name=_("Boîte à idées"))
    projet = models.ForeignKey(Projet, models.PROTECT, null=True, blank=True, related_name="idees", editable=False)
    titre = models.CharField(_("Votre idée en quelques mots"), max_length=120)
    texte = models.TextField(_("Décrivez votre idée"), max_length=5000)
    thematique = models.ForeignKey(Thematique, models.PROTECT, null=True, related_name="idees", verbose_name=_("Thème"))
    territoire = models.ForeignKey(
        "territoires.Territoire",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="idees",
        verbose_name=_("Commune ou quartier"),
    )
    lieu = models.CharField(_("Lieu, en quelques mots"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="idees", verbose_name=_("Auteur")
    )
    # Made with each empty form: the same form sent twice, or saved by two tabs at once, is one idea.
    cle_saisie = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # How many times its words have changed: what somebody had read when she writes, or supports.
    redaction = models.PositiveIntegerField(default=0, editable=False)
    etat = FSMField(_("État"), default=Etat.BROUILLON, choices=Etat, protected=True)
    cree_le = models.DateTimeField(default=timezone.now, editable=False)
    soumise_le = models.DateTimeField(_("Envoyée le"), null=True, blank=True, editable=False)
    publiee_le = models.DateTimeField(_("Publiée le"), null=True, blank=True, editable=False)
    motif_refus = models.CharField(_("Motif du refus"), max_length=20, choices=Motif, blank=True, editable=False)
    motif_retrait = models.CharField(_("Raison du retrait"), max_length=500, blank=True, editable=False)
    fusionnee_dans = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="fusions", editable=False
    )
    projet_ouvert = models.OneToOneField(
        Projet, models.PROTECT, null=True, blank=True, related_name="idee_d_origine", editable=False
    )
    # The rules of the box on the day of its publication: what was told to its supporters no longer moves.
    seuil_soutiens = models.PositiveIntegerField(_("Soutiens qui lancent l’étude"), null=True, editable=False)
    delai_reponse = models.PositiveSmallIntegerField(_("Délai de réponse, en jours"), null=True, editable=False)
    # Sort key only, refreshed by `tic`: the figure shown is always counted, and no support waits for this row.
    poids = models.PositiveIntegerField(default=0, editable=False)
    echanges = models.PositiveIntegerField(default=0, editable=False)  # likewise, for comments
    # Taken over from another platform (idees/importation/): its name, supports that are figures without persons, and
    # how precise the date of publication is (timeline/survenue.py). They start no clock.
    repris_de = models.CharField(max_length=200, blank=True, editable=False)
    soutiens_repris = models.PositiveIntegerField(default=0, editable=False)
    precision_publication = models.CharField(max_length=7, blank=True, editable=False)
    reponses = GenericRelation(Reponse, object_id_field="cible_id", content_type_field="cible_type")
    echeances = GenericRelation(Echeance, object_id_field="cible_id", content_type_field="cible_type")

    objects = IdeeQuerySet.as_manager()

    class Meta(Moderable.Meta):
        verbose_name = _("Idée")
        verbose_name_plural = _("Idées")
        ordering = ["-publiee_le", "-pk"]
        indexes = [
            models.Index(fields=["-publiee_le", "-id"], name="idee_recentes"),
            models.Index(fields=["-poids", "-id"], name="idee_soutenues"),
            models.Index(fields=["-echanges", "-id"], name="idee_discutees"),
            models.Index(fields=["latitude", "longitude"], name="idee_proches"),
            models.Index(fields=["etat", "soumise_le", "id"], name="idee_file"),
            models.Index(fields=["auteur", "-cree_le"], name="idee_de"),
        ]
        constraints = [
            *Moderable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    etat__in=[
                        "brouillon", "soumise", "a_moderer", "publiee", "en_etude", "retenue", "non_retenue",
                        "en_realisation", "realisee", "retiree", "refusee", "fusionnee",
                    ]
                ),
                name="idee_etat",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="idee_lieu",
            ),
            models.CheckConstraint(condition=Q(etat="brouillon") | Q(soumise_le__isnull=False), name="idee_soumise"),
            models.CheckConstraint(condition=Q(etat__in=["brouillon", "retiree"]) | (~Q(titre="") & ~Q(texte="")), name="idee_complete"),
            models.CheckConstraint(
                condition=~Q(etat__in=["publiee", "en_etude", "retenue", "non_retenue", "en_realisation", "realisee", "fusionnee"])
                | Q(publiee_le__isnull=False),
                name="idee_publiee",
            ),
            models.CheckConstraint(
                condition=Q(publiee_le__isnull=True, seuil_soutiens__isnull=True, delai_reponse__isnull=True)
                | (
                    Q(publiee_le__isnull=False, seuil_soutiens__isnull=False, delai_reponse__isnull=False)
                    & Q(seuil_soutiens__gte=1, delai_reponse__gte=1)
                ),
                name="idee_regles",
            ),
            models.CheckConstraint(condition=Q(etat="refusee") ^ Q(motif_refus=""), name="idee_refusee"),
            models.CheckConstraint(condition=Q(etat="retiree") ^ Q(motif_retrait=""), name="idee_retiree"),
            models.CheckConstraint(condition=Q(etat="fusionnee") ^ Q(fusionnee_dans__isnull=True), name="idee_fusionnee"),
            models.CheckConstraint(condition=~Q(repris_de="") | Q(soutiens_repris=0, precision_publication=""), name="idee_reprise"),
        ]  # fmt: skip

    def __str__(self):
        return self.titre or str(_("Idée sans titre"))

    def save(self, *args, **kwargs):
        """Its card in the search follows its words and its state, in the same transaction."""
        change = kwargs.get("update_fields")
        with transaction.atomic():
            super().save(*args, **kwargs)
            if change is None or Fiche.SUIT.intersection(change):
                Fiche.objects.tenir([self])

    def get_absolute_url(self):
        return reverse("idees:detail", args=[self.pk])

    def repris_par_reunion(self) -> int:
        """Supports taken over by an import with the ideas that joined this one, by one merge or by several: theirs, read here.

        Nothing is asked where the page has read that none joined it (`a_des_rejointes`).
        """
        total, devant = 0, [self.pk] if getattr(self, "a_des_rejointes", True) else []
        while devant:
            rejointes = list(Idee.objects.filter(fusionnee_dans__in=devant).values_list("pk", "soutiens_repris"))
            total += sum(repris for _pk, repris in rejointes)
            devant = [pk for pk, _repris in rejointes]
        return total

    def adresse_pour_corriger(self, etape: str) -> str:
        """Where what this step lacks is said beside each field; empty when no page does."""
        return f"{reverse('idees:modifier', args=[self.pk])}?manque=1" if etape == "soumettre" else ""

    def projet_du_journal(self):
        return self.projet

    def get_etat_display(self) -> str:  # type: ignore[no-redef]  # the stubs write one for the field
        """Its state in words, true on this day: the state records a decision, dates close the supports of a call.

        Load `boite__etape__projet` for many.
        """
        if self.etat == self.Etat.PUBLIEE and not self.boite.permet_de_soutenir():
            return gettext("Publiée, soutiens clos")
        return str(self.Etat(self.etat).label)

    @property
    def publiee_en_clair(self) -> str:
        """Its day; for an idea of elsewhere, what is known of it and no more."""
        formats = {"annee": "Y", "mois": "F Y"}
        return self._publiee(formats.get(self.precision_publication, "j F Y"))

    @property
    def publiee_iso(self) -> str:
        formats = {"annee": "Y", "mois": "Y-m"}
        return self._publiee(formats.get(self.precision_publication, "Y-m-d"))

    def _publiee(self, format) -> str:
        return date_format(timezone.localtime(self.publiee_le), format) if self.publiee_le else ""

    @property
    def est_decidee_ailleurs(self) -> bool:
        """Decided on another platform: there is no signed answer here, and none is forged."""
        return bool(self.repris_de) and self.etat in {
            self.Etat.RETENUE,
            self.Etat.NON_RETENUE,
            self.Etat.EN_REALISATION,
            self.Etat.REALISEE,
        }

    @property
    def nom_de_l_auteur(self) -> str:
        """« Camille, avec Sacha et Lou »: how those who wrote it are named everywhere."""
        nom = self._nom_de_la_premiere()
        if not (autres := [c.personne.pseudonyme for c in self.equipe() if c.personne]):
            return nom
        return gettext("%(nom)s, avec %(autres)s") % {"nom": nom, "autres": get_text_list(autres, gettext("et"))}

    def _nom_de_la_premiere(self) -> str:
        """Her pseudonym, or the name that she chose without an account, or where the idea comes from."""
        if self.auteur_id is None and self.repris_de:
            return gettext("Repris de %(source)s") % {"source": self.repris_de}
        depot = getattr(self, "depot", None)
        if self.auteur_id is None and depot is not None and depot.est_vivant:
            return depot.nom_affiche
        if self.auteur_id is None and depot is None and self.etat == self.Etat.BROUILLON:
            return gettext("Une personne sans compte")
        return super().nom_de_l_auteur

    @property
    def saisie_par_id(self) -> int | None:
        """The agent who wrote it down for somebody."""
        depot = getattr(self, "depot", None)
        return depot.saisi_par_id if depot is not None else None

    @property
    def est_lisible(self) -> bool:
        return self.etat in self.ETATS_PUBLICS and not self.est_masquee

    @classmethod
    def jamais_envoyees(cls) -> Q:
        """Drafts, given up or not: nobody but those who wrote them was ever to read them."""
        return Q(etat=cls.Etat.BROUILLON) | Q(
            etat=cls.Etat.RETIREE, publiee_le__isnull=True, motif_retrait=cls.BROUILLON_ABANDONNE
        )

    @classmethod
    def de_ses_mots(cls, personne) -> Q:
        return Q(auteur=personne) | Q(pk__in=CoAutrice.objects.acceptees().filter(personne=personne).values("idee"))

    def equipe(self) -> list[CoAutrice]:
        """Those who have accepted to write it with its author (prefetch `coautrices__personne`)."""
        if self._state.adding:
            return []
        return [c for c in self.coautrices.all() if c.etat == CoAutrice.Etat.ACCEPTEE]

    def autrices(self) -> set[int]:
        """Accounts of all those whose words these are."""
        return {pk for pk in (self.auteur_id, *(c.personne_id for c in self.equipe())) if pk}

    def est_coecrite_par(self, personne) -> bool:
        return any(c.personne_id == personne.pk for c in self.equipe())

    def ecrite_par(self, personne) -> bool:
        return personne.pk is not None and personne.pk in self.autrices()

    def accueille_des_coautrices(self) -> bool:
        return self.etat in self.ETATS_DE_L_EQUIPE and not self.est_masquee

    @property
    def lecture(self) -> str:
        """While it waits, whoever wrote it may still mend it: a moderator publishes what she has read."""
        return str(self.redaction) if self.etat == self.Etat.A_MODERER else ""

    def correction_ouverte(self) -> bool:
        """Its words may be corrected: waiting or published, not hidden, not under study yet, in a box that receives ideas."""
        return self.etat in self.ETATS_CORRIGEABLES and not self.est_masquee and self.boite.est_ouverte

    def peut_etre_instruite_par(self, personne) -> bool:
        return peut_etudier(self, personne)

    def pourquoi_pas(self, personne) -> str:
        """She is of the team, and it is her own idea."""
        if not est_connectee(personne) or not est_autrice(self, personne):
            return ""
        return str(A_UN_COLLEGUE) if personne.est_moderatrice or est_chargee(self, personne) else ""

    def discussion_ouverte(self) -> bool:
        """Published ideas are discussed until they are decided; those of a call, while its stage lets people comment."""
        if self.etat not in self.ETATS_SOUTENABLES or self.est_masquee:
            return False
        return self.boite.etape is None or self.boite.etape.permet(Etape.Fonction.COMMENTER)

    def attend_reponse(self) -> bool:
        return self.etat == self.Etat.EN_ETUDE

    def en_bref(self) -> dict:
        """What an elected official reads of it before she signs its answer."""
        lisibles = Commentaire.objects.sur(self).filter(etat=Commentaire.Etat.PUBLIE, masquee_le__isnull=True)
        chiffres = [(_("Soutiens"), self.soutiens.count()), (_("Commentaires"), lisibles.count())]
        return {"titre": self.titre, "texte": self.texte, "chiffres": chiffres}

    def soutien_ouvert(self) -> bool:
        return self.etat in self.ETATS_SOUTENABLES and not self.est_masquee and self.boite.permet_de_soutenir()

    @property
    def seuil(self) -> int:
        """Supports that start its study: its own since it is published, those of the box before."""
        return self.boite.seuil_soutiens if self.seuil_soutiens is None else self.seuil_soutiens

    @property
    def delai(self) -> int:
        """Days to answer it, once its study has begun; as `seuil`."""
        return self.boite.delai_reponse if self.delai_reponse is None else self.delai_reponse

    def seuil_atteint(self) -> bool:
        return self.soutiens.count() >= self.seuil

    @property
    def echeance(self):
        """Its answer clock, once started (read with it by `pour_cartes`)."""
        return getattr(self, "horloge", None) if "horloge_pk" in self.__dict__ else self.echeances.first()

    def fusions_vivantes(self):
        """Merges that are proposed or in effect, whichever side it is on."""
        return (self.fusions_sortantes.all() | self.fusions_entrantes.all()).filter(etat__in=["proposee", "effective"])

    def reponse_publiee(self):
        return self.reponses.publiees().filter(corrige__isnull=True).first()

    def recevoir_reponse(self, reponse, *, par):
        """Called when its official answer is published."""
        franchir(self.retenir if reponse.est_favorable else self.ecarter, par=par, donnees={"reponse": reponse.pk})

    @transition(
        de=[Etat.BROUILLON],
        vers=Etat.SOUMISE,
        permission=peut_soumettre,
        etiquette=Etiquette(_("Envoyer mon idée"), publique=False, suite="idees.actions.orienter", principale=True),
    )
    def soumettre(self, *, par):
        if manque := manque_a(self):
            champ, phrase = manque
            raise EtapeInvalide(str(phrase), champ=champ)
        self.soumise_le, self.projet = timezone.now(), self.boite.projet

    @transition(
        de=[Etat.SOUMISE],
        vers=Etat.A_MODERER,
        permission=peut_mettre_en_file,
        etiquette=Etiquette(_("Mettre en relecture"), publique=False, automatique=True),
    )
    def mettre_en_file(self, *, par):
        """The box has each idea read before it is published."""

    @transition(
        de=[Etat.SOUMISE, Etat.A_MODERER],
        vers=Etat.PUBLIEE,
        permission=peut_publier,
        etiquette=Etiquette(_("Publier"), principale=True),
    )
    def publier(self, *, par):
        self.publiee_le = timezone.now()
        self.seuil_soutiens, self.delai_reponse = self.boite.seuil_soutiens, self.boite.delai_reponse

    @transition(
        de=[Etat.A_MODERER],
        vers=Etat.REFUSEE,
        permission=peut_moderer,
        etiquette=Etiquette(
            _("Refuser"),
            publique=False,
            formulaire="moderation.forms.MotifForm",
            suite="moderation.actions.motiver_le_refus",
        ),
    )
    def refuser(self, *, par, motif, explication):
        self.motif_refus = motif
        return {"motif": motif}

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.EN_ETUDE,
        permission=peut_constater_le_seuil,
        etiquette=Etiquette(_("Atteindre le seuil"), suite="idees.actions.lancer_l_horloge", automatique=True),
    )
    def atteindre_seuil(self, *, par):
        if not self.seuil_atteint():
            raise EtapeInvalide(_("Le seuil n’est pas atteint."))
        return {"seuil": self.seuil}

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.EN_ETUDE,
        permission=peut_etudier,
        etiquette=Etiquette(
            _("Prendre à l’étude"),
            formulaire="idees.forms.PrendreForm",
            suite="idees.actions.lancer_l_horloge",
            principale=True,
        ),
    )
    def prendre(self, *, par, service):
        """Without waiting for the threshold."""

    @transition(
        de=[Etat.EN_ETUDE],
        vers=Etat.RETENUE,
        permission=peut_conclure,
        etiquette=Etiquette(_("Retenir"), automatique=True),
    )
    def retenir(self, *, par):
        """Brought by a published go."""

    @transition(
        de=[Etat.EN_ETUDE],
        vers=Etat.NON_RETENUE,
        permission=peut_conclure,
        etiquette=Etiquette(_("Ne pas retenir"), automatique=True),
    )
    def ecarter(self, *, par):
        """Brought by a published no-go."""

    @transition(
        de=[Etat.RETENUE],
        vers=Etat.EN_REALISATION,
        permission=peut_etudier,
        etiquette=Etiquette(_("Lancer la réalisation"), principale=True),
    )
    def realiser(self, *, par):
        """The first step has begun."""

    @transition(
        de=[Etat.EN_REALISATION],
        vers=Etat.REALISEE,
        permission=peut_etudier,
        etiquette=Etiquette(
            _("Dire que c’est réalisé"),
            prevenir=_("L’auteur et toutes les personnes qui ont soutenu l’idée seront remerciés."),
            formulaire="idees.forms.AcheverForm",
            suite="idees.actions.remercier",
            principale=True,
        ),
    )
    def achever(self, *, par, merci=""):
        if Jalon.objects.a_tenir().filter(reponse__in=Reponse.objects.sur(self)).exists():
            raise EtapeInvalide(_("Une étape annoncée n’est pas faite : cochez-la, ou annulez-la, d’abord."))
        return {"soutiens": self.soutiens.count()}

    @transition(
        de=[Etat.BROUILLON, Etat.SOUMISE, Etat.A_MODERER],
        vers=Etat.RETIREE,
        permission=peut_renoncer,
        etiquette=Etiquette(
            _("Abandonner mon idée"),
            publique=False,
            prevenir=_("Votre idée ne sera pas publiée. Vous pourrez encore la relire."),
        ),
    )
    def abandonner(self, *, par):
        """Before publication: nobody else has read it, no reason is asked."""
        envoyee = self.etat != self.Etat.BROUILLON
        self.motif_retrait = self.ENVOI_ABANDONNE if envoyee else self.BROUILLON_ABANDONNE
        self.soumise_le = self.soumise_le or timezone.now()

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.RETIREE,
        permission=est_autrice,
        etiquette=Etiquette(
            _("Retirer mon idée"),
            formulaire="idees.forms.RetirerForm",
            prevenir=_(
                "Votre idée ne sera plus publique. Les personnes qui la soutiennent pourront encore la lire, avec votre raison."
            ),
        ),
    )
    def retirer(self, *, par, motif):
        """Possible until its study begins: from then on, its supporters await an answer too."""
        if self.fusions.exists():
            raise EtapeInvalide(
                _("Votre idée en réunit d’autres, qui partiraient avec elle : demandez d’abord à les séparer.")
            )
        self.motif_retrait = motif

    @transition(
        de=[Etat.PUBLIEE],
        vers=Etat.FUSIONNEE,
        permission=peut_fusionner,
        etiquette=Etiquette(_("Rejoindre une autre idée"), automatique=True),
    )
    def fusionner(self, *, par, avec):
        """Brought by a `Fusion` that takes effect. Before its study only: an idea whose clock runs is owed its own answer."""
        self.fusionnee_dans = avec
        return {"avec": avec.pk}

    @transition(
        de=[Etat.FUSIONNEE],
        vers=Etat.PUBLIEE,
        permission=peut_separer,
        etiquette=Etiquette(_("Reprendre son chemin"), automatique=True),
    )
    def separer(self, *, par):
        """Brought by a `Fusion` that is undone."""
        avec, self.fusionnee_dans = self.fusionnee_dans_id, None
        return {"avec": avec}


class Soutien(models.Model):
    """« Je soutiens » : one row per person and idea; the count is the number of rows."""

    idee = models.ForeignKey(Idee, models.CASCADE, related_name="soutiens")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="soutiens")
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Soutien")
        verbose_name_plural = _("Soutiens")
        constraints = [models.UniqueConstraint(fields=["idee", "personne"], name="soutien_unique")]
        indexes = [
            models.Index(fields=["cree_le"], name="soutien_recents"),
            models.Index(fields=["personne", "-cree_le", "-id"], name="soutien_de"),
        ]

    def __str__(self):
        return f"{self.personne_id} soutient {self.idee_id}"
