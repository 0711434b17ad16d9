"""Forms that the transitions of a community ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comptes.models import Role, Utilisateur
from socle.champs import TexteLibre
from timeline.formulaires import FormulaireDEtape


class MotifForm(FormulaireDEtape):
    motif = TexteLibre(
        label=_("Votre raison"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Écrite pour la personne ou les personnes concernées : elles la liront."),
        error_messages={"required": _("Écrivez votre raison : elle sera lue.")},
    )


class DemanderForm(FormulaireDEtape):
    message = TexteLibre(
        label=_("Votre message"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Facultatif. Seules les personnes qui animent la communauté le liront."),
    )


class OuvrirForm(FormulaireDEtape):
    referente = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label=_("Référent·e de la collectivité"),
        empty_label=_("Choisissez une personne"),
        help_text=_("Elle est membre, et répond de cette communauté pour la collectivité."),
        error_messages={"required": _("Choisissez la personne référente.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agents = Role.objects.filter(role__in=[Role.Nom.AGENT, Role.Nom.ADMINISTRATRICE]).values("personne")
        self.fields["referente"].queryset = Utilisateur.objects.filter(pk__in=agents, is_active=True)
        self.fields["referente"].initial = self.par.pk


class TrancherForm(FormulaireDEtape):
    reponse = TexteLibre(
        label=_("Votre réponse motivée"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("La personne exclue et celles qui animent la communauté la liront."),
        error_messages={"required": _("Écrivez pourquoi vous décidez ainsi.")},
    )
