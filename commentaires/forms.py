from django import forms
from django.utils.translation import gettext_lazy as _

from commentaires.models import Commentaire, Distinction, prend_position
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
    cite = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, personne, cible=None, parent=None, cite=None, **kwargs):
        kwargs["auto_id"] = "commentaire-%s"  # the page of the thing may hold other forms
        super().__init__(*args, **kwargs)
        self.initial["parent"] = parent.pk if parent else None
        self.initial["cite"] = cite.pk if cite else None
        reponse = parent or self.data.get("parent")
        if reponse or not prend_position(cible):
            del self.fields["position"]
        if reponse:
            self.fields["texte"].label = _("Votre réponse")
        if not peut_parler_officiellement(personne, cible):
            del self.fields["officielle"]

    def clean_position(self):
        return self.cleaned_data["position"] or Commentaire.Position.NEUTRE


class CorrigerForm(forms.Form):
    """Correct one's comment. `vu` is the number of corrections the person saw when she opened it."""

    texte = TexteLibre(
        label=_("Votre commentaire"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=Commentaire.LONGUEUR_MAX,
        help_text=_("Ce que vous aviez écrit reste lisible dans l’historique."),
        error_messages=CommentaireForm.base_fields["texte"].error_messages,
    )
    position = forms.ChoiceField(
        label=_("Votre position"), choices=Commentaire.Position, widget=forms.RadioSelect, required=False
    )
    vu = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1000)

    def __init__(self, *args, commentaire, **kwargs):
        super().__init__(*args, **kwargs)
        self.commentaire = commentaire
        for nom in ("texte", "position"):
            self.initial[nom] = getattr(commentaire, nom)
        self.initial["vu"] = commentaire.versions.count()
        if commentaire.parent_id or not prend_position(commentaire.cible):
            del self.fields["position"]

    def clean_position(self):
        return self.cleaned_data["position"] or self.commentaire.position


class DistinguerForm(forms.Form):
    ce_qui_change = TexteLibre(
        label=_("Qu’est-ce qui a changé grâce à cet argument ?"),
        max_length=Distinction.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une phrase. Tout le monde la lira, à côté de l’argument."),
        error_messages={"required": _("Écrivez en une phrase ce qui a changé.")},
    )


class RetirerLaDistinctionForm(forms.Form):
    """Asked by the transition `Distinction.retirer`."""

    motif = TexteLibre(
        label=_("Pourquoi retirer cette mention ?"),
        max_length=Distinction.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez votre raison.")},
    )

    def __init__(self, *args, objet, par, **kwargs):
        super().__init__(*args, **kwargs)
