from django import forms
from django.utils.translation import gettext_lazy as _

from projets.models import Thematique
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

    # The wording that one starts from: two co-authors who write at once do not undo each other.
    redaction = forms.IntegerField(
        label=_("Numéro de la rédaction que vous avez lue"), required=False, min_value=0, widget=forms.HiddenInput
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
            "redaction": idee.redaction,
        }

    def repartir_de(self, actuelle):
        """After a conflict: keep what was typed, and take note of the wording that is now kept."""
        self.data = self.data.copy()
        self.data[self.add_prefix("redaction")] = str(actuelle.redaction)

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


class CorrigerForm(IdeeForm):
    """Correct what is published: words, theme and place. People supported the pictures as they are."""

    photo = None  # type: ignore[assignment]  # Django takes an inherited field away by this name
    alternative = None  # type: ignore[assignment]
