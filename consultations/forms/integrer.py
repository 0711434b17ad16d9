"""The form of a frame: what keeps machines out, and the key that stands for the person."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from consultations import depuis_ailleurs
from moderation.pieges import PiegesForm


class CadreForm(PiegesForm):
    """`cle`, once the form is valid: the key that it carried."""

    cle: depuis_ailleurs.Cle
    jeton = forms.CharField(widget=forms.HiddenInput)
    accord_textes = forms.BooleanField(
        label=_("Ce que j’ai écrit peut être publié avec les résultats, sans mon nom"), required=False
    )

    def __init__(self, *args, consultation, a_des_textes: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        self.initial["jeton"] = depuis_ailleurs.promettre(consultation)
        if not a_des_textes:
            del self.fields["accord_textes"]

    def clean_jeton(self):
        try:
            self.cle = depuis_ailleurs.lire_la_cle(self.cleaned_data["jeton"], self.consultation)
        except (signing.BadSignature, ValueError):
            self.data = dict(self.data.items()) | {"jeton": self.initial["jeton"]}
            raise forms.ValidationError(
                _("La page était ouverte depuis trop longtemps. Relisez, puis envoyez de nouveau.")
            ) from None
        return self.cleaned_data["jeton"]
