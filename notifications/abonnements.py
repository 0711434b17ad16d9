from django.contrib.contenttypes.models import ContentType

from notifications.models import Abonnement

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
    Abonnement.objects.get_or_create(
        personne=personne, cible_type=ContentType.objects.get_for_model(cible), cible_id=cible.pk
    )


def desabonner(personne, cible) -> None:
    Abonnement.objects.sur(cible).filter(personne=personne).delete()


def suit(personne, cible) -> bool:
    return Abonnement.objects.sur(cible).filter(personne=personne).exists()
