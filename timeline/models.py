from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from socle.permissions import REFERENCE_SANS_COMPTE, SYSTEME, est_connectee
from timeline import chaine, huis_clos
from timeline.frise import GENRES
from timeline.phrases import phrase
from timeline.survenue import CLE_SOURCE, Survenue


class RegistreScelle(Exception):
    """Somebody tried to rewrite what is append-only."""


class Chaine(models.Model):
    """One chain of entries: that of a projet, that of a community, or the general one. Its row is the lock under which
    entries queue.

    It also remembers the last entry, so that entries cut off at the end are missed.
    """

    projet = models.OneToOneField("projets.Projet", models.PROTECT, null=True, blank=True, related_name="chaine")
    communaute = models.OneToOneField(
        "communautes.Communaute", models.PROTECT, null=True, blank=True, related_name="chaine"
    )
    cle = models.CharField(max_length=40, unique=True)
    longueur = models.PositiveIntegerField(default=0)
    tete = models.CharField(max_length=64, default=chaine.ORIGINE)

    class Meta:
        verbose_name = _("Chaîne du journal")
        verbose_name_plural = _("Chaînes du journal")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(projet__isnull=True) | models.Q(communaute__isnull=True), name="chaine_d_un_seul"
            )
        ]

    def __str__(self):
        return self.cle

    @staticmethod
    def cle_de(projet: int | None, communaute: int | None = None) -> str:
        """Name of the chain of this projet or of this community (keys of their rows)."""
        if communaute:
            return f"communaute-{communaute}"
        return f"projet-{projet}" if projet else "generale"


@cache
def _lues_pour_une_phrase() -> list[models.QuerySet]:
    """How each kind of thing is read to be named. The same for everybody, and never evaluated: each reading filters its own."""
    modeles = (modele._default_manager for modele in apps.get_models())
    return [objets.pour_phrase() for objets in modeles if hasattr(objets, "pour_phrase")]


def _dehors_lues_par(personne) -> models.Q:
    """Outside any community: what is public, what she did, and everything for an agent."""
    dehors = models.Q(communaute__isnull=True)
    if not est_connectee(personne):
        return dehors & models.Q(est_publique=True)
    return dehors if personne.est_agent else dehors & (models.Q(est_publique=True) | models.Q(par=personne))


class EntreeQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Public entries, her own, and all of them for an agent; of a community, what those who are in it may read."""
        return self.filter(_dehors_lues_par(personne) | huis_clos.lues_par(personne))

    def publiques(self):
        """What everybody reads on the chronology of the house."""
        return self.filter(est_publique=True, communaute__isnull=True)

    def nouvelles(self):
        """What happened here, without the older facts taken over from elsewhere."""
        return self.filter(survenu_le=models.F("le"))

    def sur(self, cible):
        return self.filter(cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk)

    def autour(self, *cibles):
        """What happened to any of these things, of whatever kinds."""
        par_type: dict[ContentType, list] = {}
        for cible in cibles:
            par_type.setdefault(ContentType.objects.get_for_model(cible), []).append(cible.pk)
        conditions = models.Q(pk__in=[])
        for type_cible, cles in par_type.items():
            conditions |= models.Q(cible_type=type_cible, cible_id__in=cles)
        return self.filter(conditions)

    def autour_lues_par(self, personne, *cibles):
        """What happened to any of these things, as far as she may read it.

        Of things that never live inside a community there is nothing to ask the communities: half of the statement, which
        was written again at each page of an idea.
        """
        if any(huis_clos.peut_vivre_dedans(cible) for cible in cibles):
            return self.autour(*cibles).visibles_par(personne)
        return self.autour(*cibles).filter(_dehors_lues_par(personne))

    def pour_affichage(self):
        """With what its sentences name: a model whose sentences name more than its own row says how (`pour_phrase`)."""
        return self._avec_auteur().prefetch_related(self._cibles())

    def montrees_avec(self, *connues) -> list["Entree"]:
        """As `pour_affichage`, evaluated; `connues` are things that the page has read already (as `pour_phrase` does)."""
        par_cle = {(ContentType.objects.get_for_model(chose).pk, chose.pk): chose for chose in connues}
        entrees = list(self._avec_auteur())
        for entree in entrees:
            if chose := par_cle.get((entree.cible_type_id, entree.cible_id)):
                entree.cible = chose
        models.prefetch_related_objects(entrees, self._cibles())  # of the others only
        return entrees

    def _avec_auteur(self):
        return self.select_related("chaine", "cible_type", "par")

    @staticmethod
    def _cibles() -> GenericPrefetch:
        return GenericPrefetch("cible", _lues_pour_une_phrase())

    def _refuser(self, *args, **kwargs):
        raise RegistreScelle("Le journal ne se réécrit pas : une correction est une nouvelle entrée.")

    update = delete = bulk_update = bulk_create = update_or_create = _refuser


class Entree(models.Model):
    """One dated event of the public record. Written by `timeline.journal.consigner` alone, never changed."""

    chaine = models.ForeignKey(Chaine, models.PROTECT, related_name="entrees")
    numero = models.PositiveIntegerField(_("Numéro"))
    type = models.CharField(_("Type"), max_length=80)
    le = models.DateTimeField(_("Date"))
    # Where the chronology shows it: `le`, or the date of an older fact as `donnees` says it (timeline/survenue.py).
    survenu_le = models.DateTimeField(_("Survenue le"))
    cible_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    cible_id = models.PositiveBigIntegerField()
    cible = GenericForeignKey("cible_type", "cible_id")
    projet = models.ForeignKey("projets.Projet", models.PROTECT, null=True, blank=True, related_name="entrees")
    # Read inside it and nowhere else; « public » then means: for all those who are in.
    communaute = models.ForeignKey(
        "communautes.Communaute", models.PROTECT, null=True, blank=True, related_name="entrees"
    )
    # The only part that erasure may empty; the chain knows the person by a random reference.
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    par_reference = models.CharField(max_length=36)
    est_publique = models.BooleanField(_("Publique"))
    donnees = models.JSONField(default=dict, blank=True)
    precedente = models.CharField(max_length=64)
    empreinte = models.CharField(max_length=64, unique=True)

    objects = EntreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Entrée du journal")
        verbose_name_plural = _("Entrées du journal")
        ordering = ["-le", "-pk"]
        constraints = [models.UniqueConstraint(fields=["chaine", "numero"], name="entree_numero_unique")]
        indexes = [
            models.Index(fields=["-le", "-id"], name="entree_recentes"),
            models.Index(fields=["projet", "-le", "-id"], name="entree_projet"),
            models.Index(fields=["-survenu_le", "-id"], name="entree_survenues"),
            models.Index(fields=["projet", "-survenu_le", "-id"], name="entree_projet_survenues"),
            models.Index(fields=["cible_type", "cible_id", "-survenu_le", "-id"], name="entree_cible"),
            models.Index(fields=["communaute", "-survenu_le", "-id"], name="entree_communaute"),
            # What a feed reader is told: what happened here, not what was taken over.
            models.Index(fields=["-le", "-id"], condition=models.Q(survenu_le=models.F("le")), name="entree_nouvelles"),
        ]

    def __str__(self):
        return f"{self.chaine_id}/{self.numero} {self.type}"

    def get_absolute_url(self):
        return reverse("timeline:entree", args=[self.empreinte[:16]])

    def contenu(self, cle_chaine: str, etiquette_cible: str) -> dict:
        """What is hashed: everything but the person's row."""
        return {
            "chaine": cle_chaine,
            "numero": self.numero,
            "type": self.type,
            "le": chaine.horodatage(self.le),
            "cible": f"{etiquette_cible}:{self.cible_id}",
            "projet": self.projet_id,
            "par": self.par_reference,
            "publique": self.est_publique,
            "donnees": self.donnees,
            # Absent from what is outside: what was hashed before communities existed stays as it was.
            **({"communaute": self.communaute_id} if self.communaute_id else {}),
        }

    @property
    def nom_de_l_auteur(self) -> str:
        """Who did it: a person, the house, somebody without an account, or somebody who has left since."""
        if self.par:
            return self.par.pseudonyme
        if self.par_reference == SYSTEME.reference:
            return SYSTEME.pseudonyme
        if self.par_reference == REFERENCE_SANS_COMPTE:
            return gettext("une personne sans compte")
        return gettext("un participant effacé")

    @cached_property
    def etiquette_cible(self) -> str:
        return f"{self.cible_type.app_label}.{self.cible_type.model}"

    @property
    def genre(self) -> str:
        """First word of the type: what the frise filters by and picks its icon from."""
        return self.type.split(".", 1)[0]

    @property
    def genre_libelle(self) -> str:
        return str(GENRES[self.genre][0])

    @cached_property
    def survenue(self) -> Survenue | None:
        """Date and precision of a fact taken over from elsewhere."""
        return Survenue.de(self.donnees)

    @property
    def detail(self) -> str:
        """Where an older fact comes from, and since when it is here."""
        if self.survenue is None:
            return ""
        return gettext("Repris le %(jour)s de « %(source)s ».") % {
            "jour": date_format(timezone.localtime(self.le), "j F Y"),
            "source": self.donnees.get(CLE_SOURCE, ""),
        }

    @cached_property
    def phrase(self) -> SafeString:
        """What happened, as one HTML sentence."""
        return phrase(self)

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RegistreScelle("Le journal ne se réécrit pas : une correction est une nouvelle entrée.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RegistreScelle("Une entrée du journal ne se supprime pas.")


class Relais(models.Model):
    """An entry that has yet to be told to people: written with it, removed when told. Nothing announced is lost."""

    entree = models.OneToOneField(Entree, models.CASCADE, related_name="relais")
    cree_le = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("Entrée à annoncer")
        verbose_name_plural = _("Entrées à annoncer")

    def __str__(self):
        return str(self.entree_id)
