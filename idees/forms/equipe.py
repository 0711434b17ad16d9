from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from comptes.pseudonymes import cle_de, normaliser


class InviterForm(forms.Form):
    """Whom to write the idea with: an address, or the pseudonym of somebody who has an account."""

    qui = forms.CharField(
        label=_("Adresse e-mail ou pseudonyme"),
        max_length=254,
        help_text=_("La personne reçoit une lettre, et répond oui ou non. Elle a quatorze jours."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez une adresse e-mail, ou un pseudonyme.")},
    )

    def clean_qui(self):
        qui = normaliser(self.cleaned_data["qui"])
        if "@" in qui:
            try:
                validate_email(qui)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("Écrivez une adresse complète, par exemple camille@exemple.fr.")
                ) from None
        elif not cle_de(qui):
            raise forms.ValidationError(_("Écrivez une adresse e-mail, ou un pseudonyme."))
        return qui
