"""Forms of the questions to an élue."""

import uuid

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from communautes.actions_questions import mandats_adressables
from comptes.models import Mandat
from reponses.models import Service
from socle.champs import TexteCourt, TexteLibre
from timeline.formulaires import FormulaireDEtape


class ChoixMandat(forms.ModelChoiceField):
    def label_from_instance(self, mandat):
        return str(mandat)


class PoserForm(forms.Form):
    """A question, and to whom. `vues`: the near questions that she has been shown, so that she is asked once."""

    use_required_attribute = False

    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, required=False)
    vues = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    titre = TexteCourt(
        label=_("Votre question"),
        max_length=200,
        help_text=_("Une seule question, en une phrase."),
        error_messages={
            "required": _("Écrivez votre question."),
            "max_length": _("C’est trop long : 200 caractères au maximum. Le reste va dans la case suivante."),
        },
    )
    texte = TexteLibre(
        label=_("Pourquoi vous la posez"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ce qu’il faut savoir pour bien y répondre."),
    )
    mandat = ChoixMandat(
        Mandat.objects.none(),
        label=_("À qui la posez-vous ?"),
        required=False,
        blank=True,  # without it, radio buttons lose their empty choice
        widget=forms.RadioSelect,
        empty_label=_("À la collectivité : elle choisit qui répond"),
        error_messages={
            "invalid_choice": _("Le mandat de cette personne n’est plus en cours : choisissez-en une autre."),
        },
    )

    def __init__(self, *args, communaute, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mandat"].queryset = mandats_adressables(communaute, par)
        self.fields["cle_saisie"].initial = uuid.uuid4

    def clean_cle_saisie(self):
        """A form without its key is a form all the same: a new question."""
        return self.cleaned_data["cle_saisie"] or uuid.uuid4()

    def contenu(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in ("cle_saisie", "titre", "texte", "mandat")}

    def a_montre(self, proches) -> bool:
        """Has she seen these?"""
        vues = set(self.cleaned_data["vues"].split(","))
        return {str(question.pk) for question in proches} <= vues

    def noter_les_vues(self, proches):
        self.data = self.data.copy()
        self.data[self.add_prefix("vues")] = ",".join(str(question.pk) for question in proches)


class PrendreForm(FormulaireDEtape):
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Service chargé de répondre"),
        required=False,
        help_text=_("Son nom sera public, avec la date de la réponse."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.exclude(nom=settings.QUESTIONS_SERVICE)
        self.fields["service"].empty_label = settings.QUESTIONS_SERVICE


class RetirerForm(FormulaireDEtape):
    motif = TexteCourt(
        label=_("Pourquoi retirez-vous votre question ?"),
        max_length=500,
        help_text=_("Les personnes qui la soutiennent liront votre raison."),
        error_messages={"required": _("Écrivez votre raison : elle sera lue.")},
    )
