from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Projet, Thematique
from reponses.models import Service
from socle.images import ImageRefusee, reencoder
from territoires.champs import LieuForm
from territoires.models import Territoire


class IdeeForm(LieuForm):
    """Propose an idea: title, text, theme; place and photo if one wants."""

    titre = forms.CharField(
        label=_("Votre idée en quelques mots"),
        min_length=8,
        max_length=120,
        help_text=_("Comme vous le diriez à un voisin."),
        error_messages={
            "required": _("Donnez un titre à votre idée."),
            "min_length": _("Ce titre est trop court : quelques mots suffisent."),
        },
    )
    texte = forms.CharField(
        label=_("Décrivez votre idée"),
        min_length=20,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Quel est le besoin ? Que proposez-vous ? Pour qui ?"),
        error_messages={
            "required": _("Décrivez votre idée en une ou deux phrases."),
            "min_length": _("Dites-en un peu plus : une ou deux phrases."),
        },
    )
    thematique = forms.ModelChoiceField(
        Thematique.objects.none(),
        label=_("Thème"),
        empty_label=_("Choisissez un thème"),
        error_messages={"required": _("Choisissez le thème le plus proche.")},
    )
    lieu_en_mots = forms.CharField(
        label=_("Lieu, en quelques mots"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Par exemple : devant la médiathèque")}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. La position cachée dans la photo est effacée."),
    )
    alternative = forms.CharField(
        label=_("Ce que montre la photo"),
        max_length=200,
        required=False,
        help_text=_("Pour les personnes qui ne la voient pas."),
    )

    def __init__(self, *args, idee=None, **kwargs):
        self.idee = idee
        if idee is not None:
            kwargs.setdefault("initial", self._depuis(idee))
        super().__init__(*args, **kwargs)
        self.fields["thematique"].queryset = Thematique.objects.all()
        lieux = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).defer("contour")
        self.fields["commune"].queryset = lieux
        self.fields["commune"].label = _("Commune ou quartier")
        self.fields["commune"].empty_label = _("Partout, ou je ne sais pas")

    @staticmethod
    def _depuis(idee):
        return {
            "titre": idee.titre,
            "texte": idee.texte,
            "thematique": idee.thematique_id,
            "commune": idee.territoire_id,
            "lieu_en_mots": idee.lieu,
            "latitude": idee.latitude,
            "longitude": idee.longitude,
        }

    def clean_photo(self):
        fichier = self.cleaned_data["photo"]
        if not fichier:
            return None
        try:
            return reencoder(fichier)
        except ImageRefusee as refus:
            raise forms.ValidationError(str(refus)) from refus

    def clean(self):
        donnees = super().clean()
        if donnees.get("photo") and not donnees.get("alternative"):
            self.add_error("alternative", _("Dites en quelques mots ce que montre la photo."))
        return donnees

    def valeurs(self) -> dict:
        """Fields of the idea, photo apart."""
        donnees = self.cleaned_data
        lieu = donnees.get("lieu")
        return {
            "titre": " ".join(donnees["titre"].split()),
            "texte": donnees["texte"].strip(),
            "thematique": donnees["thematique"],
            "territoire": donnees.get("commune"),
            "lieu": donnees["lieu_en_mots"],
            "latitude": lieu.lat if lieu else None,
            "longitude": lieu.lon if lieu else None,
        }


class FormulaireDEtape(forms.Form):
    """Base of the forms that a transition asks for (see `timeline.views.etape`)."""

    def __init__(self, *args, objet=None, par=None, **kwargs):
        self.objet, self.par = objet, par
        super().__init__(*args, **kwargs)


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


class RetirerForm(FormulaireDEtape):
    motif = forms.CharField(
        label=_("Pourquoi retirez-vous votre idée ?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez votre raison : les personnes qui soutiennent l’idée la liront.")},
    )


class FusionnerForm(FormulaireDEtape):
    avec = forms.ModelChoiceField(
        Idee.objects.none(),
        label=_("Numéro de l’idée à rejoindre"),
        widget=forms.NumberInput,
        help_text=_(
            "Le numéro est écrit sur la page de l’idée. Les soutiens la rejoignent, chaque personne compte une fois."
        ),
        error_messages={
            "required": _("Écrivez le numéro de l’autre idée."),
            "invalid_choice": _("Il n’y a pas d’idée ouverte avec ce numéro."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ouvertes = Idee.objects.visibles_par(self.par).filter(etat__in=Idee.ETATS_SOUTENABLES, masquee_le__isnull=True)
        self.fields["avec"].queryset = ouvertes.exclude(pk=self.objet.pk)


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
