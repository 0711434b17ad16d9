"""Filters of the lists: closed lists of values, checked before they come near the database."""

from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field


@extend_schema_field({"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"})
class FiltreSlug(filters.Filter):
    """The name, in addresses, of something that the API lists."""

    field_class = forms.SlugField


class ListeFermee(filters.FilterSet):
    """The filters of a page, here where a malformed value is refused instead of forgotten."""

    def appliquer(self, filtres, chercher):
        """What the page's own `filtres(parametres)` and `chercher(choix)` find; nothing for an unknown name."""
        demandes = {nom: valeur for nom, valeur in self.form.cleaned_data.items() if valeur}
        choix = filtres(demandes)
        trouves = chercher(choix)
        return trouves if all(c.valeur == demandes.get(c.nom, c.valeur) for c in choix) else trouves.none()
