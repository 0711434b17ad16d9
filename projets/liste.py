"""Filters of the list of projets. A closed list: nothing of the address reaches the ORM by name."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projets.models import Projet, Thematique
from socle.permissions import est_connectee
from territoires.models import Territoire

PAR_PAGE = 12
GROUPES = {
    "en_ce_moment": (gettext_lazy("En ce moment"), Projet.EN_CE_MOMENT),
    "a_venir": (gettext_lazy("À venir"), Projet.A_VENIR),
    "termines": (gettext_lazy("Terminés"), Projet.TERMINES),
}
PREPARATION = "preparation"  # a fourth group, for those who see drafts


@dataclass(frozen=True)
class Filtre:
    """One filter of the page, as `composants/_filtres.html` reads it.

    `sans_choix` is what its first option says: « all », or the order that applies when none is chosen.
    """

    nom: str
    libelle: str
    options: list[tuple[str, str]]
    valeur: str
    type: str = "choix"
    sans_choix: str = ""

    @property
    def choix(self) -> list[dict]:
        paires = [("", self.sans_choix or _("Tous")), *self.options]
        return [{"valeur": v, "libelle": libelle, "actif": v == self.valeur} for v, libelle in paires]

    @property
    def libelle_choisi(self) -> str:
        return dict(self.options).get(self.valeur, "")


def filtres(parametres, personne) -> list[Filtre]:
    """The filters, with what the address asks for; unknown values count as nothing."""
    groupes = [(code, str(nom)) for code, (nom, _etats) in GROUPES.items()]
    if est_connectee(personne) and Projet.objects.visibles_par(personne).filter(etat=Projet.Etat.BROUILLON).exists():
        groupes.append((PREPARATION, _("En préparation")))
    themes = list(Thematique.objects.values_list("slug", "nom"))
    return [
        _filtre("etat", _("Où en sont les projets"), groupes, parametres),
        _filtre("theme", _("Thème"), themes, parametres),
        _filtre("lieu", _("Lieu"), _lieux(personne), parametres),
    ]


def _filtre(nom, libelle, options, parametres) -> Filtre:
    demande = parametres.get(nom, "")
    return Filtre(nom, libelle, options, demande if demande in dict(options) else "")


def _lieux(personne) -> list[tuple[str, str]]:
    """Places where there is a projet, and the larger ones around them."""
    avec_projet = Projet.objects.visibles_par(personne).values("territoire")
    autour = Q(pk__in=avec_projet) | Q(parties__pk__in=avec_projet) | Q(parties__parties__pk__in=avec_projet)
    return list(Territoire.objects.filter(autour).order_by("genre", "slug").values_list("slug", "nom").distinct())


def chercher(personne, choix):
    """The projets that these filters leave, the latest announced first."""
    voulus = {filtre.nom: filtre.valeur for filtre in choix}
    projets = Projet.objects.visibles_par(personne)
    if voulus["theme"]:
        projets = projets.filter(thematiques__slug=voulus["theme"])
    if lieu := voulus["lieu"]:
        dedans = Territoire.objects.filter(Q(slug=lieu) | Q(parent__slug=lieu) | Q(parent__parent__slug=lieu))
        projets = projets.filter(territoire__in=dedans.order_by().values("pk"))
    if voulus["etat"] == PREPARATION:
        return projets.filter(etat=Projet.Etat.BROUILLON).order_by("-cree_le", "-pk")
    projets = projets.filter(etat__in=GROUPES[voulus["etat"]][1]) if voulus["etat"] else projets.annonces()
    return projets.order_by("-annonce_le", "-pk")


def filtres_actifs(choix, parametres) -> list[dict]:
    """Chips that take one filter away."""
    return [puce(filtre.libelle_choisi, parametres, filtre.nom) for filtre in choix if filtre.valeur]


def puce(libelle: str, parametres, *noms: str, de_passage=("page",)) -> dict:
    """One chip: the address without these parameters, nor those that only made sense with them."""
    reste = parametres.copy()
    for nom in (*noms, *de_passage):
        reste.pop(nom, None)
    return {"libelle": libelle, "url_retirer": f"?{reste.urlencode()}"}
