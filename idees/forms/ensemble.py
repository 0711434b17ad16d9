"""Forms of what people do together: send what a community wrote, found a working group."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from communautes.models import Communaute
from comptes.models import Role, Utilisateur
from comptes.pseudonymes import cle_de, normaliser
from idees import completude
from idees.models import GroupeDeTravail
from projets.models import Thematique
from socle.champs import TexteCourt, champ_de_saisie
from socle.templatetags.composants import ecrit_ici


class ChoixDeBoite(forms.ModelChoiceField):
    """Each box with its rules: nobody chooses one without having read them."""

    def label_from_instance(self, obj):
        return format_html("{}. {}", ecrit_ici(obj.titre), obj.regles_en_clair())


class DeposerEnsembleForm(forms.Form):
    """Which box, and the theme that an idea must have. The words are those that were signed."""

    boite = ChoixDeBoite(
        None,
        label=_("Boîte à idées"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez la boîte où déposer ce texte."),
            "invalid_choice": _("Cette boîte ne reçoit pas vos idées en ce moment. Choisissez-en une autre."),
        },
    )
    thematique = forms.ModelChoiceField(
        Thematique.objects.none(),
        label=_("Thème"),
        empty_label=_("Choisissez un thème"),
        error_messages={"required": completude.SANS_THEME},
    )
    numero = forms.IntegerField(label=_("Version que vous avez lue"), min_value=1, widget=forms.HiddenInput)
    cle_saisie = forms.UUIDField(label=_("Numéro de ce formulaire"), widget=forms.HiddenInput)

    def __init__(self, *args, boites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["boite"].queryset = boites
        self.fields["thematique"].queryset = Thematique.objects.all()


class GroupeForm(forms.ModelForm):
    """A community of its own, around an idea. An agent says who answers for it; the others are answered by one."""

    animatrice = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label=_("Qui anime le groupe"),
        required=False,
        empty_label=_("Personne pour l’instant"),
        help_text=_("Une des personnes qui ont écrit l’idée. Elle recevra une invitation, et répondra."),
    )
    experte = TexteCourt(
        label=_("Expert·e à inviter"),
        required=False,
        max_length=150,
        help_text=_("Facultatif. Son pseudonyme : la personne recevra une invitation, et répondra."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    referente = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label=_("Référent·e de la collectivité"),
        empty_label=None,
        help_text=_("Elle est membre, et répond de ce groupe pour la collectivité."),
    )

    class Meta:
        model = Communaute
        formfield_callback = champ_de_saisie
        fields = ["nom", "resume", "description", "charte", "acces"]
        error_messages = {
            "nom": {"required": _("Donnez un nom au groupe.")},
            "resume": {"required": _("Dites en une phrase ce que fait le groupe.")},
            "description": {"required": _("Décrivez ce que fait le groupe.")},
            "charte": {"required": _("Écrivez comment on travaille ici.")},
            "acces": {"invalid_choice": GroupeDeTravail.RESTE_CONNU},
        }

    def __init__(self, *args, idee, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.idee, self.par = idee, par
        self.fields["acces"].choices = [(porte.value, porte.label) for porte in GroupeDeTravail.PORTES]
        self.fields["animatrice"].queryset = Utilisateur.objects.filter(pk__in=idee.autrices(), is_active=True)
        if par.est_agent:
            agents = Role.objects.filter(role__in=[Role.Nom.AGENT, Role.Nom.ADMINISTRATRICE]).values("personne")
            self.fields["referente"].queryset = Utilisateur.objects.filter(pk__in=agents, is_active=True)
            self.fields["referente"].initial = par.pk
        else:
            del self.fields["referente"]
            # Whoever founds it leads it; she may name somebody of the team beside her.
            self.fields["animatrice"].queryset = self.fields["animatrice"].queryset.exclude(pk=par.pk)
            self.fields["animatrice"].label = _("Qui anime le groupe avec vous")

    def clean_experte(self):
        dit = normaliser(self.cleaned_data["experte"])
        if not dit:
            return None
        personne = (
            Utilisateur.objects.filter(pseudonyme_cle=cle_de(dit), is_active=True).first() if cle_de(dit) else None
        )
        if personne is None:
            raise forms.ValidationError(_("Nous ne trouvons personne qui s’appelle ainsi."))
        if personne.pk in {self.par.pk, *self.idee.autrices()}:
            raise forms.ValidationError(
                _("Cette personne sera déjà dans le groupe : elle a écrit l’idée, ou vous le fondez.")
            )
        return personne

    @staticmethod
    def depart(idee) -> dict:
        """Words to start from: nobody faces an empty page."""
        return {
            "nom": _nom_du_groupe(idee.titre),
            "resume": _("Un groupe pour faire avancer cette idée avec la collectivité."),
            "description": _(
                "Nous travaillons sur cette idée avec la collectivité : nous lisons ce qu’elle étudie, nous disons ce que nous "
                "en savons, et nous racontons ce qui avance."
            ),
            "charte": _(
                "On s’écoute. On parle du projet, pas des personnes. On dit ce qu’on a fait, et ce qu’on fera."
            ),
            "acces": Communaute.Acces.PUBLIQUE,
        }


def _nom_du_groupe(titre: str) -> str:
    return titre if len(titre) <= 80 else f"{titre[:79].rstrip()}…"
