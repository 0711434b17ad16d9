"""A count as one object that JSON holds, the same for every rule: what `manage.py compter` prints and what is published."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from votes.regles.depouillement import Depouillement
from votes.regles.election import Election
from votes.regles.parametre import CENTIMES, decrire, nom_public, publier

#: What is money in the rounds and measures of a rule that spends: cents inside, units of the currency outside.
SOMMES = frozenset(
    [
        "budget",
        "cout",
        "cout_suivant",
        "depart",
        "depense",
        "dotation",
        "manque",
        "moindre",
        "paiement",
        "prix",
        "restait",
        "reste",
        "solde",
        "somme_au_plus",
    ]
)
TABLES_DE_SOMMES = frozenset({"par_territoire"})


def en_objet(depouillement: Depouillement, election: Election, parametres: Any) -> dict[str, Any]:
    """Keys: rule, parameters (every field), voters (ballots), winners (keys, best first), ranking (the same, equals
    together), tallies ({key: number}), cost, endowment, rounds, ties, measures, options ({key: name}).

    `cost` and `endowment` are in units of the currency (12.5 for 12,50 €), None where the rule spends nothing; so are the
    sums of `parameters`, of `rounds` and of `measures` (SOMMES). A fraction that is no whole number becomes a decimal.
    """
    detail = simple if depouillement.cout is None else en_unites_partout
    tours = [detail(tour) for tour in depouillement.tours]
    if getattr(parametres, "utilite", "") == "points":
        tours = [_prix_d_un_point(tour) for tour in tours]
    return {
        "rule": depouillement.regle,
        "parameters": _parametres(parametres),
        "voters": election.votantes,
        "winners": list(depouillement.retenues),
        "ranking": [list(groupe) for groupe in depouillement.classement],
        "tallies": {cle: nombre(valeur) for cle, valeur in depouillement.totaux.items()},
        "cost": en_unites(depouillement.cout),
        "endowment": en_unites(depouillement.dotation),
        "rounds": tours,
        "ties": simple(depouillement.egalites),
        "measures": detail(depouillement.mesures),
        "options": {option.cle: option.titre or option.cle for option in election.options},
    }


def _prix_d_un_point(tour: dict[str, Any]) -> dict[str, Any]:
    """`rho` is money for a point there; where utility is the cost, it is money for money, the same in any unit."""
    if "rho" not in tour:
        return tour
    return {**tour, "rho": nombre(tour["rho"] / 100), "rho_exact": str(Fraction(tour["rho_exact"]) / 100)}


def _parametres(parametres: Any) -> dict[str, Any]:
    """What the published rule says, its sums as they are typed."""
    dits = publier(parametres)
    for declare, _ in decrire(type(parametres)):
        nom = nom_public(declare.name)
        if declare.metadata.get("unite") == CENTIMES:
            dits[nom] = en_unites(dits[nom])
    return dits


def nombre(valeur: int | float | Fraction) -> int | float:
    """A number of JSON: whole when it is whole, a float otherwise."""
    if isinstance(valeur, float):
        return int(valeur) if valeur.is_integer() else valeur
    if isinstance(valeur, Fraction):
        return valeur.numerator if valeur.denominator == 1 else float(valeur)
    return valeur


def en_unites(centimes: int | float | Fraction | None) -> int | float | None:
    """Cents as units of the currency."""
    if centimes is None:
        return None
    return nombre(centimes / 100 if isinstance(centimes, float) else Fraction(centimes) / 100)


def en_unites_partout(valeur: Any, *, est_une_somme: bool = False) -> Any:
    """`simple`, with every sum in units of the currency. A mapping may bear the key of an option: its name says nothing."""
    if isinstance(valeur, Mapping):
        return {
            str(nom): en_unites_partout(
                contenu,
                est_une_somme=est_une_somme
                or nom in TABLES_DE_SOMMES
                or (nom in SOMMES and not isinstance(contenu, Mapping)),
            )
            for nom, contenu in valeur.items()
        }
    if isinstance(valeur, list | tuple):
        return [en_unites_partout(contenu) for contenu in valeur]
    if est_une_somme and isinstance(valeur, int | float | Fraction) and not isinstance(valeur, bool):
        return en_unites(valeur)
    return simple(valeur)


def simple(valeur: Any) -> Any:
    """The same value made of what JSON holds: mappings, lists, numbers, texts, booleans, None."""
    if isinstance(valeur, Fraction):
        return nombre(valeur)
    if isinstance(valeur, Mapping):
        return {str(nom): simple(contenu) for nom, contenu in valeur.items()}
    if isinstance(valeur, list | tuple | set | frozenset):
        return [simple(contenu) for contenu in valeur]
    return valeur
