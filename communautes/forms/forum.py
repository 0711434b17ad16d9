"""What members type: a thread, a poll, a document."""

from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communautes.models import DocumentPartage, Option, Sondage, Sujet, VersionDocument
from communautes.models.sondage import en_double
from socle.champs import TexteCourt, TexteLibre
from socle.fichiers import DocumentField
from socle.images import ImageRefusee, reencoder


class MotsDuSujetForm(forms.Form):
    """The words of a thread; `vu` is the number of corrections that the person saw."""

    titre = TexteCourt(
        label=_("Titre"),
        max_length=Sujet.TITRE_MAX,
        help_text=_("De quoi voulez-vous parler ?"),
        error_messages={"required": _("Donnez un titre à votre sujet.")},
    )
    texte = TexteLibre(
        label=_("Votre message"),
        max_length=Sujet.TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Vous pouvez mettre des listes et des liens (Markdown). Corrigeable pendant un quart d’heure."),
        error_messages={"required": _("Écrivez votre message.")},
    )
    vu = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1000, required=False)


class SujetForm(MotsDuSujetForm):
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. La position cachée dans la photo est effacée."),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    alternative = TexteCourt(
        label=_("Ce que montre la photo"),
        max_length=200,
        required=False,
        help_text=_("Pour les personnes qui ne la voient pas."),
    )
    officielle = forms.BooleanField(
        label=_("Au nom de la collectivité"),
        required=False,
        help_text=_("Votre sujet portera la mention « Parole officielle », avec votre fonction."),
    )

    def __init__(self, *args, officielle=False, **kwargs):
        """`officielle`: may she speak for the city here?"""
        super().__init__(*args, **kwargs)
        if not officielle:
            del self.fields["officielle"]

    def clean_photo(self):
        """The encodings of the picture, or None."""
        fichier = self.cleaned_data["photo"]
        try:
            return reencoder(fichier) if fichier else None
        except ImageRefusee as raison:
            raise ValidationError(str(raison)) from raison

    def clean(self):
        donnees = super().clean()
        if donnees.get("photo") and not donnees.get("alternative") and "alternative" not in self.errors:
            self.add_error("alternative", gettext("Dites en quelques mots ce que montre la photo."))
        return donnees

    def valeurs(self) -> dict:
        donnees = self.cleaned_data
        return {
            "titre": donnees["titre"],
            "texte": donnees["texte"],
            "photo": donnees["photo"],
            "alternative": donnees["alternative"] if donnees["photo"] else "",
            "officielle": donnees.get("officielle", False),
        }


