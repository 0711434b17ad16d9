from django import forms
from django.utils.translation import gettext_lazy as _

from reponses.modeles import CONTENU, verifier_les_marques, version
from reponses.models import ModeleDeReponse
from reponses.models.modele import SENS
from reponses.regles import motifs_de
from socle.champs import champ_de_saisie

#: Shown beside each text in which placeholders are read.
AIDE_MARQUES = _("Vous pouvez écrire {titre}, {commune} et {service} : chaque réponse y mettra les siens.")


class ModeleForm(forms.ModelForm):
    #: Set by `repartir_de`.
    actuel: ModeleDeReponse | None = None

    lue = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ModeleDeReponse
        formfield_callback = champ_de_saisie
        fields = CONTENU
        widgets = {"sens": forms.RadioSelect, "texte": forms.Textarea(attrs={"rows": 10})}
        help_texts = {"texte": AIDE_MARQUES, "nom": _("Pour le retrouver. Il n’est pas public.")}
        error_messages = {
            "nom": {"required": _("Donnez un nom à ce modèle.")},
            "sens": {"required": _("Choisissez la décision.")},
            "motif": {"required": _("Choisissez la raison principale.")},
            "texte": {"required": _("Écrivez le texte du modèle.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sens"].choices = SENS
        self.fields["lue"].initial = version(self.instance) if self.instance.pk else ""

    def clean_texte(self):
        texte = self.cleaned_data["texte"]
        verifier_les_marques(texte)
        return texte

    def clean(self):
        valeurs = super().clean()
        sens, motif = valeurs.get("sens"), valeurs.get("motif")
        if sens and motif and motif not in motifs_de(sens):
            self.add_error("motif", _("Cette raison ne va pas avec cette décision : choisissez-en une autre."))
        return valeurs

    def _get_validation_exclusions(self):
        """The constraint on the name reads a field that nobody fills here."""
        return super()._get_validation_exclusions() - {"archive_le"}  # type: ignore[misc]  # the stubs leave it out

    def repartir_de(self, actuel):
        """After a conflict: keep what was typed, take note of the model that is now saved, and show it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("lue")] = version(actuel)
        self.actuel = actuel

    def contenu(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in CONTENU}
