"""What surrounds the questions: sending, coming back, writing down for somebody."""

import re
import uuid

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Participation, Tranche
from consultations.participer import SECRETS
from moderation.pieges import TEMPS_MIN, PiegesForm
from territoires.models import Territoire

NUMERO = re.compile(r"[0-9]{9}", re.ASCII)


class ProfilForm(forms.Form):
    """Who answers, in two words that are never asked twice and never compulsory; and whether words may be published."""

    territoire = forms.ModelChoiceField(
        Territoire.objects.none(),
        label=_("Votre commune ou quartier"),
        required=False,
        empty_label=_("Je préfère ne pas le dire"),
        error_messages={"invalid_choice": _("Choisissez dans la liste, ou ne le dites pas.")},
    )
    tranche = forms.ChoiceField(
        label=_("Votre âge"),
        required=False,
        choices=[("", _("Je préfère ne pas le dire")), *Tranche.choices],
        error_messages={"invalid_choice": _("Choisissez dans la liste, ou ne le dites pas.")},
    )
    accord_textes = forms.BooleanField(
        label=_("Ce que j’ai écrit peut être publié avec les résultats, sans mon nom"), required=False
    )

    def __init__(self, *args, participation: Participation | None, consultation, a_des_textes: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if participation is not None and not self.is_bound:
            self.initial.update(self._depuis(participation))
        self.fields["territoire"].queryset = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).defer(
            "contour"
        )
        if not consultation.profil:
            del self.fields["territoire"], self.fields["tranche"]
        if not a_des_textes:
            del self.fields["accord_textes"]

    @staticmethod
    def _depuis(participation: Participation) -> dict:
        """What she said before; else what her account knows."""
        tranche, personne = participation.tranche, participation.personne
        if not tranche and personne is not None and personne.annee_naissance and not participation.est_envoyee:
            tranche = Tranche.de_l_age(timezone.localdate().year - personne.annee_naissance)
        return {
            "territoire": participation.territoire_id,
            "tranche": tranche,
            "accord_textes": participation.accord_textes,
        }

    def profil(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in ("territoire", "tranche") if nom in self.cleaned_data}

    def accord(self) -> bool:
        return bool(self.cleaned_data.get("accord_textes"))


class JetonForm(forms.Form):
    """Carries the secret that the page has drawn, signed; `pour` names what it will open (`socle.secret`)."""

    jeton = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Whoever has an account comes back with it: a secret would open nothing.
    sert = True

    def __init__(self, *args, pour=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.pour, self.objet, self.mot = pour, "", ""
        self.initial["jeton"] = SECRETS.promettre(uuid.uuid4() if pour is None else pour)

    def clean(self):
        donnees = super().clean()
        if not self.sert:
            return donnees
        try:
            self.objet, self.mot = SECRETS.tenir_parole(self.cleaned_data.get("jeton", ""))
            if self.pour is not None and self.objet != str(self.pour):
                raise signing.BadSignature
        except signing.BadSignature:
            self.renouveler()
            self.add_error(None, _("La page était ouverte depuis trop longtemps. Relisez, puis envoyez de nouveau."))
        return donnees

    def renouveler(self):
        """What was typed stays, to be sent under another promise."""
        self.data = self.data.copy()
        self.data["jeton"] = self.initial["jeton"]


class EnvoyerForm(ProfilForm, JetonForm, PiegesForm):
    """The last step."""

    def __init__(self, *args, participation: Participation, **kwargs):
        self.participation, self.sert = participation, participation.personne_id is None
        # Whoever holds the page can read what it carries: a drawn key tells nothing, a counted one how many there are.
        super().__init__(*args, participation=participation, pour=participation.cle, **kwargs)
        self.order_fields(["territoire", "tranche", "accord_textes"])

    def _verifier_le_temps(self, jeton):
        """It takes time to answer, not to press the last button."""
        if (timezone.now() - self.participation.cree_le).total_seconds() < TEMPS_MIN:
            self.add_error(None, _("Vous avez été très rapide. Relisez vos réponses, puis envoyez de nouveau."))


class RetrouverForm(forms.Form):
    """Number and secret of a receipt, however they are typed."""

    numero = forms.CharField(
        label=_("Numéro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Écrivez le numéro de votre reçu.")},
    )
    mot = forms.CharField(
        label=_("Secret"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Vingt lettres et chiffres, avec ou sans tirets."),
        error_messages={"required": _("Écrivez le secret de votre reçu.")},
    )

    def clean_numero(self):
        chiffres = "".join(self.cleaned_data["numero"].split())
        if not NUMERO.fullmatch(chiffres):
            raise forms.ValidationError(_("Ce numéro a neuf chiffres : relisez votre reçu."))
        return int(chiffres)


class CanalForm(ProfilForm, JetonForm):
    """Written down by an agent: how the person answered. The object of its promise is the key of the form."""

    canal = forms.ChoiceField(
        label=_("Comment la personne a-t-elle répondu ?"),
        choices=[(c.value, c.label) for c in Participation.Canal if c in Participation.CANAUX_D_AGENT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la personne a répondu.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, participation=None, **kwargs)
        self.order_fields(["canal", "territoire", "tranche", "accord_textes"])
