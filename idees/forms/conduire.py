"""Forms of the agents: rules of a box, frame of a projet born of an idea."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Boite
from projets.models import Projet
from reponses.models import Service
from territoires.models import Territoire


class BoiteForm(forms.ModelForm):
    """The rules of a box, that everybody reads as a sentence."""

    class Meta:
        model = Boite
        fields = [
            "titre",
            "description",
            "etape",
            "territoire",
            "service",
            "seuil_soutiens",
            "delai_reponse",
            "moderation",
            "qui",
            "est_active",
        ]
        help_texts = {
            "etape": _("Laissez vide pour une boîte permanente."),
            "seuil_soutiens": _("Le nombre de soutiens qui oblige la collectivité à répondre."),
            "delai_reponse": _("En jours, à partir du jour où le seuil est atteint."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = Territoire.objects.defer("contour")
        self.fields["etape"].queryset = self.fields["etape"].queryset.select_related("projet")
        self.fields["service"].queryset = Service.objects.all()
        # Offered once there is a page where somebody without an account can propose.
        self.fields["qui"].choices = [choix for choix in Boite.Qui.choices if choix[0] != Boite.Qui.TOUTES]


class ProjetDepuisIdeeForm(forms.ModelForm):
    """The frame of the projet that an accepted idea opens; its words are proposed from the idea."""

    class Meta:
        model = Projet
        fields = ["titre", "resume", "description", *Projet.CADRE, "referente", "territoire", "thematiques"]
        widgets = {"thematiques": forms.CheckboxSelectMultiple}

    def __init__(self, data=None, *, idee, par):
        depart = {
            "titre": idee.titre,
            "resume": Truncator(idee.texte).chars(280),
            "description": idee.texte,
            "referente": par.pk,
            "territoire": idee.territoire_id,
            "thematiques": [idee.thematique_id] if idee.thematique_id else [],
        }
        super().__init__(data, initial=depart)
        agents = Utilisateur.objects.filter(is_active=True, roles_globaux__role__in=["agent", "administratrice"])
        self.fields["referente"].queryset = agents.distinct()
        self.fields["territoire"].queryset = Territoire.objects.defer("contour")
        for nom in (*Projet.CADRE, "referente"):
            self.fields[nom].required = True
