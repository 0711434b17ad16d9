"""What the list of communities shows: hers or all of them, by theme, by place, by words. Never one that she may not see."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from communautes.models import Communaute
from projets.liste import Filtre
from projets.models import Thematique
from socle.mots import ordre_naturel, racines, racines_cherchees, se_retrouve
from socle.permissions import est_connectee
from territoires.models import Territoire

PAR_PAGE = 12
MIENNES = "miennes"


def filtres(parametres, personne) -> list[Filtre]:
    """The filters, with what the address asks for; unknown values count as nothing."""
    vues = _vues(personne)
    themes = Thematique.objects.filter(pk__in=vues.values("thematique")).values_list("slug", "nom")
    return [
        _filtre("theme", _("Thème"), list(themes), parametres),
        _filtre("lieu", _("Lieu"), _lieux(vues), parametres),
    ]


def _filtre(nom, libelle, options, parametres) -> Filtre:
    demande = parametres.get(nom, "")
    return Filtre(nom, libelle, options, demande if demande in dict(options) else "")


def _vues(personne):
    return Communaute.objects.visibles_par(personne).annoncees().order_by()


def _lieux(vues) -> list[tuple[str, str]]:
    """Places that have a community, and the larger ones around them."""
    avec = vues.values("territoire")
    autour = Q(pk__in=avec) | Q(parties__pk__in=avec) | Q(parties__parties__pk__in=avec)
    lieux = Territoire.objects.filter(autour).values_list("genre", "slug", "nom").distinct()
    return [(slug, nom) for _g, slug, nom in sorted(lieux, key=lambda lieu: (lieu[0], ordre_naturel(lieu[1])))]


def concernant(personne):
    """Those where she has a place, asks for one or was refused one, and those that she proposes."""
    if not est_connectee(personne):
        return Communaute.objects.none()
    siennes = personne.adhesions.qui_concernent().order_by().values("communaute")
    return Communaute.objects.visibles_par(personne).filter(
        Q(pk__in=siennes) | Q(proposee_par=personne, etat__in=[Communaute.Etat.PROPOSEE, Communaute.Etat.REFUSEE])
    )


def chercher(personne, choix: Iterable[Filtre], *, mots="", miennes=False):
    """The communities that these leave, the latest active first."""
    voulus = {filtre.nom: filtre.valeur for filtre in choix}
    trouvees = concernant(personne) if miennes else Communaute.objects.visibles_par(personne).annoncees()
    if voulus["theme"]:
        trouvees = trouvees.filter(thematique__slug=voulus["theme"])
    if lieu := voulus["lieu"]:
        dedans = Territoire.objects.filter(Q(slug=lieu) | Q(parent__slug=lieu) | Q(parent__parent__slug=lieu))
        trouvees = trouvees.filter(territoire__in=dedans.order_by().values("pk"))
    if cherchees := racines_cherchees(mots):
        trouvees = trouvees.filter(pk__in=_qui_disent(trouvees, cherchees))
    return trouvees.order_by("-active_le", "-pk")


def _qui_disent(trouvees, cherchees: list[str]) -> list[int]:
    """Keys of those whose words hold each of these stems: a city has some hundreds of communities, read in one query."""
    textes = trouvees.order_by().values_list("pk", "nom", "resume", "description")
    return [
        pk
        for pk, *ecrits in textes
        if all(any(se_retrouve(c, racine) for racine in racines(" ".join(ecrits))) for c in cherchees)
    ]
