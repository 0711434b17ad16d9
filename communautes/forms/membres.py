"""Forms of those who are in, or would be."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communautes.models import Adhesion
from communautes.permissions import tient_une_place
from comptes.models import Role, Utilisateur
from socle.champs import TexteCourt, TexteLibre

R = Adhesion.Role


class RejoindreForm(forms.Form):
    """A first request, where one asks."""

    message = TexteLibre(
        label=_("Votre message"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Qui vous êtes, pourquoi vous voulez entrer. Seules les personnes qui animent le liront."),
    )


class InviterForm(forms.Form):
    pseudonyme = TexteCourt(
        label=_("Pseudonyme de la personne"),
        max_length=60,
        help_text=_("Comme elle l’écrit sur ce site. Elle lira la page d’accueil, puis dira oui ou non."),
        error_messages={"required": _("Écrivez le pseudonyme de la personne.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("À quel titre"),
        choices=[
            (R.MEMBRE, _("Membre")),
            (R.EXPERTE, _("Expert·e : ses mots le diront")),
        ],
        initial=R.MEMBRE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez à quel titre."), "invalid_choice": _("Choisissez à quel titre.")},
    )

    def __init__(self, *args, communaute, **kwargs):
        super().__init__(*args, **kwargs)
        if communaute.est_tiree:
            role = self.fields["role"]
            role.choices = [choix for choix in role.choices if choix[0] != R.MEMBRE]
            role.initial = R.EXPERTE
            role.help_text = _("Les membres de ce panel sont tirés au sort.")


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Son rôle"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez un rôle."),
            "invalid_choice": _("Choisissez un rôle parmi ceux qui sont proposés."),
        },
    )

    def __init__(self, *args, adhesion, **kwargs):
        kwargs.setdefault("initial", {"role": adhesion.role})
        super().__init__(*args, **kwargs)
        libelles = {
            R.MEMBRE: _("Membre"),
            R.EXPERTE: _("Expert·e : ses mots le diront"),
            R.ANIMATRICE: _("Animation : accueillir, inviter, modifier la page"),
            R.REFERENTE: _(
                "Référent·e de la collectivité : prend la place de la personne actuelle, qui reste à l’animation"
            ),
        }
        if not adhesion.personne.est_agent:
            del libelles[R.REFERENTE]
        if adhesion.communaute.est_tiree:
            del libelles[R.EXPERTE if tient_une_place(adhesion.communaute, adhesion.personne) else R.MEMBRE]
        self.fields["role"].choices = list(libelles.items())


class NommerForm(forms.Form):
    """The référent·e of the city, where there is none any more."""

    referente = forms.ModelChoiceField(
        Utilisateur.objects.none(),
        label=_("Référent·e de la collectivité"),
        empty_label=_("Choisissez une personne"),
        help_text=_("Elle devient membre, et répond de cette communauté pour la collectivité. Les membres le liront."),
        error_messages={"required": _("Choisissez la personne référente.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agents = Role.objects.filter(role__in=[Role.Nom.AGENT, Role.Nom.ADMINISTRATRICE]).values("personne")
        self.fields["referente"].queryset = Utilisateur.objects.filter(pk__in=agents, is_active=True)


class AppelForm(forms.Form):
    texte = TexteLibre(
        label=_("Pourquoi cette exclusion n’est pas juste"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Une personne de la médiation ou de la collectivité, qui n’a pas décidé de l’exclusion, le lira. "
            "Les personnes qui animent ne liront que sa réponse."
        ),
        error_messages={"required": _("Écrivez pourquoi cette exclusion n’est pas juste.")},
    )
