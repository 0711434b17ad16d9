"""allauth's forms in the words of the house: plain labels, no example inside the boxes, one sentence on passwords.

Named in the `…_FORMS` of the settings. Apart from `forms.py`, which allauth imports while it is
itself being loaded.
"""

from allauth.account import forms as compte
from allauth.mfa.base import forms as facteur
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as cle
from allauth.socialaccount import forms as externe
from django import forms
from django.contrib.auth import password_validation
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur

LIBELLES = {
    "login": _("Adresse e-mail"),
    "email": _("Adresse e-mail"),
    "password": _("Mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Mot de passe"),
    "password2": _("Le même mot de passe, une deuxième fois"),
    "remember": _("Rester connecté·e sur cet appareil"),
    "code": _("Code"),
    "name": _("Nom de la clé"),
    # Two hidden fields: the page fills them, and the summary of errors names them.
    "credential": _("Clé d’accès"),
    "account": _("Compte relié"),
    "passwordless": _("Se connecter avec cette clé seule, sans mot de passe"),
}
AIDES = {
    "password": format_lazy('<a href="{}">{}</a>', reverse_lazy("account_reset_password"), _("Mot de passe oublié ?")),
    "password1": _("12 caractères au moins. Une phrase facile à retenir convient très bien."),
    "remember": _("Ne cochez pas sur un ordinateur partagé."),
    "passwordless": _("La clé demandera votre empreinte, votre visage ou un code."),
}


CLE_MUETTE = _("La clé d’accès n’a pas répondu comme attendu. Recommencez.")
CLE_REFUSEE = _("Cette clé d’accès n’ouvre pas ce compte. Essayez-en une autre, ou un autre moyen.")


class NosMots:
    """Labels and help by name of field; what `libelles` and `aides` of a form say comes first."""

    fields: dict[str, forms.Field]
    libelles: dict = {}
    aides: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = {**LIBELLES, **self.libelles}.get(nom, champ.label)
            champ.help_text = {**AIDES, **self.aides}.get(nom, "" if nom == "oldpassword" else champ.help_text)
            if nom == "code":
                champ.widget.attrs |= {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


class ConnexionForm(NosMots, compte.LoginForm):
    pass


class CreationForm(NosMots, compte.SignupForm):
    """The sign-up page."""

    aides = {"email": _("Nous y envoyons un lien pour vérifier que c’est bien vous. Personne ne la verra.")}

    def clean(self):
        donnees = super().clean()
        if (mot_de_passe := donnees.get("password1")) and (pseudonyme := donnees.get("pseudonyme")):
            # allauth knows the address only: the password may not resemble the pseudonym either.
            personne = Utilisateur(email=donnees.get("email", ""), pseudonyme=pseudonyme)
            try:
                password_validation.validate_password(mot_de_passe, personne)
            except forms.ValidationError as refus:
                if "password1" not in self.errors:
                    self.add_error("password1", refus)
        return donnees


class CreationExterneForm(NosMots, externe.SignupForm):
    """The last page of a first visit through FranceConnect or the city's account."""

    aides = {"email": _("Personne ne la verra.")}


class AdresseForm(NosMots, compte.AddEmailForm):
    libelles = {"email": _("Nouvelle adresse e-mail")}
    aides = {"email": _("Nous y envoyons un lien. L’adresse change quand vous ouvrez ce lien.")}


class OubliForm(NosMots, compte.ResetPasswordForm):
    pass


class ChangerMotDePasseForm(NosMots, compte.ChangePasswordForm):
    libelles = {"password1": _("Nouveau mot de passe")}


class PoserMotDePasseForm(NosMots, compte.SetPasswordForm):
    pass


class NouveauMotDePasseForm(NosMots, compte.ResetPasswordKeyForm):
    libelles = {"password1": _("Nouveau mot de passe")}


class ConfirmerForm(NosMots, compte.ReauthenticateForm):
    pass


class DelierForm(NosMots, externe.DisconnectForm):
    """One button per account names it: nothing to fill in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].widget = forms.HiddenInput()
        self.fields["account"].error_messages["invalid_choice"] = _(
            "Ce compte n’est pas relié au vôtre, ou ne l’est plus."
        )


class CodeForm(NosMots, facteur.AuthenticateForm):
    aides = {"code": _("Le code à 6 chiffres de votre application, ou un code de secours.")}


class ConfirmerParCodeForm(NosMots, facteur.ReauthenticateForm):
    aides = CodeForm.aides


class MotsDeLaCle(NosMots, forms.Form):
    """What the browser says for a passkey comes from outside like any other field: whatever it is, it is taken or refused."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": CLE_MUETTE, "invalid": CLE_MUETTE}

    def full_clean(self):
        try:
            super().full_clean()  # where fido2 reads the answer as if it were well made
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            self.add_error("credential", CLE_MUETTE)
        if self.errors:  # asked again, the key says something else: nobody typed this
            self.data = {**dict(self.data.items()), self.add_prefix("credential"): ""}

    def add_error(self, field, error):
        if getattr(error, "code", "") == "incorrect_code":  # the package has one sentence for codes and for keys
            error = CLE_REFUSEE
        super().add_error(field, error)


class CleEnSecondForm(MotsDeLaCle, cle.AuthenticateWebAuthnForm):
    pass


class ConnexionParCleForm(MotsDeLaCle, cle.LoginWebAuthnForm):
    pass


class ConfirmerParCleForm(MotsDeLaCle, cle.ReauthenticateWebAuthnForm):
    pass


class InstallerApplicationForm(NosMots, ActivateTOTPForm):
    libelles = {"code": _("Code affiché par l’application")}


class AjouterCleForm(MotsDeLaCle, cle.AddWebAuthnForm):
    aides = {"name": _("Pour la reconnaître plus tard. Par exemple : mon téléphone.")}


class RenommerCleForm(NosMots, cle.EditWebAuthnForm):
    pass
