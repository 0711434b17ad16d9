"""What the public page of a draw shows: chances, and the panel beside its pool and its quotas."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min

from communautes.models import Candidate, Siege, Tirage
from communautes.models.tirage import LOTS
from communautes.panels.quotas import effectifs_de
from communautes.tirage import fichiers

UNE_HEURE = 3600  # seconds
TYPES_MONTRES = 50  # combinations of criteria; the files have them all


def chiffres_publies(tirage: Tirage) -> dict[str, Any]:
    """{chances, criteres, types, nombre_de_types, seules} of an announced draw. Nothing of it changes any more but by the draw itself, and
    walking through a large pool takes a while: kept for an hour."""
    cle = f"tirage_publie.{tirage.pk}.{tirage.etat}.{tirage.empreinte_lots}"
    chiffres = cache.get(cle)
    if chiffres is None:
        types = par_type(tirage)
        chiffres = {
            "chances": chances_de(tirage),
            "criteres": par_valeur(tirage),
            "types": types[:TYPES_MONTRES],
            "nombre_de_types": len(types),
            "seules": sum(1 for type_de_personne in types if type_de_personne["effectif"] == 1),
        }
        cache.set(cle, chiffres, UNE_HEURE)
    return chiffres


@dataclass(frozen=True)
class Chances:
    """In thousandths: how many of the thousand lots hold a person."""

    minimum: int
    maximum: int
    personnes: int
    sans_chance: int


def pour_mille(lots: int) -> float:
    """Lots as a percentage: 8 lots of a thousand are 0.8."""
    return 100 * lots / LOTS


def chances_de(tirage: Tirage) -> Chances:
    possibles = tirage.candidates.filter(lots__gt=0).aggregate(n=Count("pk"), bas=Min("lots"), haut=Max("lots"))
    sans = tirage.candidates.filter(lots=0).count()
    return Chances(possibles["bas"] or 0, possibles["haut"] or 0, possibles["n"] + sans, sans)


def par_valeur(tirage: Tirage) -> list[dict]:
    """For each criterion: {nom, classes: [{valeur, effectif, part, quota (minimum, maximum), moyenne, minimum, maximum, tirees}]}.

    `moyenne`, `minimum` and `maximum` are chances as percentages; `tirees` is None before the draw.
    """
    effectifs = effectifs_de(tirage)
    quotas = {(q.critere, q.valeur): (q.minimum, q.maximum) for q in tirage.quotas.all()}
    chances: list[dict[str, list[int]]] = [{} for _critere in tirage.criteres]
    for valeurs, lots in tirage.candidates.order_by().values_list("valeurs", "lots"):
        for par_classe, valeur in zip(chances, valeurs, strict=True):
            par_classe.setdefault(valeur, []).append(lots or 0)
    tirees = _tirees(tirage)
    tableau = []
    for rang, (critere, compte) in enumerate(effectifs.items()):
        total = sum(compte.values())
        # A class that has a quota and nobody is shown too: a draw of replacements may have lost its last person.
        toutes = [*compte, *(v for c, v in quotas if c == critere and v not in compte)]
        classes = []
        for valeur in toutes:
            connues = chances[rang].get(valeur, [0])
            classes.append(
                {
                    "valeur": valeur,
                    "effectif": compte[valeur],
                    "part": 100 * compte[valeur] / total,
                    "quota": quotas.get((critere, valeur)),
                    "moyenne": pour_mille(sum(connues)) / len(connues),
                    "minimum": pour_mille(min(connues)),
                    "maximum": pour_mille(max(connues)),
                    "tirees": tirees[rang][valeur] if tirees else None,
                    "part_tirees": 100 * tirees[rang][valeur] / tirage.places if tirees else None,
                }
            )
        tableau.append({"nom": critere, "classes": classes})
    return tableau


def _tirees(tirage: Tirage) -> list[Counter] | None:
    if tirage.etat != Tirage.Etat.TIRE:
        return None
    comptes: list[Counter] = [Counter() for _critere in tirage.criteres]
    for valeurs in tirage.sieges.order_by().values_list("valeurs", flat=True):
        for compte, valeur in zip(comptes, valeurs, strict=True):
            compte[valeur] += 1
    return comptes


def par_type(tirage: Tirage) -> list[dict]:
    """People who have the same classes everywhere, those who have the best chances first."""
    types: dict[tuple, list[int]] = {}
    for valeurs, lots in tirage.candidates.order_by().values_list("valeurs", "lots"):
        types.setdefault(tuple(valeurs), []).append(lots or 0)
    lignes: list[dict[str, Any]] = [
        {
            "valeurs": valeurs,
            "effectif": len(lots),
            "minimum": pour_mille(min(lots)),
            "maximum": pour_mille(max(lots)),
        }
        for valeurs, lots in types.items()
    ]
    lignes.sort(key=lambda ligne: (-ligne["maximum"], ligne["valeurs"]))
    return lignes


def sans_place(tirage: Tirage) -> list[str]:
    """Codes of the lot that was drawn which have no seat: seats were given back before a draw of replacements was done."""
    if tirage.lot is None or tirage.sieges.count() == tirage.places:
        return []
    assises = set(tirage.sieges.values_list("code", flat=True))
    lot = fichiers.lire_lots(tirage.octets(fichiers.LOTS))[tirage.lot]
    return [code for code in lot if code not in assises]


def chance_de(tirage: Tirage, code: str) -> Candidate | None:
    return tirage.candidates.filter(code=code.strip().lower()).first()


def panel_et_places(panel) -> dict:
    """Counts of seats, for everybody: how many were drawn, sit, are empty. Never which ones."""
    etats = Counter(Siege.objects.du_panel(panel).order_by().values_list("etat", flat=True))
    return {
        "tirees": sum(etats.values()),
        "acceptees": etats["acceptee"],
        "attendues": etats["tiree"] + etats["contactee"],
        "vacantes": etats["declinee"] + etats["retiree"],
    }
