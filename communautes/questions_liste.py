"""The questions of a community, as its page sorts them. A closed list: nothing of the address reaches the ORM by name."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communautes.models import Question

#: What people read, its icon, then what it keeps and how it sorts.
VUES = {
    "soutenues": (_("Les plus soutenues"), "heart", lambda q: q.en_attente(), ("-nb_soutiens", "-publiee_le", "-pk")),
    "recentes": (_("Les plus récentes"), "clock-history", lambda q: q, ("-publiee_le", "-pk")),
    "repondues": (
        _("Avec leur réponse"),
        "patch-check",
        lambda q: q.filter(etat=Question.Etat.REPONDUE),
        ("-repondue_le", "-pk"),
    ),
    "en_retard": (
        _("En retard"),
        "exclamation-triangle",
        lambda q: q.filter(etat=Question.Etat.POSEE, due_le__lt=timezone.localdate()),
        ("due_le", "pk"),
    ),
}
VUE = "soutenues"


def vue_demandee(parametres) -> str:
    """An unknown one counts as none."""
    demandee = parametres.get("vue", "")
    return demandee if demandee in VUES else VUE


def questions_de(communaute, personne, vue):
    """Those that everybody reads, in this view, with what their cards show."""
    _libelle, _icone, garder, ordre = VUES[vue]
    toutes = Question.objects.publiees().visibles_par(personne).filter(communaute=communaute).pour_liste(personne)
    return garder(toutes).order_by(*ordre)


def onglets(adresse, vue) -> list[dict]:
    return [
        {"libelle": libelle, "icone": icone, "url": f"{adresse}?vue={nom}", "actif": nom == vue}
        for nom, (libelle, icone, _garder, _ordre) in VUES.items()
    ]


DANS_UN_PROJET = 6


def de_ce_projet(projet, personne):
    """For the page of a projet: the latest that were asked in its communities."""
    posees = Question.objects.publiees().visibles_par(personne).filter(communaute__projet=projet)
    return posees.pour_liste(personne).order_by("-publiee_le", "-pk")[:DANS_UN_PROJET]
