"""Every parameter of a published rule in words: what is counted how, for whoever votes to read before."""

from dataclasses import Field, dataclass
from typing import Any

from django.utils.translation import gettext as _

from votes.forms.facon import AILLEURS, AILLEURS_DE, champ_de, traduire
from votes.models import Scrutin
from votes.montants import en_monnaie
from votes.regles.catalogue import REGLES
from votes.regles.parametre import CENTIMES, decrire, nom_public


@dataclass(frozen=True)
class Reglage:
    """One line: what it is about, what this vote does, and the sentence that explains it."""

    nom: str
    valeur: str
    aide: str = ""


def reglages(scrutin: Scrutin) -> list[Reglage]:
    """As announced, the values that nobody chose included; without the bounds of the ballot and the lot, told elsewhere."""
    publies = (scrutin.reglement or {}).get("parametres", {})
    caches = AILLEURS | AILLEURS_DE.get(scrutin.regle, set())
    return [
        _en_clair(declare, type_, publies[nom_public(declare.name)])
        for declare, type_ in decrire(REGLES[scrutin.regle].parametres)
        if declare.name not in caches and nom_public(declare.name) in publies
    ]


def _en_clair(declare: Field, type_: Any, valeur: Any) -> Reglage:
    dessine = champ_de(declare.name, declare, type_)
    choix = dict(getattr(dessine, "choices", ()))
    if declare.name == "places" and not valeur:
        # Of a rule alone it means all of them; here nothing but the first is elected (`votes.resultats.elues`).
        return Reglage(str(dessine.label), _("la première seule"))
    if choix:
        dite = str(choix.get(valeur, valeur))
    elif isinstance(valeur, bool):
        dite = _("oui") if valeur else _("non")
    elif isinstance(valeur, list):
        dite = " ; ".join(str(un) for un in valeur) or _("pas de limite")
    elif declare.metadata.get("unite") == CENTIMES:
        dite = en_monnaie(valeur)
    else:
        dite = str(valeur) if valeur else _("aucun")
    return Reglage(str(dessine.label), dite, traduire(declare.metadata["aide"]) if not choix else "")
