"""What people say of themselves. allauth builds its two sign-up forms on `InscriptionForm`: see `forms_acces.py`."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comptes.models import Mandat, Utilisateur
from comptes.pseudonymes import LONGUEUR_MAX, VALIDATEURS, cle_de, est_institutionnel, est_reserve, normaliser
from socle.champs import assainir
from territoires.models import Territoire


def territoires_declarables():
    """Communes, then the quartiers of the city: what a person may say of where she lives."""
    return Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).order_by("genre", "nom")


class PseudonymeField(forms.CharField):
    def __init__(self, **options):
        super().__init__(
            label=_("Pseudonyme public"),
            help_text=_("C’est le seul nom que les autres verront. Il peut être inventé."),
            max_length=LONGUEUR_MAX,
            validators=VALIDATEURS,
            widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
            **options,
        )

    def to_python(self, value):
        return assainir(normaliser(super().to_python(value) or ""), lignes=False)


def pseudonyme_disponible(pseudonyme: str, *, sauf=None) -> str:
    """The pseudonym, if this person may take it. Raises ValidationError with what to do instead."""
    if est_institutionnel(pseudonyme) or _est_le_nom_d_une_elue(pseudonyme, sauf):
        raise forms.ValidationError(
            _(
                "Ce pseudonyme ferait croire que la collectivité, ou une personne élue, parle ici. Choisissez-en un autre."
            )
        )
    pris = Utilisateur.objects.filter(pseudonyme_cle=cle_de(pseudonyme)).exclude(pk=sauf)
    if est_reserve(pseudonyme) or pris.exists():
        raise forms.ValidationError(_("Ce pseudonyme est déjà pris. Ajoutez par exemple un chiffre."))
    return pseudonyme


def _est_le_nom_d_une_elue(pseudonyme: str, sauf) -> bool:
    """The name under which somebody elected signs, alone or followed by something: hers, and nobody else's."""
    cle = cle_de(pseudonyme)
    autres = Mandat.objects.en_cours().exclude(personne=sauf)
    return any(cle.startswith(cle_de(nom)) for nom in autres.values_list("nom_officiel", flat=True))


class ProfilForm(forms.ModelForm):
    pseudonyme = PseudonymeField()

    class Meta:
        model = Utilisateur
        fields = ["pseudonyme", "commune", "annee_naissance", "langue"]
        help_texts = {
            "commune": _("Jamais montré avec votre nom."),
            "annee_naissance": _("Sert à savoir qui manque au dialogue. Jamais montrée."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = territoires_declarables()
        self.fields["commune"].empty_label = _("Je préfère ne pas le dire")
        self.fields["annee_naissance"].widget = forms.TextInput(
            attrs={"autocomplete": "bday-year", "inputmode": "numeric", "maxlength": 4}
        )

    def clean_pseudonyme(self):
        # The name that she already has stays hers; `instance` carries the new one from here on.
        if "pseudonyme" not in self.changed_data:
            return self.cleaned_data["pseudonyme"]
        return pseudonyme_disponible(self.cleaned_data["pseudonyme"], sauf=self.instance.pk)


class EffacementForm(forms.Form):
    compris = forms.BooleanField(
        label=_("J’ai compris : mon compte sera effacé et je ne pourrai pas le récupérer."),
        error_messages={"required": _("Cochez cette case si vous voulez vraiment effacer votre compte.")},
    )


class InscriptionForm(forms.Form):
    """Fields added to allauth's sign-up forms, which build their own classes on top of this one."""

    field_order = ["email", "pseudonyme", "password1", "password2", "commune", "charte"]

    pseudonyme = PseudonymeField()
    commune = forms.ModelChoiceField(
        Territoire.objects.none(),
        label=_("Commune ou quartier"),
        required=False,
        empty_label=_("Je préfère ne pas le dire"),
        help_text=_("Jamais montré avec votre nom."),
    )
    charte = forms.BooleanField(
        label=_("J’ai lu la charte : je m’exprime avec respect."),
        help_text=format_lazy('<a href="/charte/">{}</a>', _("Lire la charte")),
        error_messages={"required": _("Cochez cette case pour créer votre compte : la charte protège tout le monde.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = territoires_declarables()

    def clean_pseudonyme(self):
        return pseudonyme_disponible(self.cleaned_data["pseudonyme"])

    def signup(self, request, user):
        """allauth's hook; the adapter has already written these fields."""
