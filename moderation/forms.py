from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.pieges import PiegesForm
from socle.champs import TexteCourt, TexteLibre
from socle.moderable import Motif


class ExplicationForm(forms.Form):
    """A sentence to the person: no decision is without one."""

    explication = TexteLibre(
        label=_("Expliquez votre décision à la personne"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={
            "required": _("Écrivez au moins une phrase : la personne a le droit de savoir pourquoi."),
            "max_length": _(
                "Votre explication est trop longue : %(limit_value)d caractères au plus, ici %(show_value)d."
            ),
        },
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)


class MotifForm(ExplicationForm):
    """Reason of a refusal or of a hiding: the clause of the charter, and a sentence to the person."""

    motif = forms.ChoiceField(
        label=_("Point de la charte"),
        choices=[("", _("Choisissez le point de la charte")), *Motif.choices],
        error_messages={"required": _("Choisissez le point de la charte qui n’est pas respecté.")},
    )
    field_order = ["motif", "explication"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["explication"].help_text = _(
            "Dites ce qui ne va pas, et comment écrire autrement si c’est possible."
        )


class SignalementForm(PiegesForm):
    """Report a contribution. Somebody without an account may leave a name and an address; nobody has to."""

    motif = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=Motif,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce qui ne va pas.")},
    )
    texte = TexteLibre(
        label=_("Expliquez en une ou deux phrases"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=_("Quels mots posent problème, et pourquoi ?"),
        error_messages={
            "max_length": _("Votre texte est trop long : %(limit_value)d caractères au plus, ici %(show_value)d.")
        },
    )
    nom = TexteCourt(
        label=_("Votre nom"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    courriel = forms.EmailField(
        label=_("Votre adresse e-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Pour recevoir notre réponse. Sans adresse, nous lirons votre signalement sans pouvoir vous répondre."
        ),
        error_messages={"invalid": _("Écrivez une adresse complète, par exemple camille@exemple.fr.")},
    )
    bonne_foi = forms.BooleanField(
        label=_("Je signale de bonne foi : ce que j’écris est exact, à ma connaissance."),
        error_messages={"required": _("Cochez cette case pour envoyer votre signalement.")},
    )
    field_order = ["motif", "texte", "nom", "courriel", "bonne_foi"]

    def __init__(self, *args, connectee: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if connectee:
            del self.fields["nom"], self.fields["courriel"]

    def clean(self):
        saisie = super().clean()
        if saisie.get("motif") == Motif.ILLEGAL and not saisie.get("texte") and "texte" not in self.errors:
            self.add_error(
                "texte", _("Dites en une phrase ce qui est contraire à la loi : c’est nécessaire pour décider.")
            )
        return saisie

    def valeurs(self) -> dict:
        """What `actions.signaler` takes."""
        return {
            nom: self.cleaned_data[nom] for nom in ("motif", "texte", "nom", "courriel") if nom in self.cleaned_data
        }
