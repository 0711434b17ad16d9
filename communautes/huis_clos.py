"""Who reads what happened inside a community: the rule that `timeline` asks."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from communautes.models import Adhesion, Appel, Communaute
from socle.permissions import est_connectee
from timeline.huis_clos import Regle


def entrees_lues_par(personne) -> Q:
    """What is for all of those who are in; what is for those who lead; and what was decided about herself.

    No role in the house opens the inside. An agent reads the life of the communities themselves, which she opens and
    closes, and an appeal is read by those who decide on it. Whoever proposed one reads what became of the proposal.
    """
    interieurs = Communaute.objects.lues_de_l_interieur_par(personne).order_by().values("pk")
    dedans = Q(communaute__in=interieurs)
    if not est_connectee(personne):
        return dedans & Q(est_publique=True)
    lues = dedans & (Q(est_publique=True) | Q(par=personne))
    lues |= Q(communaute__in=Communaute.objects.dont_anime(personne).order_by().values("pk"))
    lues |= _sur(Adhesion, Adhesion.objects.filter(personne=personne))
    lues |= _sur(Appel, Appel.objects.visibles_par(personne))
    lues |= _sur(Communaute, Communaute.objects.filter(proposee_par=personne).exclude(etat__in=Communaute.ANNONCEES))
    if personne.est_agent:
        lues |= Q(communaute__isnull=False, cible_type=ContentType.objects.get_for_model(Communaute))
    return lues


def _sur(modele, lignes) -> Q:
    return Q(
        communaute__isnull=False,
        cible_type=ContentType.objects.get_for_model(modele),
        cible_id__in=lignes.order_by().values("pk"),
    )


def lectrices_de(communaute) -> Q:
    """Over accounts: whom one may tell what happens inside."""
    if communaute.est_publique and communaute.est_lisible:
        return Q()
    return Q(pk__in=communaute.adhesions.en_cours().order_by().values("personne"))


def chaines_lues_par(personne) -> Q:
    """Over chains: those of the communities whose inside she reads."""
    return Q(communaute__in=Communaute.objects.lues_de_l_interieur_par(personne).order_by().values("pk"))


REGLE = Regle(entrees=entrees_lues_par, lectrices=lectrices_de, chaines=chaines_lues_par)
