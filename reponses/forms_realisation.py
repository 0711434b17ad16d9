"""What an agent tells of a realisation: an account of a step, news, a delay."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reponses.comptes_rendus import Fait
from reponses.forms import COUT_MAX
from reponses.models import PhotoRealisation
from socle.champs import TexteCourt, TexteLibre
from socle.images import ImageRefusee, reencoder

IMAGES = {"accept": "image/jpeg,image/png,image/webp"}


class FaitForm(forms.Form):
    """An account of a step that is done: everybody reads it, it does not change afterwards."""

    texte = TexteLibre(
        label=_("Ce qui a été fait"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Deux ou trois phrases courtes. Tout le monde les lira ; elles ne changeront plus."),
        error_messages={"required": _("Racontez en une phrase ce qui a été fait.")},
    )
    depense = forms.IntegerField(
        label=_("Dépensé à ce jour pour cette étape, en euros"),
        min_value=0,
        max_value=COUT_MAX,
        required=False,
        help_text=_("Tout ce que cette étape a coûté depuis le début. Laissez vide si vous ne le savez pas encore."),
        error_messages={
            "invalid": _("Écrivez un nombre entier, sans virgule ni espace."),
            "min_value": _("Écrivez un nombre positif."),
            "max_value": _("Ce nombre est trop grand."),
        },
    )
    photo_avant = forms.FileField(
        label=_("Photo de l’endroit avant"),
        required=False,
        widget=forms.FileInput(attrs=IMAGES),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. La position cachée dans la photo est effacée."),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    alternative_avant = TexteCourt(label=_("Ce que montre la photo d’avant"), max_length=200, required=False)
    photo_apres = forms.FileField(
        label=_("Photo de ce qui a été fait"),
        required=False,
        widget=forms.FileInput(attrs=IMAGES),
        help_text=_("Ni visage ni plaque d’immatriculation sans l’accord des personnes."),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    alternative_apres = TexteCourt(label=_("Ce que montre la photo d’après"), max_length=200, required=False)

    def __init__(self, *args, facultatif=False, **kwargs):
        """`facultatif`: a step may be said done without a word; pictures and euros always go with some."""
        super().__init__(*args, **kwargs)
        self.facultatif = facultatif
        if facultatif:
            self.fields["texte"].required = False
        self.lues: dict[str, tuple] = {}

    def clean(self):
        donnees = super().clean() or {}
        for moment in PhotoRealisation.Moment.values:
            self._lire(moment, donnees)
        accompagne = donnees.get("depense") is not None or any(self.files.get(f"photo_{m}") for m in ("avant", "apres"))
        if self.facultatif and not donnees.get("texte") and "texte" not in self.errors and accompagne:
            self.add_error("texte", _("Racontez en une phrase ce qui a été fait."))
        if self.errors:
            for moment in self.lues:
                self.add_error(f"photo_{moment}", _("Choisissez de nouveau cette photo : elle n’a pas pu être gardée."))
        return donnees

    def _lire(self, moment, donnees):
        fichier, dite = donnees.get(f"photo_{moment}"), donnees.get(f"alternative_{moment}")
        if not fichier:
            return
        if not dite and f"alternative_{moment}" not in self.errors:
            self.add_error(
                f"alternative_{moment}", _("Dites en quelques mots ce que montre la photo, pour qui ne la voit pas.")
            )
        try:
            self.lues[moment] = (reencoder(fichier), dite)
        except ImageRefusee as refus:
            self.add_error(f"photo_{moment}", str(refus))

    def fait(self) -> Fait | None:
        """None when nothing is told."""
        texte = self.cleaned_data.get("texte")
        return Fait(texte=texte, depense=self.cleaned_data.get("depense"), photos=self.lues) if texte else None


class NouvelleForm(forms.Form):
    titre = TexteCourt(
        label=_("La nouvelle, en quelques mots"),
        max_length=160,
        error_messages={"required": _("Écrivez la nouvelle en quelques mots.")},
    )
    texte = TexteLibre(
        label=_("Ce qui se passe"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Des phrases courtes. Une nouvelle publiée ne change plus : la suite en sera une autre."),
        error_messages={"required": _("Dites ce qui se passe.")},
    )


class RetardForm(NouvelleForm):
    """A delay: why, and when the step is now expected."""

    attendue_le = forms.DateField(
        label=_("Désormais attendue le"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("La date promise restera écrite à côté."),
        error_messages={
            "required": _("Dites quand cette étape est maintenant attendue."),
            "invalid": _("Écrivez une date complète, par exemple 31/12/2027."),
        },
    )
    #: The expected date that was on the screen when the person began to write.
    attendue_vue = forms.DateField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, jalon, **kwargs):
        super().__init__(*args, **kwargs)
        self.jalon = jalon
        self.fields["titre"].label = _("La difficulté, en quelques mots")
        self.fields["titre"].error_messages["required"] = _("Écrivez la difficulté en quelques mots.")
        self.fields["texte"].label = _("Pourquoi")
        self.fields["texte"].error_messages["required"] = _("Dites pourquoi cette étape sera en retard.")
        self.fields["attendue_vue"].initial = (jalon.attendue_le or jalon.prevu_le).isoformat()

    def repartir_de(self, jalon):
        """After a conflict: keep what was typed, and take note of the date that is now announced."""
        recues: Any = self.data
        self.data = recues = recues.copy()
        recues[self.add_prefix("attendue_vue")] = (jalon.attendue_le or jalon.prevu_le).isoformat()

    def clean_attendue_le(self):
        attendue = self.cleaned_data["attendue_le"]
        if attendue < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée : choisissez une date à venir."))
        if attendue <= self.jalon.prevu_le:
            raise forms.ValidationError(_("Un retard annonce une date après celle qui est promise."))
        return attendue
