"""What people write when two ideas are united, and when they are separated."""

from django import forms
from django.utils.translation import gettext_lazy as _

from socle.champs import TexteLibre
from timeline.formulaires import FormulaireDEtape

LONGUEUR = 500  # characters of a reason


def raison(libelle, exige="", **options):
    """A short public reason; required when `exige` says so in words."""
    return TexteLibre(
        label=libelle,
        max_length=LONGUEUR,
        required=bool(exige),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": exige} if exige else None,
        **options,
    )


class ReunirForm(forms.Form):
    """Propose to unite two ideas. Agents may do it without waiting; authors ask each other."""

    motif = raison(
        _("Pourquoi réunir ces deux idées ?"),
        exige=_("Écrivez pourquoi : les auteurs et les personnes qui les soutiennent le liront."),
        help_text=_("Votre raison sera publique."),
    )
    sans_attendre = forms.BooleanField(
        label=_("Réunir tout de suite, sans attendre l’accord des auteurs"),
        required=False,
        help_text=_("Les auteurs sont prévenus, et liront pourquoi."),
    )
    urgence = raison(_("Pourquoi ne pas attendre ?"))

    def __init__(self, *args, peut_imposer, **kwargs):
        super().__init__(*args, **kwargs)
        if not peut_imposer:
            del self.fields["sans_attendre"], self.fields["urgence"]

    def clean(self):
        saisie = super().clean()
        if saisie.get("sans_attendre") and not saisie.get("urgence") and "urgence" not in self.errors:
            self.add_error("urgence", _("Écrivez pourquoi il ne faut pas attendre les auteurs."))
        return saisie

    def valeurs(self) -> dict[str, str]:
        """For `fusion.proposer`; a reason not to wait counts only for who asked not to."""
        urgence = self.cleaned_data.get("urgence", "") if self.cleaned_data.get("sans_attendre") else ""
        return {"motif": self.cleaned_data["motif"], "urgence": urgence}


class FinForm(FormulaireDEtape):
    motif = raison(_("Pourquoi ?"), help_text=_("Si vous l’écrivez, tout le monde pourra le lire."))


class ImposerForm(FormulaireDEtape):
    urgence = raison(_("Pourquoi ne pas attendre ?"), exige=_("Écrivez pourquoi il ne faut pas attendre les auteurs."))


class SeparerForm(FormulaireDEtape):
    motif = raison(
        _("Pourquoi séparer ces deux idées ?"),
        exige=_("Écrivez pourquoi : les personnes qui soutiennent ces idées le liront."),
    )
