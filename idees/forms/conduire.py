"""Forms of the agents: rules of a box, frame of a projet born of an idea."""

from django import forms
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Boite
from projets.models import Etape, Projet
from reponses.models import Service
from socle.champs import champ_de_saisie
from territoires.models import Territoire

SEUIL_MAX = 1_000_000  # supports: more than there are people
DELAI_MAX = 365  # days: a longer promise is none
AUX_SUIVANTES = _("Vaut pour les idées à venir : celles qui sont déjà publiées gardent leurs règles.")


class BoiteForm(forms.ModelForm):
    """The rules of a box, that everybody reads as a sentence."""

    seuil_soutiens = forms.IntegerField(
        label=_("Soutiens qui lancent l’étude"),
        help_text=format_lazy(
            "{} {}", _("Le nombre de soutiens qui oblige la collectivité à répondre."), AUX_SUIVANTES
        ),
        initial=Boite._meta.get_field("seuil_soutiens").default,
        min_value=1,
        max_value=SEUIL_MAX,
        error_messages={
            "required": _("Écrivez le nombre de soutiens qui lance l’étude."),
            "invalid": _("Écrivez un nombre entier, par exemple 50."),
            "min_value": _("Il faut au moins un soutien."),
            "max_value": _("Ce seuil ne serait jamais atteint : un million de soutiens au plus."),
        },
    )
    delai_reponse = forms.IntegerField(
        label=_("Délai de réponse, en jours"),
        help_text=format_lazy("{} {}", _("En jours, à partir du jour où le seuil est atteint."), AUX_SUIVANTES),
        initial=Boite._meta.get_field("delai_reponse").default,
        min_value=1,
        max_value=DELAI_MAX,
        error_messages={
            "required": _("Écrivez le nombre de jours pour répondre."),
            "invalid": _("Écrivez un nombre entier, par exemple 60."),
            "min_value": _("Il faut au moins un jour pour répondre."),
            "max_value": _("Une réponse se donne en un an au plus : 365 jours."),
        },
    )

    class Meta:
        model = Boite
        formfield_callback = champ_de_saisie
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
        }

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = Territoire.objects.defer("contour")
        self._proposer_les_etapes(par)
        self.fields["service"].queryset = Service.objects.all()

    def _proposer_les_etapes(self, par):
        """A référent·e keeps her box in the projets that she conducts; agents put it where they like, or nowhere."""
        etape = self.fields["etape"]
        etape.queryset = Etape.objects.visibles_par(par).select_related("projet")
        if not par.est_agent:
            etape.queryset = etape.queryset.filter(projet__referente=par)
            etape.required, etape.help_text, etape.empty_label = True, "", None
            etape.error_messages["required"] = _("Choisissez une étape de votre projet.")


class ProjetDepuisIdeeForm(forms.ModelForm):
    """The frame of the projet that `source` opens, an accepted idea or an elected option: its words are proposed."""

    class Meta:
        model = Projet
        formfield_callback = champ_de_saisie
        fields = ["titre", "resume", "description", *Projet.CADRE, "referente", "territoire", "thematiques"]
        widgets = {"thematiques": forms.CheckboxSelectMultiple}

    def __init__(self, data=None, *, source, par):
        depart = {
            "titre": source.titre,
            "resume": Truncator(source.texte).chars(280),
            "description": source.texte,
            "referente": par.pk,
            "territoire": source.territoire_id,
            "thematiques": [source.thematique_id] if source.thematique_id else [],
        }
        super().__init__(data, initial=depart)
        agents = Utilisateur.objects.filter(is_active=True, roles_globaux__role__in=["agent", "administratrice"])
        self.fields["referente"].queryset = agents.distinct()
        self.fields["territoire"].queryset = Territoire.objects.defer("contour")
        for nom in (*Projet.CADRE, "referente"):
            self.fields[nom].required = True
