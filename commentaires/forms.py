from django import forms
from django.utils.translation import gettext_lazy as _

from commentaires.models import Commentaire
from commentaires.permissions import peut_parler_officiellement
from socle.champs import TexteLibre


class CommentaireForm(forms.Form):
    """Write in a discussion. An answer takes no position; the official voice is offered to those who have it."""

    texte = TexteLibre(
        label=_("Votre commentaire"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=Commentaire.LONGUEUR_MAX,
        help_text=_("Soyez clair et respectueux : de vraies personnes vous lisent."),
        error_messages={
            "required": _("Écrivez votre commentaire."),
            "max_length": _(
                "Votre commentaire est trop long : %(limit_value)d caractères au plus, ici %(show_value)d."
            ),
        },
    )
    position = forms.ChoiceField(
        label=_("Votre position"),
        choices=Commentaire.Position,
        widget=forms.RadioSelect,
        initial=Commentaire.Position.NEUTRE,
        required=False,
        error_messages={"invalid_choice": _("Choisissez une position parmi celles qui sont proposées.")},
    )
    officielle = forms.BooleanField(
        label=_("Au nom de la collectivité"),
        required=False,
        help_text=_("Votre commentaire portera la mention « Parole officielle », avec votre fonction."),
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, personne, parent=None, **kwargs):
        kwargs["auto_id"] = "commentaire-%s"  # the page of the thing may hold other forms
        super().__init__(*args, **kwargs)
        self.initial["parent"] = parent.pk if parent else None
        if parent or self.data.get("parent"):
            del self.fields["position"]
            self.fields["texte"].label = _("Votre réponse")
        if not peut_parler_officiellement(personne):
            del self.fields["officielle"]

    def clean_position(self):
        return self.cleaned_data["position"] or Commentaire.Position.NEUTRE
