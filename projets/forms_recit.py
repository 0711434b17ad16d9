"""Forms of the story of a projet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reponses.models import Reponse
from socle.champs import PlusieursField, TexteCourt, TexteLibre
from socle.images import ImageRefusee, reencoder
from timeline.models import Entree


class FormDeRecit(forms.Form):
    """Base: `vu` is the state of the draft that was on the screen."""

    vu = forms.IntegerField(widget=forms.HiddenInput)

    def repartir_de(self, recit):
        """After a conflict: keep what was typed, and take note of the draft that is now saved."""
        recues: Any = self.data
        self.data = recues = recues.copy()
        recues[self.add_prefix("vu")] = str(recit.tour)


class EnTeteForm(FormDeRecit):
    titre = TexteCourt(
        label=_("Titre du récit"), max_length=160, error_messages={"required": _("Donnez un titre au récit.")}
    )
    chapo = TexteLibre(
        label=_("En deux phrases"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PassageForm(FormDeRecit):
    texte = TexteLibre(
        label=_("Un passage"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Des phrases courtes. Vous pouvez mettre des listes et des liens (Markdown)."),
        error_messages={"required": _("Écrivez ce passage.")},
    )


class IllustrerForm(FormDeRecit):
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. La position cachée dans la photo est effacée."),
        error_messages={
            "required": _("Choisissez une photo."),
            "missing": _("Choisissez une photo."),
            "empty": _("Ce fichier est vide."),
        },
    )
    alternative = TexteCourt(
        label=_("Ce que montre la photo"),
        max_length=200,
        error_messages={"required": _("Dites en quelques mots ce que montre la photo, pour qui ne la voit pas.")},
    )
    credit = TexteCourt(
        label=_("Qui a pris la photo"),
        max_length=120,
        help_text=_("Une personne qui a donné son accord, ou un service."),
        error_messages={"required": _("Écrivez qui a pris la photo.")},
    )

    def clean(self):
        donnees = super().clean() or {}
        if fichier := donnees.get("photo"):
            try:
                donnees["encodages"] = reencoder(fichier)
            except ImageRefusee as refus:
                self.add_error("photo", str(refus))
            else:
                if self.errors:
                    self.add_error("photo", _("Choisissez de nouveau cette photo : elle n’a pas pu être gardée."))
        return donnees


class ChoixReponse(forms.ModelChoiceField):
    """Named by what it answers."""

    def label_from_instance(self, reponse):
        return f"{reponse.cible} ({reponse.get_sens_display()})"


class ChiffresForm(FormDeRecit):
    reponse = ChoixReponse(
        Reponse.objects.none(),
        label=_("Réponse officielle"),
        empty_label=_("Choisissez…"),
        error_messages={
            "required": _("Choisissez une réponse publiée de ce projet."),
            "invalid_choice": _("Choisissez une réponse publiée de ce projet."),
        },
    )

    def __init__(self, *args, reponses, **kwargs):
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["reponse"]
        champ.queryset = reponses


class CiterForm(FormDeRecit):
    """`entrees` is drawn by the page, from its own list."""

    entrees: Any = PlusieursField(
        Entree.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Cochez au moins une entrée de la chronologie."),
            "invalid_choice": _("On ne cite que les entrées publiques de ce projet."),
            "invalid_pk_value": _("On ne cite que les entrées publiques de ce projet."),
        },
    )

    def __init__(self, *args, citables, **kwargs):
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["entrees"]
        champ.queryset = citables


class PublierForm(forms.Form):
    """Asked by the transition: what is published is what was read."""

    vu = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, objet, par=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vu"].initial = objet.tour


class RetirerForm(forms.Form):
    motif = TexteLibre(
        label=_("Pourquoi ce récit est-il retiré ?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tout le monde lira cette raison."),
        error_messages={"required": _("Écrivez la raison : tout le monde la lira.")},
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)
