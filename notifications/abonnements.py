from django.contrib.contenttypes.models import ContentType

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


def abonner(personne, cible) -> None:
    """Follow something; following twice changes nothing."""
    type_ = ContentType.objects.get_for_model(cible)
    poser_une_fois(Abonnement.objects, personne=personne, cible_type=type_, cible_id=cible.pk)


def desabonner(personne, cible) -> None:
    Abonnement.objects.sur(cible).filter(personne=personne).delete()


def suit(personne, cible) -> bool:
    return Abonnement.objects.sur(cible).filter(personne=personne).exists()
