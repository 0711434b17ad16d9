"""A place in a form or in a request: from two numbers that came from outside to a point and its commune."""

import math
import re
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from territoires.models import Territoire

# The exponent is for JavaScript, which writes 1e-7; without the limit a million digits would be read for nothing.
NOMBRE = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
DECIMALES = 6  # ten centimetres: finer says nothing about a place


@dataclass(frozen=True)
class Lieu:
    lat: float
    lon: float
    commune: Territoire | None  # None only where no commune has an outline to look into


def situer(lat: object, lon: object) -> Lieu | None:
    """The place, or None when both are blank. Numbers or their text, with a French comma or a dot, in degrees.

    Raises ValidationError with one sentence; its code is `incomplet`, `illisible`, `hors_bornes` or `hors_territoire`.
    """
    if _est_vide(lat) and _est_vide(lon):
        return None
    if _est_vide(lat) or _est_vide(lon):
        raise ValidationError(
            _("Il manque la latitude ou la longitude : donnez les deux, ou effacez les deux."), code="incomplet"
        )
    degres_lat, degres_lon = _degres(lat), _degres(lon)
    if not (-90 <= degres_lat <= 90 and -180 <= degres_lon <= 180):
        raise ValidationError(
            _("Ce lieu n'existe pas : la latitude va de -90 à 90 et la longitude de -180 à 180."), code="hors_bornes"
        )
    commune = Territoire.objects.contenant(degres_lat, degres_lon)
    if commune is None and Territoire.objects.communes().avec_contour().exists():
        metropole = Territoire.objects.metropoles().first()
        if metropole is None:
            raise ValidationError(
                _("Ce lieu est en dehors de notre territoire : choisissez un point dans l'une de ses communes."),
                code="hors_territoire",
            )
        raise ValidationError(
            _("Ce lieu est en dehors du territoire de %(nom)s : choisissez un point dans l'une de ses communes."),
            code="hors_territoire",
            params={"nom": metropole.nom},
        )
    return Lieu(degres_lat, degres_lon, commune)


def _est_vide(valeur: object) -> bool:
    return valeur is None or (isinstance(valeur, str) and not valeur.strip())


def _degres(valeur: object) -> float:
    nombre = math.nan
    if isinstance(valeur, str):
        texte = valeur.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
        if NOMBRE.fullmatch(texte):
            nombre = float(texte)
    elif isinstance(valeur, float) or (isinstance(valeur, int) and not isinstance(valeur, bool) and abs(valeur) < 1000):
        nombre = float(valeur)
    if not math.isfinite(nombre):
        raise ValidationError(
            _("Ce lieu n'est pas lisible : écrivez deux nombres en degrés, par exemple 45,5 et 2,5."), code="illisible"
        )
    return round(nombre, DECIMALES)


class LieuForm(forms.Form):
    """Base of the forms that ask « où ? », made for `composants/_choix_lieu.html`.

    Adds `lieu` (a Lieu or None) to `cleaned_data`. A commune that the person chose stays, even when the point falls in
    the next one: outlines are drawn to some two hundred metres, neighbours know better. Without a choice the point
    gives the commune.
    """

    commune = forms.ModelChoiceField(
        label=_("Commune"),
        queryset=Territoire.objects.none(),
        required=False,
        empty_label=_("Choisir une commune"),
        error_messages={"invalid_choice": _("Cette commune n'est pas dans la liste : choisissez-en une.")},
    )
    # Plain fields: both are read together in clean(), so that a bad point is told once.
    latitude = forms.Field(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    longitude = forms.Field(label=_("Longitude"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The outlines weigh more than everything else and a list of names has no use for them.
        cast(forms.ModelChoiceField, self.fields["commune"]).queryset = Territoire.objects.communes().defer("contour")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        donnees["lieu"] = None
        try:
            lieu = situer(donnees.get("latitude"), donnees.get("longitude"))
        except ValidationError as erreur:
            self.add_error("latitude", erreur)
            return donnees
        donnees["lieu"] = lieu
        donnees["latitude"] = lieu.lat if lieu else None
        donnees["longitude"] = lieu.lon if lieu else None
        if lieu and not donnees.get("commune") and "commune" not in self.errors:
            donnees["commune"] = lieu.commune
        return donnees
