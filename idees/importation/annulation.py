"""Taking back an importation, as long as nothing has happened to what it brought."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ForeignObjectRel, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from commentaires.models import Commentaire
from idees.models import Idee, Importation, ProvenanceCommentaire, ProvenanceIdee
from idees.permissions import peut_importer
from projets.models import Thematique
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from timeline.journal import consigner
from timeline.models import Entree

#: What an importation writes by itself about its ideas: the first words of its entries, and the rows that follow an idea
#: wherever it goes (where it comes from, what the search knows of it, how often it was shown).
SIENNES = ("idees.importer", "idees.reprise.")
SUIVANTES = {"provenance", "fiche", "exposition", "rangs"}
SIENS = {Importation, Importation.themes_crees.through}


@transaction.atomic
def annuler(importation: Importation, *, par, motif: str) -> int:
    """Remove what it brought, and say why in the journal; how many things went.

    All or nothing: one support, one comment, one step since then, and everything stays. The entries already written stay
    too: what was consigned is not taken back. Raises EtapeInterdite, EtapeInvalide (no reason) or EtapeImpossible.
    """
    if not peut_importer(par):
        raise EtapeInterdite(_("Seuls les agents annulent une reprise."))
    motif = " ".join(motif.split())
    if not motif:
        raise EtapeInvalide(_("Dites pourquoi : tout le monde lira cette raison."), champ="motif")
    importation = Importation.objects.select_for_update(of=("self",)).select_related("boite").get(pk=importation.pk)
    if not importation.terminee_le or importation.annulee_le:
        raise EtapeImpossible(_("Cette reprise n’est pas terminée, ou elle est déjà annulée."))
    choses = _choses(importation)
    # Under their locks: a support given meanwhile waits, and then finds nothing to support.
    cles = list(choses.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if raison := _ce_qui_s_est_passe(choses.model, cles):
        raise EtapeImpossible(raison)
    _provenances(importation).delete()
    if choses.model is Commentaire:
        QuerySet(Commentaire).filter(pk__in=cles, parent__isnull=False).delete()  # an answer holds what it answers
    QuerySet(choses.model).filter(pk__in=cles).delete()
    importation.annulee_le, importation.motif_annulation = timezone.now(), motif[:500]
    importation.save(update_fields=["annulee_le", "motif_annulation"])
    _retirer_les_themes_vides()
    consigner(
        "idees.importation.annuler",
        cible=importation,
        projet=importation.projet_du_journal(),
        par=par,
        donnees={"source": importation.source_nom, "motif": importation.motif_annulation, "retirees": len(cles)},
    )
    return len(cles)


def _retirer_les_themes_vides() -> None:
    """Themes that undone importations had created, once nothing is under them: one may have served another importation."""
    crees = Importation.themes_crees.through.objects.filter(importation__annulee_le__isnull=False)
    # Under their locks: whoever is filing something there at this moment is waited for, then seen.
    themes = Thematique.objects.filter(pk__in=crees.values("thematique")).select_for_update(of=("self",)).order_by("pk")
    vides = [theme.pk for theme in themes if not _ce_qui_s_est_passe(Thematique, [theme.pk])]
    Thematique.objects.filter(pk__in=vides).delete()


def _provenances(importation: Importation):
    modele = ProvenanceIdee if importation.genre == Importation.Genre.IDEES else ProvenanceCommentaire
    return modele._default_manager.filter(importation=importation)


def _choses(importation: Importation):
    modele = Idee if importation.genre == Importation.Genre.IDEES else Commentaire
    return modele._default_manager.filter(provenance__importation=importation)


def _ce_qui_s_est_passe(modele, cles: list[int]) -> str:
    """One sentence about the first thing that hangs on any of them, "" when nothing does.

    Asked of every relation of the model, nameless ones too, and of whatever points at it by type and number: a kind of thing
    that is added to the platform later is looked at without a word here.
    """
    for lien in modele._meta.get_fields(include_hidden=True):
        if not isinstance(lien, ForeignObjectRel) or lien.related_model in SIENS:
            continue
        siens = lien.field.model is modele  # answers of the same importation go with it
        autres = lien.related_model._base_manager.filter(**{f"{lien.field.name}__in": cles})
        autres = autres.exclude(pk__in=cles) if siens else autres
        if lien.name not in SUIVANTES and autres.exists():
            return _("Quelque chose s’y rattache déjà (%(quoi)s) : cette reprise ne s’annule plus.") % {
                "quoi": lien.related_model._meta.verbose_name
            }
    ici = ContentType.objects.get_for_model(modele)
    for autre in apps.get_models():
        noms = {champ.name for champ in autre._meta.get_fields()}
        if not {"cible_type", "cible_id"} <= noms:
            continue
        rattaches = autre._base_manager.filter(cible_type=ici, cible_id__in=cles)
        if autre is Entree:
            rattaches = rattaches.exclude(type=SIENNES[0]).exclude(type__startswith=SIENNES[1])
        if rattaches.exists():
            return _("Quelque chose s’y rattache déjà (%(quoi)s) : cette reprise ne s’annule plus.") % {
                "quoi": autre._meta.verbose_name
            }
    return ""
