"""« Pourquoi ce projet n'est pas retenu » and « qui a payé quoi », computed from a count: codes and figures, for JSON.

Money in cents. How many more supports would have been enough is found by counting again, all else being equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from typing import Any

from votes.regles import parts_egales, plus_votes, plus_votes_sans_saut
from votes.regles.achats import Marche, avec_soutiens, courir, preparer
from votes.regles.budget import Concours, Quotas, ouvrir
from votes.regles.depouillement import Depouillement, Interrompu
from votes.regles.election import Election
from votes.regles.enveloppes import depouillement_de, partager

#: why a project is not funded
SEUIL = "seuil"  # fewer votes than the threshold
TROP_CHER = "trop-cher"  # it costs more than all the budget
SANS_SOUTIEN = "sans-soutien"
CATEGORIE = "categorie"  # its category had its maximum
BUDGET = "budget"  # at its turn, it cost more than what was left
ARRET = "arret"  # the count had stopped before it
MOYENS = "moyens"  # its supporters had not enough left to buy it


def pourquoi_pas(
    election: Election,
    depouillement: Depouillement,
    parametres: Any,
    *,
    recompter: bool = True,
    interrompre: Callable[[], bool] | None = None,
) -> dict[str, dict[str, Any]]:
    """{project that is not funded: {"code", "voix", "cout", figures}}.

    Most votes first: `restait` at its turn, `manque`, and `voix_de_plus`: the fewest more votes with which it would have
    been funded, None when no number would do.

    Equal shares: `soutiens`; `reste` of its supporters when the last project was bought, `part` of the cost that it makes,
    `manque`; `dotation`; `depasserait`: even paid, it exceeds what is left of the budget; `soutiens_de_plus`: how many more
    ballots for it alone would have bought it at the same endowment, with `estimation` « exacte » (recounted) or « majorant » (an
    upper bound, all that is given without `recompter`).

    With envelopes, also `enveloppe`. Raises Interrompu.
    """
    if election.enveloppes:
        return {
            cle: {"enveloppe": ou, **raison}
            for ou, part in partager(election).items()
            for cle, raison in pourquoi_pas(
                part, depouillement_de(depouillement, ou), parametres, recompter=recompter, interrompre=interrompre
            ).items()
        }
    concours = ouvrir(election, parametres)
    if depouillement.regle == parts_egales.NOM:
        return _par_parts_egales(concours, depouillement, parametres, recompter=recompter, interrompre=interrompre)
    if depouillement.regle not in {plus_votes.NOM, plus_votes_sans_saut.NOM}:
        raise ValueError("Cette règle ne dépense aucun budget.")
    saut = depouillement.regle == plus_votes.NOM
    tours = {tour["option"]: tour for tour in depouillement.tours}
    raisons = {}
    for place in _perdantes(concours, depouillement):
        _demander(interrompre)
        cle = election.options[place].cle
        raisons[cle] = {
            **_par_le_tour(concours, place, tours.get(cle), parametres.seuil),
            "voix_de_plus": _voix_de_plus(concours, place, parametres, saut=saut),
        }
    return raisons


def qui_a_paye(depouillement: Depouillement) -> dict[str, dict[str, Any]]:
    """{project bought by equal shares: {"cout", "payeuses", "prix", "au_complet", "au_plus", "somme_au_plus", "moindre",
    "moyenne", "par_territoire"}}; what the completion funds has no payer and is left out."""
    return {
        tour["option"]: {
            "cout": tour["cout"],
            "payeuses": tour["au_complet"] + tour["au_plus"],
            "moyenne": tour["cout"] / max(tour["au_complet"] + tour["au_plus"], 1),
            **{
                nom: tour[nom]
                for nom in ("prix", "au_complet", "au_plus", "somme_au_plus", "moindre", "par_territoire")
            },
        }
        for tour in depouillement.tours
        if "rho" in tour
    }


def _demander(interrompre: Callable[[], bool] | None) -> None:
    if interrompre and interrompre():
        raise Interrompu


def _perdantes(concours: Concours, depouillement: Depouillement) -> list[int]:
    retenues = set(depouillement.retenues)
    return [place for place, option in enumerate(concours.election.options) if option.cle not in retenues]


def _commun(concours: Concours, place: int) -> dict[str, Any]:
    return {"voix": concours.voix[place], "cout": concours.couts[place]}


def _par_le_tour(concours: Concours, place: int, tour: Mapping[str, Any] | None, seuil: int) -> dict[str, Any]:
    """What the round of this project says; without a round, it was under the threshold."""
    commun = _commun(concours, place)
    if tour is None:
        return {"code": SEUIL, **commun, "seuil": seuil, "manque_de_voix": seuil - concours.voix[place]}
    if concours.couts[place] > concours.budget:
        return {"code": TROP_CHER, **commun, "budget": concours.budget}
    code = {"budget": BUDGET, "categorie": CATEGORIE, "arret": ARRET}[tour["raison"]]
    figures = {"restait": tour["restait"], "manque": max(concours.couts[place] - tour["restait"], 0)}
    return {"code": code, **commun, **figures, **({"categorie": tour["categorie"]} if code == CATEGORIE else {})}


def _voix_de_plus(concours: Concours, place: int, parametres: plus_votes.Parametres, *, saut: bool) -> int | None:
    """The fewest more votes with which this project is funded; None when even the first rank would not do."""

    def retenu(voix_de_plus: int) -> bool:
        voix = list(concours.voix)
        voix[place] += voix_de_plus
        admises = [autre for autre, nombre in enumerate(voix) if nombre >= parametres.seuil]
        autrement = replace(concours, voix=voix, admises=admises)
        quotas = Quotas(concours.election, parametres.maximums, parametres.minimums)
        ordre = plus_votes.en_ordre(autrement, admises)
        return place in plus_votes.prendre(autrement, ordre, quotas, concours.budget, saut=saut)[0]

    plus = max(max(concours.voix), parametres.seuil) + 1 - concours.voix[place]
    return _le_moins(retenu, plus) if retenu(plus) else None


def _le_moins(suffit: Callable[[int], bool], plus: int) -> int:
    """The least number, from 1 to `plus` (which is enough), that is enough."""
    trop_peu = 0
    while plus - trop_peu > 1:
        milieu = (plus + trop_peu) // 2
        if suffit(milieu):
            plus = milieu
        else:
            trop_peu = milieu
    return plus


def _par_parts_egales(
    concours: Concours,
    depouillement: Depouillement,
    parametres: parts_egales.Parametres,
    *,
    recompter: bool,
    interrompre: Callable[[], bool] | None,
) -> dict[str, dict[str, Any]]:
    marche = preparer(concours, par_euro=parametres.utilite == "cout", maximums=parametres.maximums)
    dotation = int(depouillement.dotation or 0)
    libre = concours.budget - (depouillement.cout or 0)
    completion = {tour["option"]: tour for tour in depouillement.tours if tour.get("completion")}
    raisons = {}
    for place in _perdantes(concours, depouillement):
        _demander(interrompre)
        cle = concours.election.options[place].cle
        restes = depouillement.mesures["restes"].get(cle)
        if restes is None:
            raisons[cle] = _hors_du_marche(concours, place, parametres.seuil)
            continue
        categorie = _categorie_pleine(concours, place, depouillement, parametres)
        raisons[cle] = {
            "code": CATEGORIE if categorie else MOYENS,
            **_commun(concours, place),
            **({"categorie": categorie} if categorie else {}),
            **restes,
            "part": restes["reste"] / concours.couts[place] if concours.couts[place] else 1.0,
            "dotation": dotation,
            "depasserait": concours.couts[place] > libre,
            **({"restait": completion[cle]["restait"]} if cle in completion else {}),
            **({} if categorie else _soutiens_de_plus(marche, place, dotation, restes["manque"], recompter=recompter)),
        }
    return raisons


def _hors_du_marche(concours: Concours, place: int, seuil: int) -> dict[str, Any]:
    """Nobody could buy it, whatever they had."""
    commun = _commun(concours, place)
    if concours.voix[place] < seuil:
        return {"code": SEUIL, **commun, "seuil": seuil, "manque_de_voix": seuil - concours.voix[place]}
    if concours.couts[place] > concours.budget:
        return {"code": TROP_CHER, **commun, "budget": concours.budget}
    return {"code": SANS_SOUTIEN, **commun}


def _categorie_pleine(
    concours: Concours, place: int, depouillement: Depouillement, parametres: parts_egales.Parametres
) -> str:
    quotas = Quotas(concours.election, parametres.maximums)
    retenues = set(depouillement.retenues)
    for autre, option in enumerate(concours.election.options):
        if option.cle in retenues:
            quotas.prendre(autre)
    return quotas.categorie_pleine(place)


def _soutiens_de_plus(marche: Marche, place: int, dotation: int, manque: float, *, recompter: bool) -> dict[str, Any]:
    """More ballots for this project alone, each with the same endowment, that would have bought it.

    What they bring adds to what its supporters have left at the end: that many are enough. Fewer may be, when they make it
    affordable before its supporters spend elsewhere; that is found by running the method again.
    """
    if not dotation:
        return {}
    # One more than the quotient where a rounding could make it fall short.
    majorant = max(ceil(manque / dotation + 1e-9), 1)
    if not recompter:
        return {"soutiens_de_plus": majorant, "estimation": "majorant"}

    def achete(nombre: int) -> bool:
        autrement = avec_soutiens(marche, place, nombre)
        course = courir(autrement, dotation)
        if course.douteuse:
            course = courir(autrement, dotation, exacte=True)
        return place in course.retenues

    return {"soutiens_de_plus": _le_moins(achete, majorant), "estimation": "exacte"}
