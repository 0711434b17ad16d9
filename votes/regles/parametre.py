"""How a rule declares its parameters: frozen dataclasses whose fields know how to speak of themselves.

The forms of the site, the options of `manage.py compter` and the published text of a rule are all drawn from here.
"""

from collections.abc import Iterator
from dataclasses import Field, field, fields
from fractions import Fraction
from typing import Any, get_type_hints

from votes.regles.depouillement import RegleInvalide

CENTIMES = "centimes"  # unit of a field that holds money: people type it in euros (or in the currency of the file)


def champ(defaut: Any, aide: str, *, choix: tuple[str, ...] = (), unite: str = "") -> Any:
    """A field: its default, what it means in one French sentence, its only possible values, its unit."""
    return field(default=defaut, metadata={"aide": aide, "choix": choix, "unite": unite})


def decrire(parametres: type) -> Iterator[tuple[Field, Any]]:
    """Pairs (field, its type) of a class of parameters, in the order in which they are read."""
    types = get_type_hints(parametres)
    for declare in fields(parametres):
        yield declare, types[declare.name]


def nom_public(nom: str) -> str:
    """As it is written in a published rule and typed in a terminal: `non_classes` is « non-classes »."""
    return nom.replace("_", "-")


def verifier_choix(parametres: Any) -> None:
    """Refuse a value outside the closed list of its field, a number below zero, a name given twice. Raises RegleInvalide."""
    for declare in fields(parametres):
        valeur, choix = getattr(parametres, declare.name), declare.metadata.get("choix")
        nom = nom_public(declare.name)
        if choix and valeur not in choix:
            raise RegleInvalide(f"« {valeur} » n'est pas une valeur possible de « {nom} » : {', '.join(choix)}.")
        if isinstance(valeur, int | Fraction) and valeur < 0:
            raise RegleInvalide(f"« {nom} » ne peut pas être négatif.")
        if isinstance(valeur, tuple) and valeur and isinstance(valeur[0], str) and len(set(valeur)) != len(valeur):
            raise RegleInvalide(f"« {nom} » donne deux fois le même nom.")


def en_json(valeur: Any) -> Any:
    """A value of a field as JSON holds it: a fraction is written « 2/3 »."""
    if isinstance(valeur, Fraction):
        return str(valeur)
    return list(valeur) if isinstance(valeur, tuple) else valeur


def publier(parametres: Any) -> dict[str, Any]:
    """{public name: value that JSON can hold} of every field: what the published rule says, defaults included."""
    return {nom_public(declare.name): en_json(getattr(parametres, declare.name)) for declare in fields(parametres)}
