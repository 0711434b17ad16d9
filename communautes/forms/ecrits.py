"""Forms of the drafts that a community writes together."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from communautes.models import Ebauche
from communautes.models.ebauche import CONTENU, TEXTE_MAX, TEXTE_MIN, TITRE_MAX, TITRE_MIN
from projets.models import Thematique
from socle.champs import TexteCourt, TexteLibre
from territoires.models import Territoire


class EbaucheForm(forms.Form):
    """Title and text as an idea has them; the rest may wait for the day it is sent."""

    titre = TexteCourt(
        label=_("L’idée en quelques mots"),
        min_length=TITRE_MIN,
        max_length=TITRE_MAX,
        help_text=_("Comme vous le diriez à un voisin."),
        error_messages={
            "required": _("Donnez un titre à votre idée."),
            "min_length": _("Ce titre est trop court : quelques mots suffisent."),
        },
    )
    texte = TexteLibre(
        label=_("Le texte"),
        min_length=TEXTE_MIN,
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Quel est le besoin ? Que proposez-vous ? Pour qui ?"),
        error_messages={
            "required": _("Décrivez votre idée en une ou deux phrases."),
            "min_length": _("Dites-en un peu plus : une ou deux phrases."),
        },
    )
    thematique = forms.ModelChoiceField(
        Thematique.objects.none(), label=_("Thème"), required=False, empty_label=_("Choisir plus tard")
    )
    territoire = forms.ModelChoiceField(
        Territoire.objects.none(),
        label=_("Commune ou quartier"),
        required=False,
        empty_label=_("Partout, ou plus tard"),
    )
    lieu = TexteCourt(label=_("Adresse ou lieu, en quelques mots"), max_length=200, required=False)
    resume = TexteCourt(
        label=_("Ce que vous changez, et pourquoi"),
        max_length=200,
        required=False,
        help_text=_("Facultatif. Les autres le liront dans l’historique."),
    )
    signer = forms.BooleanField(
        label=_("J’y mets mon nom : je signe cette version"),
        required=False,
        help_text=_("Vous pourrez retirer votre nom tant que le texte n’est pas déposé."),
    )
    # The version that one starts from: two members who write at once do not undo each other.
    base = forms.IntegerField(
        label=_("Version que vous avez lue"), min_value=1, required=False, widget=forms.HiddenInput
    )
    cle_saisie = forms.UUIDField(label=_("Numéro de ce formulaire"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ebauche: Ebauche | None = None, **kwargs):
        if ebauche is not None:
            depart = {nom: getattr(ebauche, nom) for nom in CONTENU} | {"base": ebauche.numero}
        else:
            depart = {"cle_saisie": uuid.uuid4()}
        kwargs.setdefault("initial", depart)
        super().__init__(*args, **kwargs)
        self.fields["thematique"].queryset = Thematique.objects.all()
        lieux = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).defer("contour")
        self.fields["territoire"].queryset = lieux
        if ebauche is None:
            del self.fields["resume"], self.fields["base"]
        else:
            del self.fields["cle_saisie"]
            # Without the version that was read nothing can be compared: the form of a page always says it.
            self.fields["base"].required = True

    def valeurs(self) -> dict:
        """Words of the draft, by field."""
        return {nom: self.cleaned_data[nom] for nom in CONTENU}

    def repartir_de(self, actuelle) -> None:
        """After a conflict: keep what was typed, and take note of the version that is now kept."""
        self.data = self.data.copy()
        self.data[self.add_prefix("base")] = str(actuelle.numero)


INCONNUE = {"required": _("Choisissez une version."), "invalid_choice": _("Choisissez une version de la liste.")}


class ComparerForm(forms.Form):
    """Two versions to put side by side."""

    de = forms.TypedChoiceField(label=_("De la version"), coerce=int, error_messages=INCONNUE)
    a = forms.TypedChoiceField(label=_("À la version"), coerce=int, error_messages=INCONNUE)

    def __init__(self, *args, numeros=(), **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("de", "a"):
            self.fields[nom].choices = [(numero, numero) for numero in numeros]
