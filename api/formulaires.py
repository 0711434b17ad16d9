"""The forms of the pages, filled from JSON: one place says what may be written, and in which words it is refused."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from api.corps import est_gardable

#: What a JSON reader is told of a form field; the first class that fits says it.
TYPES = (
    (forms.ModelMultipleChoiceField, {"type": "array", "items": {"type": "integer", "minimum": 1}}),
    (forms.ModelChoiceField, {"type": "integer", "minimum": 1}),
    (forms.MultipleChoiceField, {"type": "array", "items": {"type": "string"}}),
    (forms.ChoiceField, {"type": "string"}),
    (forms.BooleanField, {"type": "boolean"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.FileField, {"type": "string", "format": "binary"}),
    (forms.CharField, {"type": "string"}),
    (forms.Field, {"type": "number"}),
)
CHIFFRES_MAX = 18  # of a number that names a row: what both databases hold
CHOIX_MAX = 200  # what a form offers beyond that is found elsewhere in the API


def donnees(corps, classe) -> MultiValueDict:
    """What a browser would have sent for this JSON. Raises ValidationError for a value that no field can hold."""
    recues = corps if isinstance(corps, QueryDict) else _en_champs(corps, classe)
    for nom, valeurs in recues.lists():
        if not all(est_gardable(valeur) for valeur in valeurs if isinstance(valeur, str)):
            raise ValidationError({nom: [_("Ce texte contient un caractère que nous ne pouvons pas garder.")]})
    for nom, champ in classe.base_fields.items():
        if isinstance(champ, forms.ModelChoiceField) and any(len(v) > CHIFFRES_MAX for v in recues.getlist(nom)):
            raise ValidationError({nom: [_("Ce nombre est trop grand.")]})
    return recues


def _en_champs(corps, classe) -> MultiValueDict:
    """What is not a field of the form is left out."""
    recues: MultiValueDict[str, str] = MultiValueDict()
    for nom, valeur in corps.items():
        champ = classe.base_fields.get(nom)
        if champ is None or valeur is None:
            continue
        plusieurs = getattr(champ.widget, "allow_multiple_selected", False)
        valeurs = valeur if plusieurs and isinstance(valeur, list) else [valeur]
        if any(isinstance(v, dict | list) or v is None for v in valeurs):
            raise ValidationError({nom: [_("Cette valeur n’a pas la forme attendue.")]})
        recues.setlist(nom, [str(v) for v in valeurs])
    return recues


def oui_ou_non(corps, nom) -> bool:
    """A yes or a no that is not asked by a form; no when it is not said. Raises ValidationError for anything else."""
    valeur = corps.get(nom)
    if valeur is None or isinstance(valeur, bool):
        return bool(valeur)
    if valeur in ("true", "false"):
        return valeur == "true"
    raise ValidationError({nom: [_("Répondez par « true » ou par « false ».")]})


def exiger_valide(formulaire) -> dict:
    """Its cleaned data. Raises ValidationError: `{"field": [sentences]}`, and `detail` for what concerns no field."""
    if formulaire.is_valid():
        return formulaire.cleaned_data
    raise ValidationError(erreurs(formulaire))


def erreurs(formulaire) -> dict:
    dites = {nom: [str(phrase) for phrase in phrases] for nom, phrases in formulaire.errors.items()}
    generales = dites.pop(NON_FIELD_ERRORS, None)
    return {**({"detail": " ".join(generales)} if generales else {}), **dites}


def description(champ) -> dict:
    """JSON schema of one form field, labels included."""
    schema = dict(next(schema for classe, schema in TYPES if isinstance(champ, classe)))
    schema["description"] = ". ".join(str(texte).rstrip(".") for texte in (champ.label, champ.help_text) if texte)
    bornes: dict = {}
    if isinstance(champ, forms.CharField):
        bornes = {"minLength": champ.min_length or (1 if champ.required else None), "maxLength": champ.max_length}
    elif isinstance(champ, forms.IntegerField):
        bornes = {"minimum": champ.min_value, "maximum": champ.max_value}
    elif isinstance(champ, forms.ChoiceField) and not isinstance(champ, forms.ModelChoiceField):
        bornes = {"enum": [str(valeur) for valeur, _libelle in _choix_de(champ) if valeur] or None}
    schema |= {nom: borne for nom, borne in bornes.items() if borne is not None}
    return schema if champ.required else {**schema, "nullable": True}


def schema_de(classe, *, sauf=(), exiges=(), **autres) -> dict:
    """JSON schema of a form; `autres` are fields that only the API has, {name: schema}, `exiges` those it requires."""
    champs = {nom: champ for nom, champ in classe.base_fields.items() if nom not in sauf}
    proprietes = {**autres, **{nom: description(champ) for nom, champ in champs.items()}}
    exiges = [*exiges, *(nom for nom, champ in champs.items() if champ.required)]
    return {"type": "object", "properties": proprietes, **({"required": exiges} if exiges else {})}


def choix(champ) -> list[dict]:
    """What this field offers, for somebody who draws a form; nothing for a free field or a very long list."""
    if isinstance(champ, forms.ModelChoiceField):
        if not isinstance(champ.widget, forms.Select):
            return []
        return [{"valeur": str(o.pk), "libelle": champ.label_from_instance(o)} for o in _offertes(champ)[:CHOIX_MAX]]
    if isinstance(champ, forms.ChoiceField):
        return [{"valeur": str(valeur), "libelle": str(libelle)} for valeur, libelle in _choix_de(champ) if valeur]
    return []


def _choix_de(champ: Any):
    """Pairs: the stubs allow a field whatever its constructor accepts, a bound field always holds these."""
    return champ.choices


def _offertes(champ: Any):
    """A field without a queryset, which the stubs allow, never reaches a form."""
    return champ.queryset
