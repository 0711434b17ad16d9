"""Filters of the list of published answers. A closed list: nothing of the address reaches the ORM by name."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reponses.models import Reponse

DELAIS = {"a_temps": gettext_lazy("À la date promise"), "en_retard": gettext_lazy("En retard")}


@dataclass(frozen=True)
class Choix:
    """One filter of the page, as `composants/_filtres.html` reads it."""

    nom: str
    libelle: str
    valeur: str
    choix: list[dict]
    type: str = "choix"


def filtres(parametres) -> list[Choix]:
    """The filters, with what the address asks for; an unknown value counts as nothing."""
    return [
        _choix("decision", _("Décision"), Reponse.Sens.choices, parametres),
        _choix("raison", _("Raison"), Reponse.Motif.choices, parametres),
        _choix("delai", _("Donnée"), DELAIS.items(), parametres),
    ]


def _choix(nom, libelle, paires, parametres) -> Choix:
    demande = parametres.get(nom, "")
    valeur = demande if demande in {code for code, _libelle in paires} else ""
    options = [("", _("Tout")), *paires]
    return Choix(
        nom, libelle, valeur, [{"valeur": c, "libelle": str(nom_), "actif": c == valeur} for c, nom_ in options]
    )


def chercher(choix):
    """The published answers that these filters leave, the latest first, with their clock and what they answer."""
    voulus = {c.nom: c.valeur for c in choix}
    reponses = Reponse.objects.publiees()
    if voulus["decision"]:
        reponses = reponses.filter(sens=voulus["decision"])
    if voulus["raison"]:
        reponses = reponses.filter(motif=voulus["raison"])
    if voulus["delai"] == "en_retard":
        reponses = reponses.en_retard()
    elif voulus["delai"] == "a_temps":
        reponses = reponses.a_temps()
    return reponses.avec_echeance().pour_phrase().order_by("-publiee_le", "-pk")