class SondageForm(forms.Form):
    question = TexteCourt(
        label=_("Votre question"),
        max_length=Sondage.QUESTION_MAX,
        error_messages={"required": _("Écrivez votre question.")},
    )
    options = TexteLibre(
        label=_("Les réponses possibles"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Une par ligne, de deux à dix."),
        error_messages={"required": _("Écrivez les réponses, une par ligne.")},
    )
    plusieurs = forms.BooleanField(label=_("On peut en choisir plusieurs"), required=False)
    ferme_le = forms.DateField(
        label=_("Dernier jour pour répondre"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Sans date, les personnes qui animent la communauté le terminent."),
        error_messages={"invalid": _("Écrivez une date, par exemple 2027-03-31.")},
    )

    def clean_options(self):
        """The lines that say something, in their order. Two answers that read the same would share their votes."""
        lignes = [" ".join(ligne.split()) for ligne in self.cleaned_data["options"].splitlines()]
        lignes = [ligne for ligne in lignes if ligne]
        if doubles := en_double(lignes):
            phrase = gettext("Cette réponse est écrite plusieurs fois : « %(reponse)s ». Gardez-en une seule.")
            raise ValidationError([phrase % {"reponse": reponse} for reponse in doubles])
        if not Sondage.OPTIONS_MIN <= len(lignes) <= Sondage.OPTIONS_MAX:
            raise ValidationError(gettext("Proposez de deux à dix réponses différentes, une par ligne."))
        if trop := next((ligne for ligne in lignes if len(ligne) > Option.LIBELLE_MAX), None):
            raise ValidationError(
                gettext("Cette réponse est trop longue (%(max)s caractères au plus) : « %(debut)s… »")
                % {"max": Option.LIBELLE_MAX, "debut": trop[:40]}
            )
        return lignes

    def clean_ferme_le(self):
        """The very end of that day, here."""
        jour = self.cleaned_data["ferme_le"]
        if jour is None:
            return None
        if jour < timezone.localdate():
            raise ValidationError(gettext("Choisissez un jour à venir."))
        if jour.year > timezone.localdate().year + 5:
            raise ValidationError(gettext("Choisissez un jour plus proche."))
        return timezone.make_aware(datetime.combine(jour, time(23, 59, 59)))


class VoterForm(forms.Form):
    """One or several answers of a poll."""

    def __init__(self, *args, sondage, siennes=(), **kwargs):
        super().__init__(*args, **kwargs)
        choix = [(option.pk, option.libelle) for option in sondage.options.all()]
        manque = _("Choisissez une réponse.")
        erreurs = {"required": manque, "invalid_choice": _("Choisissez parmi les réponses proposées.")}
        if sondage.plusieurs:
            self.fields["choix"] = forms.TypedMultipleChoiceField(
                coerce=int,
                choices=choix,
                label=sondage.question,
                widget=forms.CheckboxSelectMultiple,
                initial=list(siennes),
                help_text=_("Plusieurs réponses possibles."),
                error_messages=erreurs | {"invalid_list": manque},
            )
        else:
            self.fields["choix"] = forms.TypedChoiceField(
                coerce=int,
                choices=choix,
                label=sondage.question,
                widget=forms.RadioSelect,
                initial=next(iter(siennes), None),
                help_text=_("Une seule réponse."),
                error_messages=erreurs,
            )

    def clean_choix(self) -> list[int]:
        choix = self.cleaned_data["choix"]
        return choix if isinstance(choix, list) else [choix]


class FichierPartageForm(forms.Form):
    titre = TexteCourt(
        label=_("Titre"),
        max_length=DocumentPartage._meta.get_field("titre").max_length,
        error_messages={"required": _("Donnez un titre au document.")},
    )
    fichier = DocumentField(label=_("Fichier"))


class TextePartageForm(forms.Form):
    titre = TexteCourt(
        label=_("Titre"),
        max_length=DocumentPartage._meta.get_field("titre").max_length,
        error_messages={"required": _("Donnez un titre au document.")},
    )
    texte = TexteLibre(
        label=_("Texte"),
        max_length=VersionDocument.TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "Vous pouvez mettre des titres, des listes et des liens (Markdown). Chaque membre pourra l’améliorer."
        ),
        error_messages={"required": _("Écrivez le texte.")},
    )


class VersionForm(forms.Form):
    """Base: `vu` is the last version that the person saw."""

    vu = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    note = TexteCourt(
        label=_("Ce qui change"),
        max_length=200,
        help_text=_("En une phrase, pour celles et ceux qui ont déjà lu la version d’avant."),
        error_messages={"required": _("Dites en une phrase ce qui change.")},
    )


class VersionDeFichierForm(VersionForm):
    fichier = DocumentField(label=_("Nouveau fichier"))

    field_order = ["vu", "fichier", "note"]


class VersionDeTexteForm(VersionForm):
    texte = TexteLibre(
        label=_("Texte"),
        max_length=VersionDocument.TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": _("Écrivez le texte.")},
    )

    field_order = ["vu", "texte", "note"]

    def reprendre_depuis(self, numero) -> None:
        """After somebody else came first: keep what was typed, and take note of the version that is there now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("vu")] = str(numero)
