from django import forms
from django.utils.translation import gettext_lazy as _

from votes.forms.facon import NombreField
from votes.models import Scrutin
from votes.reglement import FORMES_DE
from votes.regles.catalogue import REGLES
from votes.simulation import VOTANTES_MAX, Demande, passes

PASSES_MONTRES = 50
#: Rules whose ballots mean nothing to another one: moments, yes and no.
A_PART = {Scrutin.Regle.PRIORITES, Scrutin.Regle.OUI_NON}


class SimulationForm(forms.Form):
    """Which rules are compared, and on which ballots."""

    regles = forms.MultipleChoiceField(
        label=_("Façons de compter à comparer"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Cochez au moins une façon de compter."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    passe = forms.ChoiceField(
        label=_("Sur les bulletins de"),
        required=False,
        help_text=_("Des bulletins imaginés, ou ceux d’un vote dont les résultats sont proclamés."),
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    votantes = NombreField(
        label=_("Nombre de personnes imaginées"),
        min_value=1,
        max_value=VOTANTES_MAX,
        initial=1000,
        error_messages={"required": _("Dites combien de personnes imaginer.")},
    )
    choix = NombreField(
        label=_("Choix au plus pour chacune"),
        min_value=1,
        max_value=100,
        initial=5,
        error_messages={"required": _("Dites combien de choix chacune peut faire.")},
    )
    graine = NombreField(
        label=_("Numéro du tirage"),
        min_value=1,
        max_value=10**9,
        initial=1,
        help_text=_("Le même numéro donne les mêmes bulletins : une collègue peut refaire votre simulation."),
        error_messages={"required": _("Écrivez un numéro de tirage, 1 par exemple.")},
    )

    def __init__(self, *args, scrutin: Scrutin, par, **kwargs):
        super().__init__(*args, **kwargs)
        memes = [
            regle
            for regle in Scrutin.Regle
            if scrutin.forme in FORMES_DE[regle]
            and REGLES[regle].depense == scrutin.depense
            and (regle == scrutin.regle or not {regle, scrutin.regle} & A_PART)
        ]
        self.fields["regles"].choices = [(regle.value, regle.label) for regle in memes]
        self.fields["regles"].initial = [scrutin.regle]
        autres = passes(par).filter(forme=scrutin.forme).exclude(pk=scrutin.pk).order_by("-proclame_le")
        self.fields["passe"].choices = [
            ("", _("Des bulletins imaginés")),
            *autres.values_list("slug", "titre")[:PASSES_MONTRES],
        ]
        if scrutin.choix_max:
            self.fields["choix"].initial = scrutin.choix_max

    def demande(self) -> Demande:
        dites = self.cleaned_data
        return Demande(
            regles=tuple(dites["regles"]),
            passe=dites["passe"],
            votantes=dites["votantes"],
            choix=dites["choix"],
            graine=dites["graine"],
        )
