"""Forms of the agents: rules of a box, frame of a projet born of an idea."""

from django import forms
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Boite
from projets.forms import DEMANDES, TOUT_DE_SUITE, EtapeField, ModificationForm
from projets.models import Etape, Projet
from reponses.models import Service
from socle.champs import champ_de_saisie
from territoires.models import Territoire

SEUIL_MAX = 1_000_000  # supports: more than there are people
DELAI_MAX = 365  # days: a longer promise is none
AUX_SUIVANTES = _("Vaut pour les idées à venir : celles qui sont déjà publiées gardent leurs règles.")


class BoiteForm(ModificationForm):
    """The rules of a box, that everybody reads as a sentence."""

    etape = EtapeField(
        Etape.objects.none(),
        label=Boite._meta.get_field("etape").verbose_name,
        required=False,
        empty_label=_("Aucune : la boîte est permanente"),
        help_text=_(
            "Les étapes qui permettent de proposer une idée. Elle s’ouvre et se ferme avec celle que vous choisissez."
        ),
    )

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

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territoire"].queryset = Territoire.objects.defer("contour")
        self.fields["etape"].offrir(Etape.Fonction.PROPOSER, par=par, actuelle=self.instance.etape_id)
        self.fields["service"].queryset = Service.objects.all()


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
        for nom, demande in (TOUT_DE_SUITE | DEMANDES).items():
            self.fields[nom].required = True
            self.fields[nom].error_messages["required"] = demande
