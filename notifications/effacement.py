"""What notifications forget of a person who leaves."""

from notifications.models import Courriel


def oublier(personne) -> None:
    """Everything kept for her, and the mails of the outbox: they carry her address and were for her alone."""
    personne.abonnements.all().delete()
    personne.notifications.all().delete()
    personne.preferences.all().delete()
    adresses = {personne.email, *personne.emailaddress_set.values_list("email", flat=True)}
    Courriel.objects.filter(destinataire__in=adresses).delete()
