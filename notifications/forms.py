from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Abonnement, Genre, Preference


class Familles(forms.MultipleChoiceField):
    """Choosing none is an answer too, so nothing says that this field is optional."""

    def validate(self, value):
        if inconnues := [famille for famille in value if not self.valid_value(famille)]:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": inconnues[0]})


class FaconForm(forms.Form):
    """The way of following; said by nobody, it is « je participe »."""

    facon = forms.ChoiceField(
        label=_("Façon de suivre"),
        choices=Abonnement.Facon.choices,
        required=False,
        error_messages={"invalid_choice": _("Choisissez « participe » (tout) ou « informe » (les grandes étapes).")},
    )

    def clean_facon(self):
        return self.cleaned_data["facon"] or Abonnement.Facon.PARTICIPE


class PreferencesForm(forms.Form):
    """The families of mails that a person wants; only those that concern her are asked."""

    courriels = Familles(
        label=_("Je veux recevoir un courriel pour"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ce choix n’existe pas.")},
    )

    def __init__(self, donnees=None, *, personne):
        self.personne = personne
        self.genres = genres_de(personne)
        refuses = set(Preference.objects.filter(personne=personne, par_courriel=False).values_list("genre", flat=True))
        initial = {"courriels": [genre.value for genre in self.genres if genre not in refuses]}
        super().__init__(donnees, initial=initial)
        self.fields["courriels"].choices = [(genre.value, genre.label) for genre in self.genres]

    def enregistrer(self) -> None:
        voulus = self.cleaned_data["courriels"]
        Preference.objects.bulk_create(
            [Preference(personne=self.personne, genre=genre, par_courriel=genre in voulus) for genre in self.genres],
            update_conflicts=True,
            unique_fields=["personne", "genre"],
            update_fields=["par_courriel"],
        )


def genres_de(personne) -> list[Genre]:
    genres = [Genre.MES_CONTRIBUTIONS, Genre.SUIVI]
    if personne.est_agent or personne.est_elue or personne.est_mediatrice:
        genres.append(Genre.INSTRUCTION)
    if personne.est_moderatrice:
        genres.append(Genre.MODERATION)
    return genres
