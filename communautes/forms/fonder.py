"""The form of a community's page: what founding one asks, and what those who lead it may change."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from communautes import portes
from communautes.models import Communaute
from projets.forms import ModificationForm
from projets.models import Projet, Thematique
from socle.champs import champ_de_saisie
from socle.images import COTE_MAX, ImageRefusee, reencoder
from socle.mots import ordre_naturel
from territoires.models import Territoire

A = Communaute.Acces


class RattachementField(forms.ChoiceField):
    """One thing among projets, places and themes, or nothing: one list, so that two cannot be chosen. Gives the three keys
    of the model, as {projet, territoire, thematique}."""

    VIDE = {"projet": None, "territoire": None, "thematique": None}
    default_error_messages = {"invalid_choice": _("Choisissez dans la liste.")}

    def proposer(self, personne, communaute=None) -> None:
        """Fill the list with what this person may see, and what the community has already."""
        projets = Projet.objects.visibles_par(personne).annonces()
        self.choses: dict[str, Any] = {}
        groupes = [
            (_("Un projet"), "projet", projets.only("titre").order_by("titre")),
            (_("Un territoire"), "territoire", sorted(Territoire.objects.defer("contour"), key=self._rang)),
            (_("Un thème"), "thematique", Thematique.objects.order_by("nom")),
        ]
        self.choices = [("", _("À rien de précis")), *((nom, self._lire(cle, choses)) for nom, cle, choses in groupes)]
        actuel = self.cle_de(communaute) if communaute else ""
        if actuel and actuel not in self.choses:
            nom = actuel.partition("-")[0]
            self.choses[actuel] = getattr(communaute, nom)
            self.choices = [*self.choices, (actuel, str(self.choses[actuel]))]

    @staticmethod
    def _rang(territoire) -> tuple:
        return territoire.genre, ordre_naturel(territoire.slug)

    def _lire(self, nom, choses) -> list[tuple[str, str]]:
        lues = {f"{nom}-{chose.pk}": chose for chose in choses}
        self.choses |= lues
        return [(cle, str(chose)) for cle, chose in lues.items()]

    @classmethod
    def cle_de(cls, communaute) -> str:
        return next((f"{nom}-{pk}" for nom in cls.VIDE if (pk := getattr(communaute, f"{nom}_id"))), "")

    def clean(self, value):
        cle = super().clean(value)
        return {**self.VIDE, **({cle.partition("-")[0]: self.choses[cle]} if cle else {})}


class CommunauteForm(ModificationForm):
    """The page of a community. `valeurs()` is what `actions.fonder` and `actions.modifier` are given."""

    rattachement = RattachementField(
        label=_("Rattachée à"), required=False, help_text=_("On la trouvera aussi depuis cette page.")
    )
    photo = forms.FileField(
        label=_("Image"),
        required=False,
        help_text=_("JPEG, PNG ou WebP. La position cachée dans une photo est effacée."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    sans_image = forms.BooleanField(label=_("Enlever l’image"), required=False)

    class Meta:
        model = Communaute
        formfield_callback = champ_de_saisie
        fields = ["nom", "resume", "description", "charte", "acces", "image_alternative"]
        widgets = {
            "resume": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 8}),
            "charte": forms.Textarea(attrs={"rows": 5}),
            "acces": forms.RadioSelect,
        }
        help_texts = {
            "nom": _("Court : ce qui vous réunit."),
            "resume": _("Ce que l’on comprend sans lire la suite."),
            "description": _("Pourquoi cette communauté, pour qui, ce que vous voulez y faire."),
            "image_alternative": _("Pour les personnes qui ne voient pas l’image."),
        }
        error_messages = {
            "nom": {"required": _("Donnez un nom à la communauté.")},
            "resume": {"required": _("Dites en une phrase ce qui vous réunit.")},
            "description": {"required": _("Décrivez la communauté : pourquoi, et pour qui.")},
            "charte": {"required": _("Écrivez la charte : quelques phrases suffisent.")},
            "acces": {
                "required": _("Choisissez qui peut entrer."),
                "invalid_choice": _("Choisissez une porte de la liste : elle ne s’ouvre jamais plus largement."),
            },
        }

    field_order = ["nom", "resume", "description", "charte", "acces", "rattachement", "photo", "image_alternative",
                   "sans_image"]  # fmt: skip

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        existe = bool(self.instance.pk)
        self.fields["rattachement"].proposer(par, self.instance if existe else None)
        self.initial.setdefault("rattachement", RattachementField.cle_de(self.instance))
        self._regler_la_porte(existe)
        if not self.instance.image:
            del self.fields["sans_image"]
        self.encodage = None

    def _regler_la_porte(self, existe: bool) -> None:
        """Only doors that are as wide or narrower, once words were written behind this one; and not the one that hides what
        is published elsewhere with its name: whoever asks for it all the same reads why."""
        ordre: Sequence[A] = Communaute.ORDRE_DES_ACCES
        if self.instance.acces not in ordre:
            del self.fields["acces"]
            return
        permis = ordre[ordre.index(self.instance.acces) :] if existe and self.instance.est_annoncee else ordre
        if existe and (raison := portes.raison_de_rester_connue(self.instance)):
            permis = [code for code in permis if code != A.SUR_INVITATION]
            if self.data.get(self.add_prefix("acces")) == A.SUR_INVITATION:
                self.fields["acces"].error_messages["invalid_choice"] = raison
        self.fields["acces"].choices = [(code, A(code).label) for code in permis]
        if existe and self.instance.est_annoncee:
            self.fields["acces"].help_text = _(
                "Vous pouvez réserver l’intérieur aux membres, jamais l’ouvrir plus largement : "
                "ce qui est écrit l’a été pour ceux qui y étaient."
            )

    def clean_photo(self):
        recue = self.cleaned_data["photo"]
        if recue:
            try:
                [self.encodage] = reencoder(recue, cotes=(COTE_MAX,))
            except ImageRefusee as refus:
                raise ValidationError(str(refus)) from None
        return recue

    def clean(self):
        donnees = super().clean()
        garde = bool(self.instance.image) and not donnees.get("sans_image")
        if (self.encodage or garde) and not donnees.get("image_alternative"):
            self.add_error("image_alternative", _("Dites ce que montre l’image."))
        if self.encodage and self.errors:
            self.add_error("photo", _("Choisissez de nouveau l’image : votre navigateur ne l’a pas gardée."))
        return donnees

    def valeurs(self) -> dict[str, Any]:
        valeurs = super().valeurs()
        valeurs |= valeurs.pop("rattachement")
        valeurs.pop("photo", None)
        sans_image = valeurs.pop("sans_image", False)
        if self.encodage:
            valeurs["image"] = ContentFile(self.encodage.contenu, name="image.webp")
        elif sans_image:
            valeurs["image"] = ""
        if not self.encodage and (sans_image or not self.instance.image):
            valeurs["image_alternative"] = ""
        return valeurs
