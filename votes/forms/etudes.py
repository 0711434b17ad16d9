"""Forms of feasibility studies: which services are asked, and what each answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reponses.models import Service
from socle.champs import PlusieursField, TexteCourt, TexteLibre
from timeline.formulaires import FormulaireDEtape
from votes.models import Etude, Option, Scrutin
from votes.montants import EurosField


def _long(nom: str) -> int:
    return Etude._meta.get_field(nom).max_length or 0


class DemanderForm(forms.Form):
    """Several services, several options, one date."""

    services = PlusieursField(
        Service.objects.none(),
        label=_("Services"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez un service au moins."),
            "invalid_choice": _("Choisissez des services de la liste."),
            "invalid_pk_value": _("Choisissez des services de la liste."),
        },
    )
    attendue_le = forms.DateField(
        label=_("Réponse attendue le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Avant l’ouverture du vote."),
        error_messages={
            "required": _("Choisissez une date."),
            "invalid": _("Écrivez une date, par exemple 31/03/2027."),
        },
    )
    options = PlusieursField(
        Option.objects.none(),
        label=_("Propositions à étudier"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez une proposition au moins."),
            "invalid_choice": _("Choisissez des propositions de ce vote."),
            "invalid_pk_value": _("Choisissez des propositions de ce vote."),
        },
    )

    def __init__(self, *args, scrutin: Scrutin, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = Service.objects.all()
        self.fields["options"].queryset = scrutin.options.all()


class EtudeForm(forms.Form):
    """What a service says (transition `rendre`, see `timeline.views.etape`). Everybody will read it with the option."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        choices=Etude.Conclusion.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une conclusion."),
            "invalid_choice": _("Choisissez une conclusion de la liste."),
        },
    )
    motif = TexteLibre(
        label=_("Explication"),
        max_length=_long("motif"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("En mots simples : ce qui le permet, ou ce qui l’empêche."),
        error_messages={"required": _("Expliquez cette conclusion : elle sera publique.")},
    )
    alternative = TexteLibre(
        label=_("Ce qui serait possible à la place"),
        required=False,
        max_length=_long("alternative"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire si ce n’est pas faisable."),
    )
    cout = EurosField(label=_("Coût estimé, en euros"), required=False)
    cout_motif = TexteCourt(
        label=_("D’où vient ce coût"),
        required=False,
        max_length=_long("cout_motif"),
        help_text=_("Un devis, un chantier semblable, une estimation…"),
    )
    calendrier = TexteCourt(
        label=_("Durée et calendrier"),
        required=False,
        max_length=_long("calendrier"),
        help_text=_("Par exemple : six mois d’études, puis trois mois de travaux."),
    )
    entretien = TexteCourt(label=_("Entretien : par qui, pour combien"), required=False, max_length=_long("entretien"))

    def __init__(self, data=None, *, objet: Etude, par=None):
        """What was said before it was taken back is there to be corrected."""
        super().__init__(data, initial={nom: getattr(objet, nom) for nom in self.base_fields})

    def clean(self):
        donnees = super().clean()
        infaisable = donnees.get("conclusion") == Etude.Conclusion.NON_FAISABLE
        if infaisable and not donnees.get("alternative") and "alternative" not in self.errors:
            self.add_error("alternative", _("Dites ce qui serait possible à la place."))
        if donnees.get("cout") is not None and not donnees.get("cout_motif") and "cout_motif" not in self.errors:
            self.add_error("cout_motif", _("Dites d’où vient ce coût."))
        return donnees


class JoindreForm(forms.Form):
    """The other option, which comes from an idea too."""

    avec = forms.ModelChoiceField(
        Option.objects.none(),
        label=_("Joindre avec"),
        empty_label=_("Choisissez une proposition"),
        error_messages={
            "required": _("Choisissez une proposition."),
            "invalid_choice": _("Choisissez une proposition de ce vote."),
        },
    )

    def __init__(self, *args, option: Option, **kwargs):
        super().__init__(*args, **kwargs)
        autres = option.scrutin.options.exclude(pk=option.pk).filter(idee__isnull=False)
        self.fields["avec"].queryset = autres.select_related("idee")


class DemanderLAccordForm(forms.Form):
    """Why the two would go to the vote together, for their authors to read."""

    motif = TexteLibre(
        label=_("Pourquoi les présenter ensemble ?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Les auteurs des deux idées liront ces mots, et répondront chacun."),
        error_messages={"required": _("Écrivez pourquoi : les auteurs le liront.")},
    )


class FinDeJonctionForm(FormulaireDEtape):
    motif = TexteCourt(
        label=_("Votre raison"), required=False, max_length=500, help_text=_("Facultatif. Les autres la liront.")
    )
