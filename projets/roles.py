"""Who acts for the collectivité because of a projet."""

from django.db.models import Q

from projets.models import Projet, RoleProjet


def agit_dans_un_projet(personne) -> bool:
    """Its référent·e conducts it and publishes its answers; the élu·e who is named in it signs them."""
    nommees = RoleProjet.objects.filter(personne=personne, role=RoleProjet.Nom.ELUE).values("projet")
    return Projet.objects.filter(Q(referente=personne) | Q(pk__in=nommees)).exists()
