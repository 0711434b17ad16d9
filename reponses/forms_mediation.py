"""What a person says of an answer, what the mediator says after her."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reponses.models import Appreciation, SecondeLecture
from socle.champs import TexteLibre


class AppreciationForm(forms.Form):
    avis = forms.ChoiceField(
        label=_("Cette réponse vous est-elle utile ?"),
        choices=Appreciation.Avis,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un avis."), "invalid_choice": _("Choisissez un avis.")},
    )
    mot = TexteLibre(
        label=_("Un mot pour l’équipe et la médiatrice"),
        required=False,
        max_length=Appreciation.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Il n’est pas public."),
    )


class DemanderForm(forms.Form):
    raison = TexteLibre(
        label=_("Que manque-t-il dans cette réponse ?"),
        max_length=SecondeLecture.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("La médiatrice et l’équipe liront ces mots. Ils ne sont pas publics."),
        error_messages={"required": _("Dites ce qui vous manque dans cette réponse.")},
    )


class ConclureForm(forms.Form):
    """Asked by the transitions `SecondeLecture.maintenir` and `faire_preciser`."""

    conclusion = TexteLibre(
        label=_("Ce que vous avez lu, en mots simples"),
        max_length=SecondeLecture.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Tout le monde lira ces mots. Ils ne changeront plus."),
        error_messages={"required": _("Écrivez ce que vous avez lu : tout le monde le lira.")},
    )

    def __init__(self, *args, objet, par, **kwargs):
        super().__init__(*args, **kwargs)
