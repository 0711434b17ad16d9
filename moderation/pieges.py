"""Forms that are open to everybody, kept from machines without asking people to prove that they are none.

A field that nobody sees, and the time that it takes to read. A person caught by mistake reads why, loses no word, and
sends again.
"""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SEL = "moderation.pieges"
TEMPS_MIN = 3  # seconds between the page and its sending
TEMPS_MAX = 24 * 3600  # seconds


class PiegesForm(forms.Form):
    site_web = forms.CharField(
        label=_("Laissez ce champ vide"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    ouvert = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site_web"].widget.attrs["data-es-piege"] = ""
        self.initial["ouvert"] = signing.dumps("", salt=SEL)

    def clean_site_web(self):
        if self.cleaned_data["site_web"]:
            raise forms.ValidationError(_("Laissez ce champ vide, puis envoyez de nouveau."))
        return ""

    def clean(self):
        super().clean()
        self._verifier_le_temps(self.cleaned_data.get("ouvert", ""))
        return self.cleaned_data

    def _verifier_le_temps(self, jeton):
        try:
            signing.loads(jeton, salt=SEL, max_age=TEMPS_MAX)
        except signing.BadSignature:
            self._rouvrir()
            return self.add_error(
                None, _("La page était ouverte depuis trop longtemps. Relisez, puis envoyez de nouveau.")
            )
        try:
            signing.loads(jeton, salt=SEL, max_age=TEMPS_MIN)
        except signing.SignatureExpired:
            return None
        return self.add_error(None, _("Vous avez été très rapide. Relisez votre texte, puis envoyez de nouveau."))

    def _rouvrir(self):
        """The page shown again carries a new hour."""
        self.data = dict(self.data.items()) | {self.add_prefix("ouvert"): self.initial["ouvert"]}
