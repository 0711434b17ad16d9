"""Forms of the list of options: several at once, from ideas, from a file, and one by one."""

import tempfile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from idees.importation.lecture import FichierIllisible, Tableau
from idees.models import Idee
from projets.forms import ModificationForm
from socle.champs import PlusieursField, TexteLibre, champ_de_saisie
from socle.images import COTE_MAX, ImageRefusee, reencoder
from territoires.models import Territoire
from votes.listes import Liste, lire_lignes, lire_tableau
from votes.models import Option, Scrutin
from votes.montants import EurosField

FICHIER_MAX = 2_000_000  # bytes of a table
TORTS_MONTRES = 30


def _dire(liste: Liste) -> None:
    """Raises ValidationError with a sentence for each bad line."""
    if liste.torts:
        phrases = [str(tort) for tort in liste.torts[:TORTS_MONTRES]]
        if len(liste.torts) > TORTS_MONTRES:
            reste = len(liste.torts) - TORTS_MONTRES
            phrases.append(ngettext("Et %(n)s autre ligne.", "Et %(n)s autres lignes.", reste) % {"n": reste})
        raise ValidationError(phrases)


class ListeForm(forms.Form):
    """Options typed or pasted, one a line. `options`: unsaved, once the form is valid."""

    lignes = TexteLibre(
        label=_("Les propositions"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Écrivez une proposition par ligne.")},
    )
    options: list[Option]

    def __init__(self, *args, scrutin: Scrutin, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lignes"].help_text = (
            _(
                "Une par ligne : son titre, puis un point-virgule et son coût en euros. Par exemple : Bancs de la place ; 12 000"
            )
            if scrutin.depense
            else _("Une par ligne : son titre.")
        )

    def clean_lignes(self):
        liste = lire_lignes(self.cleaned_data["lignes"])
        _dire(liste)
        self.options = liste.options
        return self.cleaned_data["lignes"]


class TableauForm(forms.Form):
    """Options of a CSV file. `options`: unsaved, once the form is valid."""

    fichier = forms.FileField(
        label=_("Fichier CSV"),
        help_text=_("Dans un tableur : « Enregistrer sous », format CSV. 2 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
    )
    options: list[Option]

    def __init__(self, *args, scrutin: Scrutin, **kwargs):
        super().__init__(*args, **kwargs)
        self.scrutin = scrutin

    def clean_fichier(self):
        recu = self.cleaned_data["fichier"]
        if recu.size > FICHIER_MAX:
            raise ValidationError(_("Ce fichier est trop lourd : 2 Mo au plus."))
        with tempfile.NamedTemporaryFile(suffix=".csv") as copie:
            for morceau in recu.chunks():
                copie.write(morceau)
            copie.flush()
            try:
                liste = lire_tableau(Tableau.ouvrir(copie.name), list(self.scrutin.enveloppes.all()))
            except FichierIllisible as refus:
                raise ValidationError(str(refus)) from None
        _dire(liste)
        self.options = liste.options
        return recu


class IdeesForm(forms.Form):
    """Retained ideas of a box, to be put to the vote."""

    idees = PlusieursField(
        Idee.objects.none(),
        label=_("Idées retenues"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez une idée au moins."),
            "invalid_choice": _("Une idée choisie n’est pas, ou n’est plus, une idée retenue de cette boîte."),
            "invalid_pk_value": _("Une idée choisie n’est pas, ou n’est plus, une idée retenue de cette boîte."),
        },
    )

    def __init__(self, *args, idees, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["idees"].queryset = idees


class IdeeField(forms.CharField):
    """The number of an idea. Gives the idea, or None."""

    def __init__(self, **options):
        super().__init__(max_length=20, required=False, **options)
        self.idees: Any = Idee.objects.none()
        self.widget.attrs |= {"inputmode": "numeric"}

    def clean(self, value):
        ecrit = super().clean(value).removeprefix("n°").strip()
        if not ecrit:
            return None
        numero = int(ecrit) if ecrit.isascii() and ecrit.isdecimal() and len(ecrit) < 18 else 0
        idee = self.idees.filter(pk=numero).first()
        if idee is None:
            raise ValidationError(_("Aucune idée publique n’a ce numéro."), code="inconnue")
        return idee


class DegresField(forms.FloatField):
    """Degrees, written with a point or with a French comma."""

    def __init__(self, *, borne: int, **options):
        hors = _("Écrivez un nombre entre -%(borne)s et %(borne)s.") % {"borne": borne}
        erreurs: dict[str, Any] = {
            "invalid": _("Écrivez un nombre, par exemple 47,218."),
            "min_value": hors,
            "max_value": hors,
        }
        super().__init__(
            min_value=-borne, max_value=borne, required=False, localize=True, error_messages=erreurs, **options
        )


class OptionForm(ModificationForm):
    """One option: everything that its page will show."""

    cout = EurosField(label=_("Coût, en euros"), required=False)
    latitude = DegresField(label=_("Latitude"), borne=90)
    longitude = DegresField(label=_("Longitude"), borne=180)
    idee = IdeeField(label=_("Idée d’origine"), help_text=_("Son numéro, s’il y en a une. L’idée montrera ce vote."))
    photo = forms.FileField(
        label=_("Image"),
        required=False,
        help_text=_("JPEG, PNG ou WebP. La position cachée dans une photo est effacée."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    sans_image = forms.BooleanField(label=_("Enlever l’image"), required=False)

    class Meta:
        model = Option
        formfield_callback = champ_de_saisie
        fields = ["titre", "texte", "proposee_par", "categorie", "cout", "enveloppe", "territoire", "adresse", "latitude",
                  "longitude", "idee", "image_alternative"]  # fmt: skip
        widgets = {"texte": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "texte": _("Ce qui serait fait, où, et pour qui."),
            "image_alternative": _("Pour les personnes qui ne voient pas l’image."),
        }
        error_messages = {
            "titre": {"required": _("Donnez un titre à la proposition.")},
            "enveloppe": {
                "required": _("Choisissez une enveloppe."),
                "invalid_choice": _("Choisissez une enveloppe de ce vote."),
            },
            "territoire": {"invalid_choice": _("Choisissez un lieu de la liste.")},
        }

    field_order = ["titre", "texte", "cout", "enveloppe", "categorie", "proposee_par", "idee", "territoire", "adresse",
                   "latitude", "longitude", "photo", "image_alternative", "sans_image"]  # fmt: skip

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        scrutin = self.instance.scrutin
        self.fields["enveloppe"].queryset = scrutin.enveloppes.all()
        self.fields["enveloppe"].empty_label = None
        self.fields["territoire"].queryset = Territoire.objects.defer("contour").order_by("genre", "slug")
        self.fields["territoire"].empty_label = _("Pas de lieu précis")
        prises = scrutin.options.exclude(pk=self.instance.pk).filter(idee__isnull=False).values("idee")
        publiques = Idee.objects.visibles_par(par).filter(etat__in=Idee.ETATS_PUBLICS, masquee_le__isnull=True)
        self.fields["idee"].idees = publiques.exclude(pk__in=prises)
        if not scrutin.depense:
            del self.fields["cout"]
        if not self.instance.image:
            del self.fields["sans_image"]
        self.encodage = None

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
        if (donnees.get("latitude") is None) != (donnees.get("longitude") is None) and not (
            {"latitude", "longitude"} & self.errors.keys()
        ):
            self.add_error("longitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        return donnees

    def valeurs(self) -> dict[str, Any]:
        valeurs = super().valeurs()
        valeurs.pop("photo", None)
        sans_image = valeurs.pop("sans_image", False)
        if self.encodage:
            valeurs["image"] = ContentFile(self.encodage.contenu, name="image.webp")
        elif sans_image:
            valeurs["image"] = ""
        if not self.encodage and (sans_image or not self.instance.image):
            valeurs["image_alternative"] = ""
        return valeurs
