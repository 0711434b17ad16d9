"""How a rule declares its parameters: frozen dataclasses whose fields know how to speak of themselves.

The forms of the site, the options of `manage.py compter` and the published text of a rule are all drawn from here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, field, fields
from fractions import Fraction
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

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


def lire_texte(declare: Field, annotation: Any, texte: str) -> Any:
    """What was typed for a field, as a value of its type: « 2/3 », « 12,50 » euros, « a,b,c ». Raises RegleInvalide."""
    nom = nom_public(declare.name)
    attendu, convertir = _lecteur(annotation, en_centimes=declare.metadata.get("unite") == CENTIMES)
    try:
        return convertir(texte.strip())
    except (ValueError, ArithmeticError, KeyError):
        raise RegleInvalide(f"« {nom} » attend {attendu}, pas « {texte} ».") from None


def _lecteur(annotation: Any, *, en_centimes: bool) -> tuple[str, Callable[[str], Any]]:
    """What a type expects, in French, and how it is read."""
    sortes = [sorte for sorte in get_args(annotation) if sorte is not type(None)]
    if get_origin(annotation) in (Union, UnionType):
        return _lecteur(sortes[0], en_centimes=en_centimes)
    if get_origin(annotation) is tuple:
        attendu, convertir = _lecteur(sortes[0], en_centimes=en_centimes)
        return f"{attendu}, ou plusieurs entre des virgules", lambda texte: tuple(
            convertir(mot.strip()) for mot in texte.split(",") if mot.strip()
        )
    if annotation is int and en_centimes:
        return "une somme, au centime", _centimes
    simples: dict[Any, tuple[str, Callable[[str], Any]]] = {
        int: ("un nombre entier", int),
        Fraction: ("un nombre ou une fraction", lambda texte: Fraction(texte.replace(",", "."))),
        bool: ("oui ou non", lambda texte: {"oui": True, "non": False}[texte]),
    }
    return simples.get(annotation, ("un texte", str))


def _centimes(texte: str) -> int:
    somme = Fraction(texte.replace(",", ".")) * 100
    if somme.denominator != 1:
        raise ValueError("less than a cent")
    return somme.numerator


def en_json(valeur: Any) -> Any:
    """A value of a field as JSON holds it: a fraction is written « 2/3 »."""
    if isinstance(valeur, Fraction):
        return str(valeur)
    return list(valeur) if isinstance(valeur, tuple) else valeur


def publier(parametres: Any) -> dict[str, Any]:
    """{public name: value that JSON can hold} of every field: what the published rule says, defaults included."""
    return {nom_public(declare.name): en_json(getattr(parametres, declare.name)) for declare in fields(parametres)}


def relire(parametres: type, publies: Mapping[str, Any]) -> Any:
    """Parameters from what `publier` gave; a field that was not published yet takes its default.

    Raises RegleInvalide for a name that the rule does not know, or a value that it refuses.
    """
    champs = {nom_public(declare.name): (declare, annotation) for declare, annotation in decrire(parametres)}
    inconnus = [nom for nom in publies if nom not in champs]
    if inconnus:
        raise RegleInvalide(f"La règle n'a pas de paramètre « {inconnus[0]} ».")
    valeurs = {}
    for nom, valeur in publies.items():
        declare, annotation = champs[nom]
        if isinstance(valeur, list):
            valeur = tuple(valeur)
        elif annotation is Fraction:
            valeur = lire_texte(declare, annotation, str(valeur))
        valeurs[declare.name] = valeur
    return parametres(**valeurs)
