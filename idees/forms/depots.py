"""Forms of ideas without an account: bring, follow, attach, write down for somebody."""

import uuid

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from comptes.forms import PseudonymeField, pseudonyme_disponible
from idees import secret
from idees.models import Boite, Depot
from moderation.pieges import PiegesForm
from socle.champs import TexteLibre

LIGNES_MAX = 6  # of an address, as the post reads it
LIGNE_MAX = 38  # characters


class ContactForm(forms.Form):
    """How to write to somebody without an account. Nothing is compulsory."""

    courriel = forms.EmailField(
        label=_("Adresse e-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Pour recevoir chaque nouvelle de cette idée. Jamais montrée."),
        error_messages={"invalid": _("Écrivez une adresse complète, par exemple camille@exemple.fr.")},
    )
    adresse_postale = TexteLibre(
        label=_("Nom et adresse postale"),
        max_length=240,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        help_text=_("Comme sur une enveloppe, pour recevoir la réponse par courrier. Jamais montrée."),
        error_messages={"max_length": _("Cette adresse est trop longue : six lignes de 38 caractères au plus.")},
    )

    def clean_adresse_postale(self):
        lignes = [" ".join(ligne.split()) for ligne in self.cleaned_data["adresse_postale"].split("\n")]
        lignes = [ligne for ligne in lignes if ligne]
        if lignes and len(lignes) < 2:
            raise forms.ValidationError(_("Écrivez au moins deux lignes : le nom, puis l’adresse."))
        if len(lignes) > LIGNES_MAX or any(len(ligne) > LIGNE_MAX for ligne in lignes):
            raise forms.ValidationError(_("Une adresse tient en six lignes de 38 caractères au plus."))
        return "\n".join(lignes)

    def contact(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in ("courriel", "adresse_postale")}


class PromesseForm(forms.Form):
    """Carries the secret that the page has drawn, signed (`idees.secret.promettre`)."""

    jeton = forms.CharField(widget=forms.HiddenInput, required=False)  # missing, it is one that has ended

    def __init__(self, *args, pour, **kwargs):
        """`pour` names what the secret will open, and its promise serves for nothing else; None names something new."""
        super().__init__(*args, **kwargs)
        self.pour = pour
        self.objet = self.mot = ""
        self.initial["jeton"] = secret.promettre(uuid.uuid4() if pour is None else pour)

    def clean(self):
        saisie = super().clean()
        try:
            self.objet, self.mot = secret.tenir_parole(self.cleaned_data.get("jeton", ""))
            if self.pour is not None and self.objet != str(self.pour):
                raise signing.BadSignature
        except signing.BadSignature:
            self.data = dict(self.data.items()) | {self.add_prefix("jeton"): self.initial["jeton"]}
            self.add_error(None, _("La page était ouverte depuis trop longtemps. Relisez, puis envoyez de nouveau."))
        return saisie


class NomForm(forms.Form):
    nom = PseudonymeField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nom"].label = _("Nom à afficher")
        self.fields["nom"].widget.attrs["autocomplete"] = "off"
        self.fields["nom"].help_text = _("Il peut être inventé. Sans nom, on lira « Une habitante, un habitant ».")

    def clean_nom(self):
        nom = self.cleaned_data["nom"]
        return pseudonyme_disponible(nom) if nom else ""


class DeposerForm(NomForm, ContactForm, PromesseForm, PiegesForm):
    """The last step of an idea without an account, on line."""

    charte = forms.BooleanField(
        label=_("J’ai lu la charte et je la respecte."),
        error_messages={"required": _("Cochez cette case pour envoyer votre idée.")},
    )
    field_order = ["nom", "courriel", "adresse_postale", "charte"]


class OuvrirForm(forms.Form):
    """Number and secret, as they are on the receipt."""

    numero = forms.IntegerField(
        label=_("Numéro de l’idée"),
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Écrivez le numéro qui est sur votre reçu."),
            "invalid": _("Le numéro ne contient que des chiffres."),
            "min_value": _("Ce numéro n’est pas celui d’une idée."),
            "max_value": _("Ce numéro n’est pas celui d’une idée."),
        },
    )
    mot = forms.CharField(
        label=_("Secret"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Vingt lettres et chiffres, en cinq groupes. Majuscules et tirets ne comptent pas."),
        error_messages={
            "required": _("Écrivez le secret qui est sur votre reçu."),
            "max_length": _("Ce secret est trop long : il a vingt lettres et chiffres."),
        },
    )


class GuichetForm(NomForm, ContactForm, PromesseForm):
    """What an agent says of the person whose idea she writes down. The words of the idea are in `IdeeForm`."""

    boite = forms.ModelChoiceField(
        Boite.objects.none(),
        label=_("Boîte à idées"),
        empty_label=_("Choisissez une boîte"),
        error_messages={"required": _("Choisissez la boîte qui reçoit cette idée.")},
    )
    canal = forms.ChoiceField(
        label=_("Comment cette idée vous arrive"),
        choices=[(c, Depot.Canal(c).label) for c in Depot.CANAUX_D_AGENT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment cette idée vous arrive.")},
    )
    field_order = ["boite", "canal", "nom", "courriel", "adresse_postale"]

    def __init__(self, *args, boites, **kwargs):
        super().__init__(*args, **kwargs)
        self.boites = boites
        self.fields["boite"].queryset = Boite.objects.filter(pk__in=[b.pk for b in boites])
        if len(boites) == 1:
            self.initial["boite"] = boites[0].pk
        self.initial.setdefault("canal", Depot.Canal.GUICHET)

    def valeurs(self) -> dict:
        """What `depots.saisir` takes beside the words."""
        return {
            "cle_saisie": self.objet,
            "mot": self.mot,
            "canal": self.cleaned_data["canal"],
            "nom": self.cleaned_data["nom"],
            **self.contact(),
        }


class SecretForm(PromesseForm):
    """Make the secret anew: nothing to type."""
