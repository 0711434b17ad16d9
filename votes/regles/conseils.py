"""What an agent should know of a rule before announcing it."""

from typing import Any

from votes.regles import parts_egales
from votes.regles.bulletins import Bornes
from votes.regles.parts_egales import Parametres

PEU_DE_CHOIX = 3


def conseils_sur_les_parts_egales(parametres: Parametres, bornes: Bornes) -> list[dict[str, Any]]:
    """Warnings, each a `code` and its figures, ready for JSON.

    « depense-peu »: where people may pick at most three projects, equal shares alone spend 30 to 60 % of the budget (percent
    `de`, `a`); `seule` says whether nothing in the rule makes up for it: neither the raise nor the completion.
    « sans-sort »: neither order nor seed was given, ties would go by the order of the list.
    """
    dits: list[dict[str, Any]] = []
    if 0 < bornes.maximum <= PEU_DE_CHOIX:
        dits.append(
            {
                "code": "depense-peu",
                "regle": parts_egales.NOM,
                "maximum": bornes.maximum,
                "de": 30,
                "a": 60,
                "seule": parametres.completion == "aucune" and not parametres.pas,
            }
        )
    if not (parametres.ordre_du_sort or parametres.graine):
        dits.append({"code": "sans-sort", "regle": parts_egales.NOM})
    return dits
