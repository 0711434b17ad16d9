"""The form of a vote taken over from a file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from socle.champs import TexteCourt
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.pabulib import FichierPb, lire_octets
from votes.models import Scrutin
from votes.reprise import Reprise, preparer

FICHIER_MAX = 20_000_000  # bytes; the largest published election takes 15 millions


class ReprendreForm(forms.Form):
    """A `.pb` file, tried: `fichier_pb` and `reprise`, once the form is valid."""

    fichier = forms.FileField(
        label=_("Fichier .pb"),
        help_text=_("Le format de Pabulib. 20 Mo au plus. Rien n’est écrit avant que vous ayez lu l’essai."),
        widget=forms.FileInput(attrs={"accept": ".pb,text/plain"}),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
    )
    titre = TexteCourt(
        label=_("Titre du vote"),
        required=False,
        max_length=Scrutin._meta.get_field("titre").max_length,
        help_text=_("Vide : celui que dit le fichier."),
    )
    octets: bytes
    fichier_pb: FichierPb
    reprise: Reprise

    def clean_fichier(self):
        recu = self.cleaned_data["fichier"]
        if recu.size > FICHIER_MAX:
            raise ValidationError(_("Ce fichier est trop lourd : 20 Mo au plus."))
        self.octets = recu.read(FICHIER_MAX + 1)
        try:
            self.fichier_pb = lire_octets(self.octets, taille_maximale=FICHIER_MAX)
        except FichierInvalide as faute:
            raise ValidationError(dire(faute)) from None
        return recu

    def clean(self):
        donnees = super().clean()
        if not self.errors:
            try:
                self.reprise = preparer(self.fichier_pb, titre=donnees["titre"])
            except FichierInvalide as faute:
                self.add_error("fichier", dire(faute))
        return donnees


def dire(faute: FichierInvalide) -> str:
    """« Ligne 12 : … »"""
    phrase = str(faute)
    return phrase[:1].upper() + phrase[1:]
