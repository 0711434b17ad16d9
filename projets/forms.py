import hashlib
from datetime import UTC

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptes.models import Mandat, Role
from projets.models import Actualite, Etape, Projet, RoleProjet
from projets.regles import defauts_des_dates
from socle.champs import TexteCourt, champ_de_saisie
from socle.fichiers import DocumentField
from territoires.models import Territoire

#: What each part of the frame must tell, asked when it is left blank.
#: What a draft cannot do without, then what an announced projet cannot: the sentence beside a field left empty.
TOUT_DE_SUITE = {
    "titre": _("Donnez un titre au projet."),
    "resume": _("Dites le projet en une phrase."),
}
DEMANDES = {
    "perimetre": _("Écrivez de quoi on parle, et ce qui n’en fait pas partie."),
    "non_negociable": _("Écrivez ce qui n’est pas négociable. Si tout est ouvert, écrivez-le."),
    "decideur": _("Écrivez qui prend la décision, par exemple le conseil métropolitain."),
    "niveau": _("Choisissez ce que vous demandez aux habitantes et aux habitants."),
    "calendrier": _("Écrivez les grandes dates, jusqu’à la réponse."),
    "modalite_reponse": _("Écrivez comment et quand la réponse sera donnée."),
    "referente": _("Choisissez la personne à qui s’adresser."),
}


class ModificationForm(forms.ModelForm):
    """Form over something that others change too: what was changed meanwhile is not overwritten unread."""

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.present = self._empreinte() if self.instance.pk else ""
        self.initial["vu"] = self.present

    def _empreinte(self) -> str:
        """Short digest of the fields as they stand in the base."""
        valeurs = forms.models.model_to_dict(self.instance, fields=self._meta.fields)
        lisibles = [
            (nom, sorted(str(getattr(element, "pk", element)) for element in v) if isinstance(v, list) else str(v))
            for nom, v in valeurs.items()
        ]
        return hashlib.sha256(repr(sorted(lisibles)).encode()).hexdigest()[:16]

    def clean(self):
        donnees = super().clean()
        if self.present and donnees.pop("vu", "") != self.present:
            # Sent again, these words win: this time the person knows.
            self.data = self.data.copy()
            self.data[self.add_prefix("vu")] = self.present
            raise ValidationError(
                _("Quelqu’un a changé cette page pendant que vous écriviez. Relisez-la, puis enregistrez de nouveau."),
                code="entretemps",
            )
        return donnees

    def valeurs(self) -> dict:
        """What the action is given."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "vu"}


class ProjetForm(ModificationForm):
    class Meta:
        model = Projet
        formfield_callback = champ_de_saisie
        fields = ["titre", "resume", *Projet.CADRE, "referente", "territoire", "thematiques", "description"]
        widgets = {
            "resume": forms.Textarea(attrs={"rows": 2}),
            "perimetre": forms.Textarea(attrs={"rows": 4}),
            "non_negociable": forms.Textarea(attrs={"rows": 3}),
            "niveau": forms.RadioSelect,
            "calendrier": forms.Textarea(attrs={"rows": 3}),
            "modalite_reponse": forms.Textarea(attrs={"rows": 3}),
            "thematiques": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 12}),
        }
        help_texts = {
            "titre": _("Court et concret : ce qui va changer, et où."),
            "resume": _("Ce que chacun doit comprendre, même sans lire la suite."),
            "non_negociable": _("Ce qui est déjà décidé, ou que la loi impose. Si tout est ouvert, écrivez-le."),
            "decideur": _("La personne ou l’assemblée qui prend la décision."),
            "calendrier": _("Les grandes dates, jusqu’à la réponse."),
            "modalite_reponse": _("Sous quelle forme, par qui, et quand."),
            "referente": _("La personne à qui s’adresser. Son pseudonyme sera public."),
            "description": _("Le contexte. Vous pouvez mettre des titres, des listes et des liens (Markdown)."),
        }
        error_messages = {nom: {"required": demande} for nom, demande in TOUT_DE_SUITE.items()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["niveau"].choices = [("", _("À préciser plus tard")), *Projet.Niveau.choices]
        self.fields["referente"].queryset = _referentes_possibles(self.instance)
        self.fields["referente"].empty_label = _("À choisir plus tard")
        self.fields["territoire"].queryset = Territoire.objects.defer("contour").order_by("genre", "slug")
        self.fields["territoire"].empty_label = _("Pas de lieu précis")
        if self.instance.est_annonce:
            self._exiger_le_cadre()
        if self.instance.etat in Projet.DECIDES:
            for nom in Projet.CADRE:
                self.fields[nom].disabled = True

    def _exiger_le_cadre(self):
        for nom, demande in DEMANDES.items():
            self.fields[nom].required = True
            self.fields[nom].error_messages["required"] = demande
        self.fields["niveau"].choices = Projet.Niveau.choices
        self.fields["referente"].empty_label = None


def _referentes_possibles(projet):
    """Agents, and whoever is référent·e today."""
    agents = Role.objects.filter(role__in=[Role.Nom.AGENT, Role.Nom.ADMINISTRATRICE]).values("personne")
    personnes = get_user_model().objects.filter(Q(pk__in=agents) | Q(pk=projet.referente_id), is_active=True)
    return personnes.order_by("pseudonyme")


class MomentField(forms.DateTimeField):
    """A date and an hour of the site's time zone, typed or picked."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "required": _("Indiquez le jour et l’heure."),
        "invalid": _("Écrivez un jour et une heure, par exemple 31/03/2027 23:59."),
        "changement_d_heure": _(
            "Cette heure tombe dans la nuit du changement d’heure : elle n’existe pas, ou elle existe deux fois. "
            "Choisissez une heure avant 2 h ou après 3 h."
        ),
        "lointain": _("Cette date est trop loin : vérifiez l’année."),
    }
    ANNEES = range(2000, 2101)

    def to_python(self, value):
        try:
            moment = super().to_python(value)
        except ValidationError as erreur:
            if erreur.code != "ambiguous_timezone":
                raise
            raise ValidationError(self.error_messages["changement_d_heure"], code="changement_d_heure") from None
        except OverflowError:
            raise ValidationError(self.error_messages["lointain"], code="lointain") from None
        if moment and moment.year not in self.ANNEES:
            raise ValidationError(self.error_messages["lointain"], code="lointain")
        # In one zone, Python subtracts what clocks show, and misses the hour of a clock change.
        return moment and moment.astimezone(UTC)


