from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery

from notifications.models import Abonnement
from socle.lignes import poser_une_fois

_suivables: dict[str, type] = {}


def rendre_suivable(modele):
    """Declare that people may follow this kind of thing; its default manager has `visibles_par`."""
    _suivables[modele._meta.label_lower] = modele
    return modele


def modele_suivable(etiquette: str):
    """Model of that label (« idees.idee »), or None when it is not something that one follows."""
    return _suivables.get(etiquette)


def modeles_suivables() -> list[type]:
    return list(_suivables.values())


def abonner(personne, cible, facon: str | None = None) -> None:
    """Follow something; following twice changes nothing.

    `facon` is her own choice, and takes the place of the one before. Without it she follows because of what she did
    (she commented, she came in): she takes part, unless she chose already, and then her choice stays.
    """
    lignes, cle = Abonnement.objects, {"personne": personne, "cible_type": _type(cible), "cible_id": cible.pk}
    ligne, nouvelle = poser_une_fois(lignes, **cle, defaults={"facon": facon or Abonnement.Facon.PARTICIPE})
    if facon and not nouvelle and ligne.facon != facon:
        lignes.filter(pk=ligne.pk).update(facon=facon)


def reporter(source, cible) -> None:
    """Those who follow `source` follow `cible` too, each in her own way; whoever followed it already changes nothing."""
    lignes = [
        Abonnement(personne_id=personne, cible_type=_type(cible), cible_id=cible.pk, facon=facon)
        for personne, facon in Abonnement.objects.sur(source).order_by("pk").values_list("personne", "facon")
    ]
    Abonnement.objects.bulk_create(lignes, ignore_conflicts=True)


def desabonner(personne, cible) -> None:
    Abonnement.objects.sur(cible).filter(personne=personne).delete()


def desabonner_de_toutes(personne, choses) -> None:
    """The same, of all of these: a QuerySet of one kind of thing."""
    siens = Abonnement.objects.filter(personne=personne, cible_type=_type(choses.model))
    siens.filter(cible_id__in=choses.order_by().values("pk")).delete()


def suit(personne, cible) -> bool:
    return Abonnement.objects.sur(cible).filter(personne=personne).exists()


def facon_de(personne, cible) -> str | None:
    """The way she follows it; None when she does not."""
    return Abonnement.objects.sur(cible).filter(personne=personne).values_list("facon", flat=True).first()


def facon_suivie_par(personne, modele) -> Subquery:
    """The same, to annotate a QuerySet of `modele` as `facon_suivie`: a page that reads the thing reads it too."""
    sur_elle = Abonnement.objects.filter(cible_type=_type(modele), cible_id=OuterRef("pk"))
    moi = personne.pk if personne.is_authenticated else None
    return Subquery(sur_elle.filter(personne=moi).values("facon")[:1])


def _type(cible):
    return ContentType.objects.get_for_model(cible)
