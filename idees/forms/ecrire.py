from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from idees import completude
from idees.models import Photo
from projets.models import Thematique
from socle.champs import TexteCourt, TexteLibre
from socle.fichiers import nom_propre
from socle.images import ImageRefusee, reencoder
from territoires.adresses import trouver
from territoires.champs import LieuForm, situer
from territoires.models import Adresse, Territoire

NOM_MONTRE = 60  # characters of the name of a refused file


#: Fields of the page, and what they are called in an idea.
NOMS = {"titre": "titre", "texte": "texte", "thematique": "thematique", "commune": "territoire", "lieu_en_mots": "lieu"}


class PlusieursFichiers(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class PhotosField(forms.FileField):
    """Several pictures at once; gives the list of uploaded files, unread: one that is bad must not cost the others."""

    widget = PlusieursFichiers

    def clean(self, data, initial=None):
        return list(data or ())


class IdeeForm(LieuForm):
    """Propose an idea: title, text, theme; place and photos if one wants.

    With `brouillon` nothing is required and nothing is too short: what is typed is kept as it stands. Either way,
    pictures that can be read are in `photos_lues` even when the form is refused for another reason.
    """

    photos_max = Photo.RANG_MAX

    titre = TexteCourt(
        label=_("Votre idée en quelques mots"),
        min_length=completude.TITRE_MIN,
        max_length=120,
        help_text=_("Comme vous le diriez à un voisin."),
        error_messages={"required": completude.SANS_TITRE, "min_length": completude.TITRE_COURT},
    )
    texte = TexteLibre(
        label=_("Décrivez votre idée"),
        min_length=completude.TEXTE_MIN,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Quel est le besoin ? Que proposez-vous ? Pour qui ?"),
        error_messages={"required": completude.SANS_TEXTE, "min_length": completude.TEXTE_COURT},
    )
    thematique = forms.ModelChoiceField(
        Thematique.objects.none(),
        label=_("Thème"),
        empty_label=_("Choisissez un thème"),
        error_messages={"required": completude.SANS_THEME},
    )
    lieu_en_mots = TexteCourt(
        label=_("Adresse ou lieu, en quelques mots"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("Par exemple : 12 rue des Lilas, ou devant la médiathèque"), "autocomplete": "off"}
        ),
    )
    photo = PhotosField(
        label=_("Photos"),
        required=False,
        widget=PlusieursFichiers(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("Cinq au plus. JPEG, PNG ou WebP, 8 Mo chacune. La position cachée dans une photo est effacée."),
    )
    alternative = TexteCourt(
        label=_("Ce que montre la photo"),
        max_length=200,
        required=False,
        help_text=_("Pour les personnes qui ne la voient pas."),
    )

    # The wording that one starts from: two co-authors who write at once do not undo each other.
    redaction = forms.IntegerField(
        label=_("Numéro de la rédaction que vous avez lue"), required=False, min_value=0, widget=forms.HiddenInput
    )

    def __init__(self, *args, idee=None, brouillon=False, **kwargs):
        self.idee, self.brouillon = idee, brouillon
        self.photos_lues: list[tuple[str, list]] = []
        self.endroit = None
        if idee is not None:
            kwargs.setdefault("initial", self._depuis(idee))
        super().__init__(*args, **kwargs)
        self.fields["thematique"].queryset = Thematique.objects.all()
        lieux = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).defer("contour")
        self.fields["commune"].queryset = lieux
        self.fields["commune"].label = _("Commune ou quartier")
        self.fields["commune"].empty_label = _("Partout, ou je ne sais pas")
        self.photos = self._photos_de(idee)
        for photo in self.photos:
            self.fields[f"alternative_{photo.pk}"] = TexteCourt(
                label=gettext("Ce que montre la photo %(n)s") % {"n": photo.rang},
                max_length=200,
                initial=photo.alternative,
                error_messages={"required": completude.SANS_ALTERNATIVE},
            )
        if not Adresse.objects.exists():
            # Without the streets, only communes and quartiers are found: no street is promised.
            self.fields["lieu_en_mots"].widget.attrs["placeholder"] = _("Par exemple : devant la médiathèque")
        if brouillon:
            self._ne_rien_exiger()

    def _photos_de(self, idee) -> list[Photo]:
        return list(idee.photos.all()) if idee is not None and idee.pk else []

    def _ne_rien_exiger(self):
        for champ in self.fields.values():
            champ.required = False
            champ.validators = [v for v in champ.validators if not isinstance(v, MinLengthValidator)]

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
        """What can be read is kept; each other one says its name, and why not."""
        place = self.photos_max - len(self.photos)
        refus = []
        for fichier in self.cleaned_data["photo"]:
            nom = Truncator(nom_propre(fichier.name)).chars(NOM_MONTRE)
            if len(self.photos_lues) >= place:
                refus.append(self._dire_le_trop(nom))
                continue
            try:
                self.photos_lues.append((nom, reencoder(fichier)))
            except ImageRefusee as raison:
                refus.append(gettext("« %(nom)s » n’est pas gardée. %(raison)s") % {"nom": nom, "raison": raison})
        if refus:
            raise ValidationError(refus)
        return self.cleaned_data["photo"]

    def _dire_le_trop(self, nom) -> str:
        phrase = ngettext(
            "« %(nom)s » n’est pas gardée : %(n)s photo au plus.",
            "« %(nom)s » n’est pas gardée : %(n)s photos au plus.",
            self.photos_max,
        )
        return phrase % {"nom": nom, "n": self.photos_max}

    def clean(self):
        donnees = super().clean()
        if not self.brouillon:
            if self.photos_lues and (len(self.photos_lues) > 1 or not donnees.get("alternative")):
                self.add_error("alternative", completude.SANS_ALTERNATIVE)
            self._situer_les_mots(donnees)
        return donnees

    def _situer_les_mots(self, donnees):
        """Words that name one place, and no point on the map: the point is there, and the page says so afterwards."""
        if donnees.get("lieu") or "latitude" in self.errors or not donnees.get("lieu_en_mots"):
            return
        endroit = trouver(donnees["lieu_en_mots"], donnees.get("commune"))
        if endroit is None:
            return
        try:
            donnees["lieu"] = situer(endroit.lat, endroit.lon)
        except ValidationError:
            return  # just outside the outlines, which are drawn roughly
        self.endroit = endroit
        if not donnees.get("commune"):
            donnees["commune"] = donnees["lieu"].commune

    def valeurs(self) -> dict:
        """Fields of the idea, photos apart; of a draft, those that can be kept."""
        donnees = self.cleaned_data
        valeurs = {nom: donnees[champ] for champ, nom in NOMS.items() if champ in donnees}
        if "latitude" not in self.errors:
            lieu = donnees.get("lieu")
            valeurs |= {"latitude": lieu.lat if lieu else None, "longitude": lieu.lon if lieu else None}
        return valeurs

    def nouvelles_photos(self) -> list[tuple[list, str]]:
        """Pairs for `actions.rediger`. The words are those of a single picture; several are described one by one."""
        alternative = self.cleaned_data.get("alternative", "") if len(self.photos_lues) == 1 else ""
        return [(encodages, alternative) for _nom, encodages in self.photos_lues]

    def alternatives(self) -> dict[int, str]:
        """Words of the pictures that the idea has already."""
        dites = {photo.pk: self.cleaned_data.get(f"alternative_{photo.pk}") for photo in self.photos}
        return {pk: mots for pk, mots in dites.items() if mots is not None}

    def relu(self) -> "IdeeForm":
        """The same words as if they had just been sent: what they lack is said beside each field."""
        return type(self)(
            {champ.html_name: champ.value() for champ in self if champ.value() is not None}, idee=self.idee
        )

    def est_vide(self) -> bool:
        """Nothing typed, nothing chosen: not even a draft."""
        mots = ("titre", "texte", "lieu_en_mots", "latitude")
        return not any(self.cleaned_data.get(nom) for nom in mots) and not (self.photos or self.photos_lues)

    def repris_de(self, idee) -> "IdeeForm":
        """The same form once the pictures it carried are saved with `idee`: what was typed, and what was wrong."""
        donnees = MultiValueDict({nom: list(valeurs) for nom, valeurs in self.data.lists()})
        donnees["alternative"], donnees["redaction"] = "", str(idee.redaction)
        for photo in idee.photos.all():
            donnees.setdefault(f"alternative_{photo.pk}", photo.alternative)
        repris = IdeeForm(donnees, idee=idee, brouillon=self.brouillon)
        for phrase in self.errors.get("photo", ()):
            repris.add_error("photo", phrase)
        return repris

    def photos_gardees(self) -> list[dict]:
        """For the page: each picture of the draft, its words, its address."""
        return [
            {
                "pk": photo.pk,
                "rang": photo.rang,
                "champ": self[f"alternative_{photo.pk}"],
                "url": reverse("idees:photo", args=[photo.idee_id, photo.pk, "vignette"]),
                "alternative": photo.alternative,
            }
            for photo in self.photos
        ]

    def peut_ajouter(self) -> bool:
        return len(self.photos) < self.photos_max


class SoutenirForm(forms.Form):
    """One click; the page says which wording it was shown with."""

    redaction = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        help_text=_(
            "Celle que vous avez lue : si l’idée a changé depuis, rien n’est fait. Sans elle, c’est la présente."
        ),
    )


class CorrigerForm(IdeeForm):
    """Correct what is published: words, theme and place. People supported the pictures as they are."""

    photo = None  # type: ignore[assignment]  # Django takes an inherited field away by this name
    alternative = None  # type: ignore[assignment]

    def _photos_de(self, idee) -> list[Photo]:
        return []


class IdeeAuGuichetForm(IdeeForm):
    """Written down for somebody, in one go: one picture, described at once."""

    photos_max = 1