class EtapeField(forms.ModelChoiceField):
    """The stage that opens something else: a call for ideas, a consultation, a vote."""

    default_error_messages = {"invalid_choice": _("Choisissez une étape de la liste.")}

    def label_from_instance(self, etape):
        return f"{etape.projet.titre} · {etape.titre}"

    def offrir(self, fonction: str, *, par, actuelle) -> None:
        """Stages to come or under way that open `fonction`, of the projets that `par` conducts; and the one it has.

        Who is no agent has no place outside her projets: she must choose one.
        """
        possibles = Etape.objects.visibles_par(par).exclude(etat__in=Etape.FINIES)
        if not par.est_agent:
            possibles = possibles.filter(projet__referente=par)
            self.required, self.empty_label = True, None
            self.error_messages["required"] = _("Choisissez une étape de votre projet.")
        # The bases do not search a JSON list alike.
        ouvertes = [pk for pk, ouvre in possibles.values_list("pk", "ouvre") if fonction in ouvre]
        choisissables = Etape.objects.filter(pk__in=[*ouvertes, actuelle or 0])
        self.queryset = choisissables.select_related("projet").order_by("projet__titre", "ouvre_le")
        if self.required and not ouvertes and not actuelle:
            self.help_text = _("Aucune étape de vos projets ne le permet : cochez-le d’abord dans l’une d’elles.")


