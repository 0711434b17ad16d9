"""Forms that the transitions of an idea ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reponses.models import Service
from socle.champs import TexteLibre
from timeline.formulaires import FormulaireDEtape


class PrendreForm(FormulaireDEtape):
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Service chargé de répondre"),
        empty_label=_("Choisissez un service"),
        help_text=_("Son nom sera public, avec la date de la réponse."),
        error_messages={"required": _("Choisissez le service qui répondra.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.all()
        self.fields["service"].initial = self.objet.boite.service_id


class AcheverForm(FormulaireDEtape):
    merci = TexteLibre(
        label=_("Votre mot de remerciement"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Il sera dans le courriel et sur la page de l’idée. Ne nommez personne sans son accord : il ne changera plus."
        ),
    )


class RetirerForm(FormulaireDEtape):
    motif = TexteLibre(
        label=_("Pourquoi retirez-vous votre idée ?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez votre raison : les personnes qui soutiennent l’idée la liront.")},
    )