class PeriodeForm(ModificationForm):
    """Form over what opens and closes by itself, at `ouvre_le` and `ferme_le`: two `MomentField` of whoever inherits.

    `avant` holds what stood in the base before the form was read.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.avant = {nom: getattr(self.instance, nom) for nom in ("ouvre_le", "ferme_le")}

    def clean_ouvre_le(self):
        return self._sans_perdre_les_secondes("ouvre_le")

    def clean_ferme_le(self):
        return self._sans_perdre_les_secondes("ferme_le")

    def _sans_perdre_les_secondes(self, nom):
        """The field shows minutes: what was not touched stays as it was, to the second."""
        saisi, avant = self.cleaned_data[nom], self.avant[nom]
        inchange = self.fields[nom].disabled or (avant and saisi == avant.replace(second=0, microsecond=0))
        return avant if inchange else saisi


class EtapeForm(PeriodeForm):
    ouvre_le = MomentField(label=_("Début"))
    ferme_le = MomentField(label=_("Fin"), help_text=_("Ce qu’on peut y faire s’arrête à cette minute."))
    ouvre = forms.MultipleChoiceField(
        label=_("Ce qu’on peut y faire"),
        choices=Etape.Fonction,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ouvert du début à la fin de l’étape, sans autre geste de votre part."),
        error_messages={"invalid_choice": _("Choisissez parmi les actions proposées.")},
    )

    class Meta:
        model = Etape
        formfield_callback = champ_de_saisie
        fields = ["titre", "genre", "ouvre_le", "ferme_le", "ouvre", "lieu", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "titre": {"required": _("Donnez un titre à l’étape.")},
            "genre": {"required": _("Choisissez le type d’étape.")},
        }

    def __init__(self, *args, projet, **kwargs):
        self.projet = projet
        super().__init__(*args, **kwargs)
        self.fields["genre"].choices = [("", _("Choisissez un type")), *Etape.Genre.choices]
        self.avant["ouvre"] = self.instance.ouvre

    def clean_ouvre(self):
        """In the order of the list, whatever the order of the boxes."""
        return [code for code in Etape.Fonction.values if code in self.cleaned_data["ouvre"]]

    def clean(self):
        donnees = super().clean()
        if donnees.get("ouvre_le") and donnees.get("ferme_le"):
            torts = defauts_des_dates(
                ouvre_le=donnees["ouvre_le"],
                ferme_le=donnees["ferme_le"],
                avant=self._etape_avant(),
                annonce=self.projet.est_annonce,
            )
            for champ, phrase in torts.items():
                self.add_error(champ, phrase)
        return donnees

    def _etape_avant(self):
        """The stage as it stands: the instance of a form carries what was typed only after `clean`."""
        return self.instance if self.instance.pk else None


class DocumentForm(forms.Form):
    titre = TexteCourt(
        label=_("Titre"),
        max_length=160,
        help_text=_("Le nom que tout le monde lira, par exemple : Synthèse des contributions."),
        error_messages={"required": _("Donnez un titre au document.")},
    )
    fichier = DocumentField(label=_("Fichier"))


class VersionForm(forms.Form):
    fichier = DocumentField(label=_("Nouveau fichier"))
    note = TexteCourt(
        label=_("Ce qui change"),
        max_length=200,
        help_text=_("En une phrase, pour celles et ceux qui ont déjà lu la version d’avant."),
        error_messages={"required": _("Dites en une phrase ce qui change.")},
    )


class ActualiteForm(forms.ModelForm):
    class Meta:
        model = Actualite
        formfield_callback = champ_de_saisie
        fields = ["titre", "texte"]
        widgets = {"texte": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"texte": _("Vous pouvez mettre des listes et des liens (Markdown).")}
        error_messages = {
            "titre": {"required": _("Donnez un titre à l’actualité.")},
            "texte": {"required": _("Écrivez l’actualité.")},
        }


class RoleForm(forms.Form):
    courriel = forms.EmailField(
        label=_("Adresse e-mail de son compte"),
        help_text=_("Elle ne sera pas montrée : seul le pseudonyme l’est."),
        error_messages={
            "required": _("Écrivez l’adresse de la personne."),
            "invalid": _("Écrivez une adresse complète, par exemple camille@exemple.fr."),
        },
    )
    role = forms.ChoiceField(
        label=_("Rôle dans ce projet"),
        choices=RoleProjet.Nom,
        error_messages={"required": _("Choisissez un rôle."), "invalid_choice": _("Choisissez un rôle de la liste.")},
    )

    def clean_courriel(self):
        personne = get_user_model().objects.filter(email=self.cleaned_data["courriel"].lower(), is_active=True).first()
        if personne is None:
            raise ValidationError(_("Aucun compte n’a cette adresse. La personne doit d’abord s’inscrire."))
        self.personne = personne
        return self.cleaned_data["courriel"]

    def clean(self):
        donnees = super().clean() or self.cleaned_data
        if donnees.get("role") == RoleProjet.Nom.ELUE and "courriel" in donnees and not self._a_un_mandat():
            self.add_error(
                "role", _("Cette personne n’a pas de mandat en cours : un administrateur l’enregistre d’abord.")
            )
        return donnees

    def _a_un_mandat(self) -> bool:
        """She may sign in this projet: in whose name must be known."""
        return Mandat.objects.en_cours().filter(personne=self.personne).exists()
